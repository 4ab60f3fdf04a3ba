// What "mortise new test" writes: a message for a flow, and what the flow makes of it now.

import type { FlowTrial, Project } from '@mortise/engine';
import { stringify } from 'yaml';
import { knownName } from './ground.ts';
import { sampleOf } from './sample.ts';

export interface NewTest {
  readonly text: string;
  /** How the flow ended with this message, and why, where that is not well. */
  readonly state: string;
  readonly reasons: readonly string[];
}

type Compiled = NonNullable<ReturnType<Project['compiled']['get']>>;

/** The text of a test of `flow`. `given` is the body as a test writes it; a sample of the flow's model where absent. */
export async function testText(flow: string, given: unknown, project: Project): Promise<NewTest> {
  const compiled = project.compiled.get(knownName('flow', flow, [...project.compiled.keys()])) as Compiled;
  const body = given ?? sampleFor(compiled, project);
  const answers = answersOf(compiled, project);
  const { tryFlow } = await import('@mortise/engine');
  const trial = await tryFlow(project, { flow, given: { body }, systems: answers });
  return { text: written(flow, body, answers, trial, given === undefined), state: trial.state, reasons: trial.reasons };
}

function sampleFor({ from }: Compiled, project: Project): unknown {
  const model = from.kind === 'channel' ? from.channel.model : from.inbound.model;
  return model ? modelSample(model.name, project) : {};
}

/** Models refer to one another by name. */
function modelSample(name: string, { definitions: { models } }: Project): unknown {
  return sampleOf(models.get(name)?.schema ?? {}, (reference, root) => {
    const [model = '', pointer = ''] = reference.split('#');
    const schema = model === '' ? root : models.get(model)?.schema;
    if (!schema) return undefined;
    const found = pointer.split('/').slice(1).reduce<unknown>(inner, schema);
    return { schema: found, root: schema };
  });
}

function inner(value: unknown, part: string): unknown {
  const name = part.replaceAll('~1', '/').replaceAll('~0', '~');
  return typeof value === 'object' && value !== null && Object.hasOwn(value, name) ? Reflect.get(value, name) : undefined;
}

/** A reply of every outbound that may be called. */
function answersOf({ targets }: Compiled, project: Project): Record<string, { readonly reply: unknown }> {
  const outbounds = targets.flatMap((target) => (target.kind === 'outbound' ? [target.outbound] : []));
  const replying = outbounds.filter(({ declaration }) => declaration.replies);
  return Object.fromEntries(
    replying.map(({ system, name, reply }) => [`${system}.${name}`, { reply: reply ? modelSample(reply.name, project) : {} }]),
  );
}

function written(flow: string, body: unknown, answers: object, trial: FlowTrial, isSample: boolean): string {
  const called = Object.entries(answers).filter(([name]) => trial.calls.includes(name));
  const { reply } = trial;
  const test = {
    flow,
    given: { body },
    ...(called.length > 0 ? { systems: Object.fromEntries(called) } : {}),
    ...(trial.outputs.length > 0 ? { expect: [...trial.outputs, ...trial.calls.map((to) => ({ to }))].map(expectation) } : {}),
    ...(reply ? { reply: { body: plainBody(reply.body), ...(reply.status ? { status: reply.status } : {}) } } : {}),
    ...(trial.state === 'done' ? {} : { outcome: trial.state }),
  };
  const from = isSample ? 'a sample of its model' : 'a message';
  return [
    `# What ${flow} makes of ${from}, as it was when this was written: look whether that is right, and keep it so.`,
    '# A body under "expect" may be a part of what comes out, unless "exact: true" stands beside it.',
    stringify(test, { lineWidth: 0 }),
  ].join('\n');
}

function expectation({ to, body }: { readonly to: string; readonly body?: unknown }): object {
  return body === undefined ? { to } : { to, body: plainBody(body) };
}

/** Bytes as the text that they are. */
function plainBody(body: unknown): unknown {
  return body instanceof Uint8Array ? Buffer.from(body).toString() : body;
}
