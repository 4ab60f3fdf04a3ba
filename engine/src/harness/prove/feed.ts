// Hands one input to an engine as its sender would: again under the same key, where it was not acknowledged before.

import type { Accepted } from '@mortise/sdk';
import type { Engine } from '../../engine.ts';
import { scopeOf } from '../../engine.ts';
import type { Project } from '../../project/load.ts';
import { harnessError } from '../errors.ts';
import { incomingOf, valueOf } from '../given.ts';
import { readBody } from '../test-file.ts';
import type { Input } from './protocol.ts';

/** The import and the inbound know by it what was there before. A UUID: an import notes it as the message that it repeats. */
const keyOf = ({ number }: Input): string => `00000000-0000-8000-8000-${number.toString(16).padStart(12, '0')}`;

/** The ids under which it is stored. Throws where it was not accepted. */
export async function feed({ engine, project }: { engine: Engine; project: Project }, input: Input): Promise<readonly string[]> {
  if (input.kind === 'exported') {
    const { base64, ...message } = input.message;
    const body = base64 === undefined ? message.body : new Uint8Array(Buffer.from(base64, 'base64'));
    const { id } = await engine.importer.import(input.target, 'prove', { ...message, body, id: keyOf(input) });
    return [id];
  }
  const flow = project.compiled.get(input.flow);
  if (!flow) throw harnessError('MORTISE_HARNESS_FLOW', `There is no flow "${input.flow}" that could run.`);
  const body = readBody(input.given.body, project.folder);
  if (flow.from.kind === 'channel') return intoChannel(engine, flow.from.channel.name, input, valueOf(body, flow.name));
  const { inbound } = flow.from;
  const accept = engine.inbound(scopeOf(inbound, flow));
  if (!accept) throw harnessError('MORTISE_HARNESS_FLOW', `Flow ${flow.name} has no inbound.`);
  const accepted = await accept([incomingOf(inbound, input.given, body)], { key: keyOf(input) });
  // Somebody waits for the reply: who goes away would have the message abandoned.
  for (const { reply } of accepted) void reply?.wait(Infinity);
  return accepted.map(({ id }: Accepted) => id);
}

async function intoChannel(
  engine: Engine,
  channel: string,
  input: Extract<Input, { kind: 'given' }>,
  body: unknown,
): Promise<readonly string[]> {
  const { headers = {}, type = `${channel}.sent`, subject, time } = input.given;
  const message = {
    id: keyOf(input),
    type,
    headers,
    keys: {},
    body,
    ...(subject === undefined ? {} : { subject }),
    ...(time === undefined ? {} : { time }),
  };
  const { id } = await engine.importer.import({ channel }, 'prove', message);
  return [id];
}
