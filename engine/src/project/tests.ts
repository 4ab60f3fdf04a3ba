// Reads tests/*.yaml: what goes into a flow, how systems answer, what is expected to come out.

import { field, readFields } from '@mortise/sdk';
import type { ConnectorDeclaration, Path } from '@mortise/sdk';
import type { Definitions, FlowSource, TestSource } from '../flow/definitions.ts';
import type { BrokenEnds } from './compile.ts';
import type { ProjectFolder } from './folder.ts';
import { unknownName } from './names.ts';
import { isMapping } from './planned.ts';
import { fault } from './problems.ts';
import type { Fault, ProblemList, WrittenFile } from './problems.ts';
import { lookForTraps } from './value-traps.ts';
import { readYamlFolder } from './yaml-folder.ts';
import type { NamedFile } from './yaml-folder.ts';

const body = (doc: string) => field.value({ doc: `${doc}: a value, or { file: … } with a path in the project.`, optional: true });
const headers = (doc: string) => field.record(field.text({ doc: 'The value.' }), { doc, optional: true });

const answer = {
  reply: body('The body that it replies'),
  status: field.integer({ doc: 'The status of the reply.', optional: true, minimum: 100, maximum: 599 }),
  fails: field.choice(['Unavailable', 'Busy', 'Rejected', 'InDoubt'], { doc: 'How it fails.', optional: true }),
  times: field.integer({ doc: 'How often it fails; always where absent.', optional: true, minimum: 1 }),
};

const given = {
  body: body('The body that comes in'),
  headers: headers('The headers that come with it.'),
  type: field.text({ doc: 'Its type.', optional: true }),
  subject: field.text({ doc: 'What it is about.', optional: true }),
  time: field.text({ doc: 'When it happened, RFC 3339.', optional: true }),
};

const givenLater = {
  ...given,
  after: field.duration({ doc: 'How much time passes before it comes; none where absent.', optional: true }),
};

export const testFields = {
  flow: field.text({ doc: 'The flow that is tested.', example: 'shop-orders' }),
  given: field.oneOf(
    [
      field.group(given, { doc: 'The message that comes in.' }),
      field.list(field.group(givenLater, { doc: 'A message that comes in.' }), { doc: 'Several, one after the other.' }),
    ],
    { doc: 'The message that comes in, or a list of several.' },
  ),
  systems: field.record(field.group(answer, { doc: 'What one outbound does.' }), {
    doc: 'What outbounds do, by system.outbound; those that are not named take everything.',
    default: {},
  }),
  expect: field.list(
    field.group(
      {
        to: field.text({ doc: 'An outbound as system.outbound, or a channel.', example: 'erp.upsert-order' }),
        body: body('What it gets'),
        exact: field.boolean({ doc: 'Whether the body is all of it, and not a part of it.', default: false }),
        headers: headers('The headers that are sent with it.'),
        type: field.text({ doc: 'Its type.', optional: true }),
        subject: field.text({ doc: 'What it is about.', optional: true }),
      },
      { doc: 'One message that goes out.' },
    ),
    { doc: 'What goes out, in order; nothing else may.', default: [] },
  ),
  reply: field.group(
    { body: body('The body of the reply'), status: field.integer({ doc: 'Its status.', optional: true }) },
    { doc: 'What the requester gets.', optional: true },
  ),
  outcome: field.choice(['done', 'filtered', 'invalid', 'dead', 'held'], { doc: 'How the message ends.', default: 'done' }),
};

/** What a test may name. */
export interface TestContext {
  readonly folder: ProjectFolder;
  readonly flows: readonly FlowSource[];
  /** Names of flows that are there and were not read. */
  readonly unread: ReadonlyMap<string, string>;
  readonly definitions: Definitions;
  /** What is written and wrong is not unknown. */
  readonly broken: BrokenEnds;
  readonly connectors: ReadonlyMap<string, ConnectorDeclaration>;
}

export function readTests(folder: ProjectFolder, context: TestContext, problems: ProblemList): readonly TestSource[] {
  return readYamlFolder(folder, 'tests', problems).flatMap((file) => readTest(file, context, problems) ?? []);
}

function readTest({ name, file }: NamedFile, context: TestContext, problems: ProblemList): TestSource | undefined {
  if (!file) return undefined;
  const { values, problems: found } = readFields(testFields, file.value);
  problems.fields(file, found);
  lookForTraps(file, testFields, file.value, [], problems);
  if (found.length > 0) return undefined;
  const flows = context.flows.map((flow) => flow.name);
  const known = flows.includes(values.flow) || context.unread.has(values.flow);
  const outbounds = Object.keys(values.systems).map((target) => ({ target, path: ['systems', target], channels: false }));
  const targets = values.expect.map(({ to }, index) => ({ target: to, path: ['expect', index, 'to'], channels: true }));
  problems.faults(file, [
    ...(known ? [] : [unknownName('flow', values.flow, flows, ['flow'])]),
    ...[...outbounds, ...targets].flatMap(({ target, path, channels }) => targetFaults(target, path, channels, context)),
    ...bodyFaults(file, context.folder),
  ]);
  return { name, source: file };
}

function targetFaults(target: string, path: Path, channels: boolean, context: TestContext): readonly Fault[] {
  const { systems, channels: channelNames } = context.definitions;
  const outbounds = [...systems.values()].flatMap((system) =>
    [...system.outbounds.keys()].map((name) => `${system.name}.${name}`),
  );
  const known = [...outbounds, ...(channels ? channelNames.keys() : [])];
  if (known.includes(target) || isBroken(target, context) || isOwnOutbound(target, context)) return [];
  return [{ ...unknownName(channels ? 'channel or outbound' : 'outbound', target, known, path), at: channels ? 'value' : 'key' }];
}

function isBroken(target: string, { broken }: TestContext): boolean {
  const [system = '', outbound = ''] = target.split('.');
  return ['*', outbound].some((name) => broken.get(system)?.has(name));
}

/** An outbound of the connector itself, which a flow may name without the system defining it. */
function isOwnOutbound(target: string, { definitions, connectors }: TestContext): boolean {
  const [system = '', outbound = ''] = target.split('.');
  const connections = [...(definitions.systems.get(system)?.connections.values() ?? [])];
  return connections.some(({ connector }) => Object.hasOwn(connectors.get(connector)?.outbounds ?? {}, outbound));
}

/** Bodies that lie in files which are not there. */
function bodyFaults({ value }: WrittenFile, folder: ProjectFolder): readonly Fault[] {
  const bodies = bodyPaths(value).map((path) => ({ path, written: valueAt(value, path) }));
  return bodies.flatMap(({ path, written }) => {
    if (!isMapping(written) || typeof written.file !== 'string' || Object.keys(written).length > 1) return [];
    if (folder.isOutside(written.file))
      return [fault('MORTISE_PROJECT_OUTSIDE', path, `"${written.file}" leads out of the project.`)];
    if (folder.bytes(written.file)) return [];
    return [
      fault(
        'MORTISE_PROJECT_UNKNOWN_NAME',
        path,
        `There is no file "${written.file}" in the project.`,
        'Paths start at the project’s folder.',
      ),
    ];
  });
}

function bodyPaths(value: unknown): readonly Path[] {
  if (!isMapping(value)) return [];
  const systems = isMapping(value['systems']) ? Object.keys(value['systems']).map((name) => ['systems', name, 'reply']) : [];
  const expected = Array.isArray(value['expect']) ? value['expect'].map((_one, index) => ['expect', index, 'body']) : [];
  const many = Array.isArray(value['given'])
    ? value['given'].map((_one, index) => ['given', index, 'body'])
    : [['given', 'body']];
  return [...many, ['reply', 'body'], ...systems, ...expected];
}

function valueAt(value: unknown, path: Path): unknown {
  return path.reduce<unknown>(
    (inner, part) =>
      typeof inner === 'object' && inner !== null ? (inner as Record<string | number, unknown>)[part] : undefined,
    value,
  );
}
