// A plan as a project that the engine runs.

import { defineInbound } from '@mortise/sdk';
import type { RunnableProject } from '../../engine/src/engine.ts';
import { compileFlow } from '../../engine/src/flow/compile.ts';
import type { CompiledFlow } from '../../engine/src/flow/compiled.ts';
import type { Definitions, InboundDefinition } from '../../engine/src/flow/definitions.ts';
import { definitionsOf } from '../../engine/src/mesh.fixture.ts';
import { unsafeOutbound } from './peers.ts';
import type { FlowPlan, Plan, Step, Target } from './plan.ts';

const feedDeclaration = defineInbound({ doc: 'Gives values.', mode: 'polling', gives: 'value', options: {} });
/** So often the feed is looked at. */
const feedMs = 500;
/** So long an answer is waited for. */
const timeoutMs = 2000;

/** `revision`: of another one each flow has another concurrency. */
export function projectOf(plan: Plan, revision: number): RunnableProject {
  const definitions = definitionsOfPlan(plan);
  const compiled = new Map<string, CompiledFlow>();
  for (const flow of plan.flows) {
    const value = writtenFlow({ ...flow, concurrency: flow.concurrency + revision });
    const source = { file: `flows/${flow.name}.yaml`, value, locate: () => ({ line: 1, column: 1 }) };
    const { flow: one, problems } = compileFlow({ name: flow.name, source }, definitions);
    if (!one) throw new Error(problems.map(({ code, message }) => `${code} ${message}`).join('\n'));
    compiled.set(flow.name, one);
  }
  const settings = {
    name: 'simulation',
    listeners: { inbound: '', control: '' },
    limits: { messageBytes: 1024 ** 2, freeDiskBytes: 0, stallMs: 30_000 },
    journal: { keepMs: 0, atMostBytes: 0, bodies: 'all' as const },
    log: { level: 'silent' as const, format: 'structured' as const },
    alerts: { receivers: {} },
  };
  return { settings, definitions, compiled, revision: String(revision) };
}

function definitionsOfPlan({ channels }: Plan): Definitions {
  const kinds = Object.fromEntries(Object.entries(channels).map(([name, kind]) => [name, { kind }]));
  const definitions = definitionsOf({ channels: kinds, unsafe: [unsafeOutbound] });
  const peer = definitions.systems.get('peer');
  const inbound = peer?.inbounds.get('in');
  if (!peer || !inbound) throw new Error('The mesh has no peer.');
  const feed: InboundDefinition = { ...inbound, name: 'feed', uses: 'feed', declaration: feedDeclaration, everyMs: feedMs };
  const outbounds = new Map([...peer.outbounds].map(([name, outbound]) => [name, { ...outbound, timeoutMs }]));
  const inbounds = new Map([...peer.inbounds, ['feed', feed]]);
  return { ...definitions, systems: new Map([['peer', { ...peer, inbounds, outbounds }]]) };
}

function writtenFlow({ name, from, order, steps, to, concurrency }: FlowPlan): unknown {
  return {
    from: typeof from === 'string' ? { system: 'peer', inbound: from } : from,
    ...(order ? { order: { by: 'key', onDead: order } } : {}),
    retry: { for: '90d', backoff: '1s..20s' },
    concurrency,
    steps: steps.flatMap((step) => writtenStep(step, name)),
    to: to.map(writtenTarget),
  };
}

const add = (values: string) => ({ map: `$merge([$, { ${values} }])` });
const ask = (into: string, more = '') => ({
  call: { system: 'peer', outbound: 'c', with: `{ "n": n, "part": part${more} }`, into },
});

function writtenStep(step: Step, flow: string): readonly unknown[] {
  switch (step.kind) {
    case 'filter':
      return [{ filter: 'keep' }];
    case 'map':
      return [{ map: 'broken ? $number("broken") : $merge([$, { "m": m + 1 }])' }];
    case 'split':
      return [{ split: { each: 'parts' } }];
    case 'dedupe':
      return [{ dedupe: { id: 'known', key: 'dup', for: '100d' } }];
    case 'call':
      return [ask('v'), add('"v": $v.got')];
    case 'try':
      return [
        {
          try: {
            steps: [ask('w', ', "poison": poison'), add('"w": $w.got')],
            catch: { on: 'Rejected', steps: [add('"caught": true')] },
          },
        },
      ];
    case 'delay':
      return [{ delay: { id: 'later', for: '3s' } }];
    case 'throttle':
      return [{ throttle: { id: 'slowly', rate: '20/s' } }];
    case 'resequence':
      return [{ resequence: { id: 'in-order', by: 'key', sequence: 'seq', after: '100d', for: '200d' } }];
    case 'sequence':
      return [{ sequence: { name: `${flow}-numbers`, into: 'no' } }, add(`"no-${flow}": $no`)];
    case 'aggregate':
      return [{ aggregate: { id: 'group', by: 'key', atMost: 3, after: '20s', emit: emitOf(flow) } }];
    case 'send':
      return [{ send: writtenTarget(step.target) }];
    case 'route':
      return [
        {
          route: [
            { when: 'route = "p"', to: [writtenTarget(step.to)] },
            { when: 'route = "q"', steps: [add(`"q-${flow}": true`)] },
          ],
        },
      ];
  }
}

function emitOf(flow: string): string {
  return `{ "flow": "${flow}", "key": $group[0].key, "group": $group.($string(n) & "/" & $string(part))[] }`;
}

function writtenTarget(target: Target): unknown {
  return 'channel' in target ? target : { system: 'peer', outbound: target.outbound };
}
