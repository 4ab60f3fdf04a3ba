// Reads channels/*.yaml.

import { field, readFields } from '@mortise/sdk';
import type { ChannelDefinition } from '../flow/definitions.ts';
import type { ProjectFolder } from './folder.ts';
import type { ModelShelf } from './models.ts';
import type { ProblemList, WrittenFile } from './problems.ts';
import { lookForTraps } from './value-traps.ts';
import { readYamlFolder } from './yaml-folder.ts';

export const channelFields = {
  model: field.model({ doc: 'What its messages fit.', optional: true, example: 'order@1' }),
  kind: field.choice(['publish-subscribe', 'point-to-point'], {
    doc: 'Every flow that receives from it gets every message, or one of them does.',
    default: 'publish-subscribe',
  }),
  keep: field.duration({ doc: 'How long messages stay for late subscribers and for replay.', optional: true, example: '7d' }),
};

export function readChannels(
  folder: ProjectFolder,
  models: ModelShelf,
  problems: ProblemList,
): ReadonlyMap<string, ChannelDefinition> {
  const files = readYamlFolder(folder, 'channels', problems);
  return new Map(files.map(({ name, file }) => [name, readChannel(name, file, models, problems)]));
}

/** A channel is one even where its file has problems: flows that name it are not to blame. */
function readChannel(name: string, file: WrittenFile | undefined, models: ModelShelf, problems: ProblemList): ChannelDefinition {
  const bare = { name, kind: 'publish-subscribe' } as const;
  if (!file) return bare;
  const { values, problems: found } = readFields(channelFields, file.value);
  problems.fields(file, found);
  lookForTraps(file, channelFields, file.value, [], problems);
  if (found.length > 0) return bare;
  const model = values.model === undefined ? undefined : models.find(values.model, ['model']);
  if (model?.fault) problems.faults(file, [model.fault]);
  return {
    ...bare,
    kind: values.kind,
    ...(model?.model ? { model: model.model } : {}),
    ...(values.keep === undefined ? {} : { keepMs: values.keep }),
  };
}
