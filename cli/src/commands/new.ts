// mortise new: writes one more part of a project, with what the project has already as hints.

import { readFile } from 'node:fs/promises';
import { isAbsolute, relative, resolve } from 'node:path';
import type { Command } from 'commander';
import type { Project } from '@mortise/engine';
import { engineClient } from '../client.ts';
import type { AddCommand } from '../command.ts';
import { cliError } from '../errors.ts';
import { openTerminal, plain } from '../terminal.ts';

interface Place {
  readonly project: string;
}

export const addNew: AddCommand = (program) => {
  const command = program.command('new').description('write one more part of a project: a system, a flow, a test, …');
  addSystem(part(command, 'system <name>', 'a system, with what its connector takes'));
  addFlow(part(command, 'flow <name>', 'a flow between ends that exist'));
  addModel(part(command, 'model <name>', 'a model: a JSON Schema'));
  addChannel(part(command, 'channel <name>', 'a channel'));
  addTable(part(command, 'table <name>', 'a table: a code list or cross-reference in which expressions look up'));
  addTestFile(part(command, 'test <flow> [name]', 'a test of a flow: a message, and what the flow makes of it now'));
  addFolder(part(command, 'connector <name>', 'a connector of your own: a folder that works, with its tests'), 'connector');
  addFolder(part(command, 'format <name>', 'a format of your own: a folder that works, with its tests'), 'format');
};

function part(command: Command, nameAndArguments: string, description: string): Command {
  return command.command(nameAndArguments).description(description).option('--project <dir>', "the project's folder", '.');
}

function addSystem(command: Command): void {
  command
    .requiredOption('--connector <name>', 'what it is joined by')
    .action(async (name: string, { project, connector }: Place & { readonly connector: string }) => {
      const { checkedName, knownName, openGround, writeNew } = await import('../new/ground.ts');
      const { systemText } = await import('../new/system.ts');
      checkedName(name);
      const { catalog: shipped, folder } = await openGround(project);
      // A connector of the project's own is code: it is loaded only where it is the one that is meant.
      const catalog = shipped.connectors.includes(connector) ? shipped : shipped.extended(folder);
      const declaration = await catalog.connector(knownName('connector', connector, catalog.connectors));
      const path = `systems/${name}.yaml`;
      await writeNew(project, { [path]: systemText(name, declaration) }, [
        `Look through ${path}, then: mortise check`,
        `mortise new flow NAME --from ${name}.INBOUND --to ${name}.OUTBOUND`,
      ]);
    });
}

interface FlowOptions extends Place {
  readonly from?: string;
  readonly to?: readonly string[];
}

function addFlow(command: Command): void {
  command
    .option('--from <system.inbound|channel>', 'where messages come from (default: the only inbound that there is)')
    .option('--to <system.outbound|channel...>', 'where they go, one or several')
    .action(async (name: string, { project, from, to = [] }: FlowOptions) => {
      const { checkedName, openGround, writeNew } = await import('../new/ground.ts');
      const { flowText } = await import('../new/flow.ts');
      checkedName(name);
      // What a connector of the project's own has is known only where it is loaded.
      const text = flowText(name, from, to, await openGround(project, true));
      await writeNew(project, { [`flows/${name}.yaml`]: text }, ['mortise check', `mortise new test ${name}`]);
    });
}

function addModel(command: Command): void {
  command
    .option('--sample <file>', 'a JSON file that fits it, from which it is made')
    .action(async (name: string, { project, sample }: Place & { readonly sample?: string }) => {
      const { checkedName, openGround, writeNew } = await import('../new/ground.ts');
      const { modelText } = await import('../new/model.ts');
      const [base = '', version] = name.split('@');
      checkedName(base);
      if (version !== undefined && !/^[1-9]\d*$/.test(version))
        throw cliError('MORTISE_CLI_USAGE', `"${version}" is no version of a model; expected a whole number from 1 up.`);
      await openGround(project);
      const text = modelText(name, sample === undefined ? undefined : jsonOf(await readFile(sample, 'utf8'), sample));
      const reference = `${base}@${version ?? '1'}`;
      await writeNew(project, { [`models/${name}.schema.json`]: text }, [
        `It is named as ${reference}: in an inbound, a channel, a step.`,
      ]);
    });
}

function addChannel(command: Command): void {
  command
    .option('--model <name@version>', 'what its messages must fit')
    .action(async (name: string, { project, model }: Place & { readonly model?: string }) => {
      const { checkedName, knownName, openGround, writeNew } = await import('../new/ground.ts');
      checkedName(name);
      const { models } = (await openGround(project)).definitions;
      const lines = [
        '# publish-subscribe: every flow that receives from it gets every message. point-to-point: one of them does.',
        'kind: publish-subscribe',
        model === undefined ? '# model: NAME@1' : `model: ${knownName('model', model, [...models.keys()])}`,
        '',
      ];
      await writeNew(project, { [`channels/${name}.yaml`]: lines.join('\n') }, [
        `mortise new flow NAME --from SYSTEM.INBOUND --to ${name}`,
        `mortise new flow NAME --from ${name} --to SYSTEM.OUTBOUND`,
      ]);
    });
}

function addTable(command: Command): void {
  command
    .requiredOption('--columns <a,b>', 'its columns; the first is the one that is usually looked up')
    .action(async (name: string, { project, columns }: Place & { readonly columns: string }) => {
      const { checkedName, openGround, writeNew } = await import('../new/ground.ts');
      checkedName(name);
      const names = columns.split(',').map((column) => column.trim());
      if (names.some((column) => !/^[^"\s,][^",]*$/.test(column)) || new Set(names).size < names.length)
        throw cliError('MORTISE_CLI_USAGE', `"${columns}" are no columns; expected names, each once, with commas between them.`);
      await openGround(project);
      const [key = '', value = key] = names;
      await writeNew(project, { [`tables/${name}.csv`]: `${names.join(',')}\n` }, [
        `Write its rows behind the first line, then look up: $xref("${name}", "${key}", VALUE, "${value}")`,
      ]);
    });
}

interface TestOptions extends Place {
  readonly message?: string;
  readonly recorded?: string;
  readonly control?: string;
}

function addTestFile(command: Command): void {
  command
    .option('--message <file>', 'the body that comes in (default: a sample of the model of what the flow receives)')
    .option('--recorded <id>', 'the same, of a message that a running engine has')
    .option('--control <host:port>', 'where that engine is')
    .action(async (flow: string, name: string | undefined, { project, message, recorded, control }: TestOptions) => {
      const { checkedName, openGround, writeNew } = await import('../new/ground.ts');
      const { testText } = await import('../new/test.ts');
      const test = checkedName(name ?? flow);
      const ground = await openGround(project, true);
      refuseErrors(ground);
      const given = recorded === undefined ? fileGiven(project, message) : await recordedBody(recorded, control);
      const { text, state, reasons } = await testText(flow, given, ground);
      const next = [`Look whether it is what you want, then: mortise test ${project} ${test}`];
      await writeNew(project, { [`tests/${test}.yaml`]: text }, next);
      if (reasons.length > 0)
        openTerminal().print(`\nThe message ended as ${state}:\n${reasons.map((one) => `  ${plain(one)}`).join('\n')}`);
    });
}

/** A flow of a project with errors may not be there, or do something else than what is written. */
function refuseErrors({ problems }: Project): void {
  const first = problems.find(({ severity }) => severity === 'error');
  if (first) throw cliError('MORTISE_CLI_PROJECT', `The project has errors: ${first.file}:${first.line} ${first.message}`);
}

/** A file of the project stays where it is. */
function fileGiven(project: string, file: string | undefined): unknown {
  if (file === undefined) return undefined;
  const path = relative(resolve(project), resolve(file)).replaceAll('\\', '/');
  if (!path.startsWith('..') && !isAbsolute(path)) return { file: path };
  throw cliError('MORTISE_CLI_USAGE', `${file} is not in the project.`, { remedy: 'Copy it into the folder fixtures first.' });
}

async function recordedBody(id: string, control: string | undefined): Promise<unknown> {
  const client = await engineClient(control === undefined ? {} : { control });
  const { content, contentType } = await client.bytes(`/messages/${encodeURIComponent(id)}/body`);
  const text = Buffer.from(content).toString();
  return /json/.test(contentType) ? jsonOf(text, `The body of ${id}`) : text;
}

function addFolder(command: Command, kind: 'connector' | 'format'): void {
  command.action(async (name: string, { project }: Place) => {
    const { checkedName, openGround, writeNew } = await import('../new/ground.ts');
    const { templateFiles } = await import('../new/templates.ts');
    checkedName(name);
    const { catalog } = await openGround(project);
    const taken = kind === 'connector' ? catalog.connectors : catalog.formats;
    if (taken.includes(name))
      throw cliError('MORTISE_CLI_FILE_TAKEN', `A ${kind} "${name}" comes with Mortise.`, { remedy: 'Choose another name.' });
    const folder = `${kind}s/${name}`;
    const files = Object.entries(templateFiles(kind, name)).map(([path, text]) => [`${folder}/${path}`, text]);
    await writeNew(project, Object.fromEntries(files), [
      `cd ${folder} && npm install && npm test`,
      `Read ${kind}.ts first, then make each file what your ${kind === 'connector' ? 'system' : 'format'} needs.`,
      ...(kind === 'connector' ? [`mortise new system NAME --connector ${name}`] : []),
    ]);
  });
}

function jsonOf(text: string, what: string): unknown {
  try {
    return JSON.parse(text) as unknown;
  } catch (error) {
    throw cliError('MORTISE_CLI_FILE', `${what} is no JSON: ${error instanceof Error ? error.message : String(error)}`, {
      cause: error,
    });
  }
}
