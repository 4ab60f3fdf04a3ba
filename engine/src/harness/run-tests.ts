// Runs the tests of a project: each with the real engine, on a store in memory, under a clock that does not wait.

import type { Accepted, Logger, Reply } from '@mortise/sdk';
import { MortiseError } from '@mortise/sdk';
import { Engine } from '../engine.ts';
import type { CompiledFlow } from '../flow/compiled.ts';
import type { TestSource } from '../flow/definitions.ts';
import type { Project } from '../project/load.ts';
import { openSqliteStore } from '../store/sqlite/open.ts';
import { harnessError } from './errors.ts';
import { give } from './given.ts';
import { runInbound } from './run-inbound.ts';
import { runOutbound } from './run-outbound.ts';
import { judge, readable } from './judge.ts';
import type { Fault } from './judge.ts';
import { memoryBlobs } from './memory-blobs.ts';
import { observe } from './outputs.ts';
import type { Observed } from './outputs.ts';
import { Recorder } from './recorder.ts';
import { restLimitsDefault, runFor, runToRest, stopEngine } from './rest.ts';
import type { RestLimits } from './rest.ts';
import { givenOf, readBody, readTestFile, startOf } from './test-file.ts';
import type { AnyTest, TestFile } from './test-file.ts';
import { VirtualClock } from './virtual-clock.ts';
import { withoutMaintenance } from './without-maintenance.ts';

export interface TestResult {
  readonly name: string;
  readonly file: string;
  /** What it is a test of: one of the three is there. */
  readonly flow?: string;
  readonly outbound?: string;
  readonly inbound?: string;
  readonly passed: boolean;
  readonly failures: readonly TestFailure[];
  readonly tookMs: number;
}

export interface TestFailure {
  /** In the test's file; from 1. */
  readonly line: number;
  readonly what: string;
  /** How it differs, one difference a line. */
  readonly details: readonly string[];
}

/** One after the other, in the order of their names. */
export async function* runTests(
  project: Project,
  tests: readonly TestSource[] = project.tests,
  limits: RestLimits = restLimitsDefault,
): AsyncGenerator<TestResult> {
  for (const test of tests) yield await runTest(project, test, limits);
}

async function runTest(project: Project, { name, source }: TestSource, limits: RestLimits): Promise<TestResult> {
  const beganMs = performance.now();
  const read = readTestFile(source);
  const faults = await faultsOf(project, read, limits);
  const failures = faults.map(({ what, path, lines }) => ({ line: source.locate(path, 'key').line, what, details: lines }));
  const tookMs = Math.round(performance.now() - beganMs);
  return { name, file: source.file, ...subjectOf(read), passed: failures.length === 0, failures, tookMs };
}

function subjectOf(read: AnyTest): Pick<TestResult, AnyTest['kind']> {
  if (read.kind === 'flow') return { flow: read.test.flow };
  return read.kind === 'outbound' ? { outbound: read.test.outbound } : { inbound: read.test.inbound };
}

async function runAny(project: Project, read: AnyTest, limits: RestLimits): Promise<readonly Fault[]> {
  if (read.kind === 'flow') return runFlow(project, read.test, limits);
  return read.kind === 'outbound' ? runOutbound(project, read.test) : runInbound(project, read.test);
}

/** What a test threw is a fault of it too. */
async function faultsOf(project: Project, read: AnyTest, limits: RestLimits): Promise<readonly Fault[]> {
  try {
    return await runAny(project, read, limits);
  } catch (error) {
    const what =
      error instanceof MortiseError
        ? `${error.code}: ${error.message}`
        : error instanceof Error
          ? (error.stack ?? error.message)
          : String(error);
    return [{ what, path: [read.kind], lines: error instanceof MortiseError ? [error.remedy] : [] }];
  }
}

async function runFlow(project: Project, test: TestFile, limits: RestLimits): Promise<readonly Fault[]> {
  const { observed, reply } = await observeFlow(project, test, limits);
  return judge(test, observed, reply, project.definitions.folder);
}

/** What came out of a flow, and the reply where it gave one. */
interface FlowRun {
  readonly observed: Observed;
  readonly reply: Reply | undefined;
}

/** Runs a flow on what a test gives. Throws where there is no such flow, where the message is not accepted, or where no rest comes. */
async function observeFlow(
  project: Project,
  test: Pick<TestFile, 'flow' | 'given' | 'systems'>,
  limits: RestLimits,
): Promise<FlowRun> {
  const flow = project.compiled.get(test.flow);
  if (!flow) throw harnessError('MORTISE_HARNESS_FLOW', `There is no flow "${test.flow}" that could run.`);
  const { folder } = project.definitions;
  const given = givenOf(test);
  const clock = new VirtualClock(startOf(given[0]));
  const recorder = new Recorder(test.systems, folder);
  const store = await openSqliteStore({ folder: ':memory:', nowMs: () => clock.nowMs() });
  const blobs = memoryBlobs();
  const engine = engineFor(project, flow, { store, blobs, clock, recorder });
  try {
    await engine.start();
    const accepted: Accepted[] = [];
    for (const { after = 0, ...one } of given) {
      if (accepted.length > 0 || after > 0) await runFor(engine, clock, after, limits);
      accepted.push(...(await give(engine, flow, one, readBody(one.body, folder))));
    }
    const replies: Reply[] = [];
    for (const { reply } of accepted) void reply?.wait(Infinity).then((one) => one && replies.push(one));
    await runToRest(engine, store, clock, limits);
    return { observed: await observe(accepted, recorder.sent, store, blobs), reply: replies[0] };
  } finally {
    await stopEngine(engine, clock);
    await store.close();
  }
}

/** What a flow does with a message, in words that a test is written in. */
export interface FlowTrial {
  readonly state: string;
  readonly reasons: readonly string[];
  readonly outputs: readonly { readonly to: string; readonly body: unknown }[];
  /** The outbounds that `call` steps asked. */
  readonly calls: readonly string[];
  readonly reply?: Pick<Reply, 'body' | 'status'>;
}

/** Runs a flow as a test would, and expects nothing: `new test` writes down what came out. Throws what `observeFlow` throws. */
export async function tryFlow(project: Project, test: Pick<TestFile, 'flow' | 'given' | 'systems'>): Promise<FlowTrial> {
  const { observed, reply } = await observeFlow(project, test, restLimitsDefault);
  return {
    ...observed.outcome,
    outputs: observed.outputs.map(({ to, body, outbound }) => ({ to, body: readable(body, outbound) })),
    calls: observed.calls.map(({ to }) => to),
    ...(reply === undefined ? {} : { reply }),
  };
}

interface Surroundings extends Pick<ConstructorParameters<typeof Engine>[0], 'store' | 'blobs'> {
  readonly clock: VirtualClock;
  readonly recorder: Recorder;
}

/** Only the flow that is tested runs: what it sends to channels stays there. Nothing is left to chance. */
function engineFor(project: Project, flow: CompiledFlow, { recorder, ...surroundings }: Surroundings): Engine {
  let drawn = 0;
  return new Engine({
    ...surroundings,
    project: { ...project, definitions: withoutMaintenance(project.definitions), compiled: new Map([[flow.name, flow]]) },
    log: silent,
    random: () => 0.5,
    randomBytes: (count) => Uint8Array.from({ length: count }, () => (drawn = (drawn * 5 + 113) % 251)),
    connections: {
      inbound: async () => ({ close: async () => undefined }),
      outbound: async (definition) => recorder.outbound(definition),
      resolve: (_fields, values) => values,
    },
  });
}

const silent: Logger = { debug() {}, info() {}, warn() {}, error() {} };
