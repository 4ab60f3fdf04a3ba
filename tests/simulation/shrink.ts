// Makes a plan that goes wrong smaller, as long as it still goes wrong.

import type { Bug } from './life.ts';
import type { Plan } from './plan.ts';
import { simulate } from './simulation.ts';

/** So many smaller plans are tried. */
const triesMax = 200;

export async function shrink(plan: Plan, bug: Bug = {}): Promise<Plan> {
  let smallest = plan;
  let tries = 0;
  for (let isSmaller = true; isSmaller && tries < triesMax; ) {
    isSmaller = false;
    for (const candidate of smallerPlans(smallest)) {
      tries += 1;
      if (tries > triesMax) break;
      if ((await simulate(candidate, bug)).findings.length === 0) continue;
      smallest = candidate;
      isSmaller = true;
      break;
    }
  }
  return smallest;
}

/** Each with one thing less; the larger things first. */
function* smallerPlans(plan: Plan): Generator<Plan> {
  const half = Math.ceil(plan.messages.length / 2);
  if (plan.messages.length > 1) {
    yield { ...plan, messages: plan.messages.slice(0, half) };
    yield { ...plan, messages: plan.messages.slice(half) };
  }
  for (const [index, { kind }] of plan.events.entries())
    if (kind !== 'calm' && kind !== 'jump') yield { ...plan, events: plan.events.toSpliced(index, 1) };
  if (plan.events.some(({ kind }) => kind === 'jump'))
    yield { ...plan, events: plan.events.filter(({ kind }) => kind !== 'jump') };
  for (const [index, flow] of plan.flows.entries()) {
    for (const step of flow.steps.keys())
      yield { ...plan, flows: plan.flows.with(index, { ...flow, steps: flow.steps.toSpliced(step, 1) }) };
    if (flow.to.length > 1)
      for (const target of flow.to.keys())
        yield { ...plan, flows: plan.flows.with(index, { ...flow, to: flow.to.toSpliced(target, 1) }) };
  }
  if (plan.trouble > 0) yield { ...plan, trouble: 0 };
}
