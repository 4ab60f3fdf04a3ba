// A dry run: a flow as it is and as it would be, on the same recorded messages, and where the outcomes differ.

import { Type } from './schema.ts';
import type { Static } from './schema.ts';
import type { CompiledFlow } from '../flow/compiled.ts';
import { rehearse } from '../flow/rehearsal.ts';
import type { Project } from '../project/load.ts';
import type { WaitingDelivery } from '../store/store.ts';
import { controlError } from './errors.ts';
import type { ControlHost } from './host.ts';
import { ProblemView } from './problem-view.ts';
import { outcomeView, OutcomeView } from './trace.ts';

export const DryRunView = Type.Object({
  problems: Type.Array(ProblemView, { description: 'Where there are errors, nothing was tried.' }),
  tried: Type.Integer(),
  same: Type.Integer(),
  changed: Type.Array(
    Type.Object({
      message: Type.String(),
      delivery: Type.String(),
      keys: Type.Record(Type.String(), Type.String()),
      before: OutcomeView,
      after: OutcomeView,
    }),
  ),
});
type DryRunView = Static<typeof DryRunView>;

export async function dryRun(host: ControlHost, draft: Project, name: string, last: number): Promise<DryRunView> {
  const problems = draft.problems.map((problem) => ({ ...problem }));
  const nothing = { problems, tried: 0, same: 0, changed: [] };
  if (problems.some(({ severity }) => severity === 'error')) return nothing;
  const [before, after] = [host.project().compiled.get(name), draft.compiled.get(name)];
  if (!before || !after) throw controlError('MORTISE_CONTROL_UNKNOWN', `There is no flow "${name}" to compare with.`);
  const recorded = await recordedOf(host, name, last);
  const pairs = await Promise.all(recorded.map((one) => compare(host, before, after, one)));
  const changed = pairs.filter((pair) => JSON.stringify(pair.before) !== JSON.stringify(pair.after));
  return { problems, tried: pairs.length, same: pairs.length - changed.length, changed };
}

/** The newest messages that began in the flow; not what went on behind one of its steps. */
export async function recordedOf({ engine }: ControlHost, flow: string, last: number): Promise<readonly WaitingDelivery[]> {
  const { read } = engine.runtime.store;
  const rows = await read.journal({ destination: `flow:${flow}`, limit: Math.min(1000, last * 2) });
  const whole = rows.filter(({ delivery }) => delivery.entry === undefined).slice(0, last);
  const found = await Promise.all(whole.map(({ delivery }) => read.delivery({ seq: delivery.seq })));
  return found.filter((one): one is WaitingDelivery => one !== undefined);
}

async function compare({ engine }: ControlHost, before: CompiledFlow, after: CompiledFlow, one: WaitingDelivery) {
  const { message, delivery } = one;
  return {
    message: message.id,
    delivery: delivery.id,
    keys: { ...message.keys },
    before: outcomeView(await rehearse(before, engine.runtime, one)),
    after: outcomeView(await rehearse(after, engine.runtime, one)),
  };
}
