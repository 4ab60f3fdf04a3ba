// Compiles a flow as it was written into what the engine runs; reports all that is wrong with it at once.

import { createHash } from 'node:crypto';
import { readFields } from '@mortise/sdk';
import type { Expression, ValuesOf } from '@mortise/sdk';
import { compileEnding } from '../step/ending.ts';
import type { CompiledFlow, ResolvedTarget } from './compiled.ts';
import { FlowCompiler } from './compiler.ts';
import type { Definitions, FlowSource, Problem } from './definitions.ts';
import { flowForm } from './form.ts';
import { problemsOf } from './problems.ts';
import { resolveFrom } from './targets.ts';

const defaultRetry = { for: 86_400_000, backoff: { fromMs: 1000, toMs: 300_000 } };

/** A flow, or the problems that keep it from being one; warnings may come beside a flow. */
export function compileFlow(source: FlowSource, definitions: Definitions): { flow?: CompiledFlow; problems: readonly Problem[] } {
  const problems = problemsOf(source.source);
  const { values, problems: found } = readFields(flowForm, source.source.value);
  for (const problem of found) problems.addField(problem);
  const compiler = new FlowCompiler(definitions, problems, boundVariables(source.source.value));
  const from = values.from === undefined ? undefined : resolveFrom(values.from, ['from'], compiler);
  if (from?.kind === 'channel' && values.backlog !== undefined) {
    const remedy = 'Remove it; limit the flow that takes the messages in.';
    problems.add(
      'MORTISE_FLOW_OPTION',
      ['backlog'],
      'A flow that receives from a channel has no sender who could come again later.',
      remedy,
    );
  }
  const order = values.order && {
    by: compiler.expression(values.order.by as Expression | undefined, ['order', 'by']),
    onDead: values.order.onDead,
  };
  const steps = compileEnding(values, compiler, []);
  const outputs = [...compiler.targetsFound];
  const onDead = values.onDead === undefined ? [] : (compiler.targets(values.onDead, ['onDead']) as readonly ResolvedTarget[]);
  if (!from || problems.found.some(({ severity }) => severity === 'error')) return { problems: problems.found };
  const retry = values.retry ?? defaultRetry;
  const flow: CompiledFlow = {
    name: source.name,
    destination: `flow:${source.name}`,
    ...(values.description === undefined ? {} : { description: values.description }),
    revision: revisionOf(source, compiler, outputs),
    from,
    ...(order ? { order } : {}),
    retry: { forMs: retry.for, backoff: retry.backoff },
    concurrency: values.concurrency,
    ...(values.backlog === undefined ? {} : { backlog: values.backlog }),
    resume: values.resume,
    steps,
    onDead,
    targets: [...compiler.targetsFound],
    entries: compiler.entries,
    replies: compiler.hasReply,
    compensates: compiler.hasCompensation,
    sendsFirst: sendsFirst(compiler, outputs, values),
  };
  return { flow, problems: problems.found };
}

/** One outbound that may be repeated, deterministic steps, no state: then the send may come before the commit. */
function sendsFirst(compiler: FlowCompiler, outputs: readonly ResolvedTarget[], values: ValuesOf<typeof flowForm>): boolean {
  const [only, ...others] = outputs;
  if (!only || others.length > 0 || only.kind === 'channel' || values.order !== undefined) return false;
  return compiler.deterministic && !compiler.hasReply && only.outbound.onInDoubt === 'retry';
}

/** The same as long as nothing changes that decides what the flow does. */
function revisionOf(source: FlowSource, { parts }: FlowCompiler, outputs: readonly ResolvedTarget[]): string {
  const hash = createHash('sha256').update(JSON.stringify(source.source.value, functionText));
  for (const part of parts) hash.update('\0').update(part);
  for (const target of outputs) {
    if (target.kind === 'channel') continue;
    const { options, model } = target.outbound;
    hash.update('\0').update(JSON.stringify(options));
    if (model) hash.update('\0').update(JSON.stringify(model.schema));
  }
  return hash.digest('hex').slice(0, 12);
}

function functionText(_name: string, value: unknown): unknown {
  return typeof value === 'function' ? String(value) : value;
}

/** What `into` binds anywhere in the flow: expressions may read it. */
function boundVariables(written: unknown): readonly string[] {
  if (typeof written !== 'object' || written === null) return [];
  return Object.entries(written).flatMap(([name, value]) =>
    name === 'into' && typeof value === 'string' ? [value] : boundVariables(value),
  );
}
