// Reads tests/*.yaml: what goes into a flow, an outbound or an inbound, how systems answer, what is expected to come out.

import { readFields } from '@mortise/sdk';
import type { ConnectorDeclaration, Fields, Path } from '@mortise/sdk';
import type { Definitions, FlowSource, TestSource } from '../flow/definitions.ts';
import type { BrokenEnds } from './compile.ts';
import type { ProjectFolder } from './folder.ts';
import { unknownName } from './names.ts';
import { partOfFile } from './part-of-file.ts';
import { isMapping } from './planned.ts';
import { fault } from './problems.ts';
import type { Fault, ProblemList, WrittenFile } from './problems.ts';
import { testForms, testKind, testsForm } from './test-fields.ts';
import type { TestKind } from './test-fields.ts';
import { lookForTraps } from './value-traps.ts';
import { readYamlFolder } from './yaml-folder.ts';
import type { NamedFile } from './yaml-folder.ts';

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
  return readYamlFolder(folder, 'tests', problems).flatMap((file) => readFile(file, context, problems));
}

/** A file is one test, or holds several, which are called after it and by their own names. */
function readFile({ name, file }: NamedFile, context: TestContext, problems: ProblemList): readonly TestSource[] {
  if (!file) return [];
  if (!isMapping(file.value) || !Object.hasOwn(file.value, 'tests')) return readTest(name, file, context, problems);
  const { values, problems: found } = readFields(testsForm, file.value);
  problems.fields(file, found);
  if (found.length > 0) return [];
  return Object.entries(values.tests).flatMap(([own, value]) =>
    readTest(`${name}/${own}`, partOfFile(file, ['tests', own], value), context, problems),
  );
}

function readTest(name: string, file: WrittenFile, context: TestContext, problems: ProblemList): readonly TestSource[] {
  const kind = testKind(file.value);
  const { values, problems: found } = readFields<Fields>(testForms[kind], file.value);
  problems.fields(file, found);
  lookForTraps(file, testForms[kind], file.value, [], problems);
  if (found.length > 0) return [];
  const systems = values['systems'] as Readonly<Record<string, unknown>> | undefined;
  const subject = String(values[kind]);
  const outbounds = Object.keys(systems ?? {}).map((target) => ({ target, path: ['systems', target], channels: false }));
  problems.faults(file, [
    ...subjectFaults(kind, subject, context),
    ...(kind === 'outbound' ? outbounds : []).flatMap(({ target, path }) => answerFaults(target, subject, path)),
    ...(kind === 'flow' ? [...outbounds, ...expectedTargets(values['expect'])] : []).flatMap(({ target, path, channels }) =>
      targetFaults(target, path, channels, context),
    ),
    ...bodyFaults(file, context.folder),
  ]);
  return [{ name, source: file }];
}

function expectedTargets(expect: unknown) {
  const targets = expect as readonly { readonly to: string }[];
  return targets.map(({ to }, index) => ({ target: to, path: ['expect', index, 'to'], channels: true }));
}

/** What is tested has to be there. */
function subjectFaults(kind: TestKind, subject: string, context: TestContext): readonly Fault[] {
  const { flows, unread, definitions, broken } = context;
  if (kind === 'flow') {
    const names = flows.map((flow) => flow.name);
    return names.includes(subject) || unread.has(subject) ? [] : [unknownName('flow', subject, names, ['flow'])];
  }
  const ends = [...definitions.systems.values()].flatMap((system) =>
    [...system[`${kind}s`].keys()].map((name) => `${system.name}.${name}`),
  );
  return ends.includes(subject) || isBroken(subject, { broken }) ? [] : [unknownName(kind, subject, ends, [kind])];
}

/** In a test of one outbound no other answers. */
function answerFaults(target: string, subject: string, path: Path): readonly Fault[] {
  return target === subject ? [] : [{ ...unknownName('outbound of this test', target, [subject], path), at: 'key' }];
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

function isBroken(target: string, { broken }: Pick<TestContext, 'broken'>): boolean {
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
