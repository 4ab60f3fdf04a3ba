// What a plan comes to, computed as plainly as it can be said: no store, no time, no failures.

import type { Body } from './peers.ts';
import type { FlowPlan, Plan, Step, Target } from './plan.ts';

export interface Expected {
  /** `OUTBOUND BODY`, once for each effect. */
  readonly effects: string[];
  /** `FLOW N/PART STATE`, once for each message that came to a flow. */
  readonly visits: string[];
  /** `OUTBOUND N/PART`, once for each delivery that the peer will never take. */
  readonly dead: string[];
  /** By flow, what came to its aggregate: `KEY N/PART`. */
  readonly grouped: Map<string, string[]>;
}

/** Who of several with the same dedupe key was the first, is not for a model without time to say. */
export type IsFirst = (flow: string, body: Body) => boolean;

class Ending extends Error {
  readonly state: 'dead' | 'invalid';

  constructor(state: 'dead' | 'invalid') {
    super(state);
    this.state = state;
  }
}

interface Visit {
  readonly flow: FlowPlan;
  outputs: { readonly target: Target; readonly body: Body }[];
  /** What goes on in deliveries of their own. */
  later: (() => void)[];
  filtered: number;
  held: number;
}

export class Model {
  readonly expected: Expected = { effects: [], visits: [], dead: [], grouped: new Map() };
  private readonly plan: Plan;
  private readonly isFirst: IsFirst;

  constructor(plan: Plan, isFirst: IsFirst) {
    this.plan = plan;
    this.isFirst = isFirst;
  }

  /** One message was accepted. */
  accept(body: Body, from: 'in' | 'feed'): void {
    for (const flow of this.plan.flows) if (flow.from === from) this.visit(flow, body);
  }

  private visit(flow: FlowPlan, body: Body): void {
    const { state, visit } = this.attempt(flow, body, flow.steps);
    this.expected.visits.push(`${flow.name} ${nameOf(body)} ${state}`);
    this.goOn(visit);
  }

  private attempt(flow: FlowPlan, body: Body, steps: readonly Step[]): { readonly state: string; readonly visit: Visit } {
    const visit: Visit = { flow, outputs: [], later: [], filtered: 0, held: 0 };
    try {
      this.walk(steps, body, visit);
      const nothing = visit.outputs.length + visit.held === 0;
      return { state: visit.filtered > 0 && nothing ? 'filtered' : 'done', visit };
    } catch (error) {
      if (!(error instanceof Ending)) throw error;
      return { state: error.state, visit: { ...visit, outputs: [], later: [] } };
    }
  }

  private goOn({ outputs, later }: Visit): void {
    for (const { target, body } of outputs) this.put(target, body);
    for (const go of later) go();
  }

  private put(target: Target, body: Body): void {
    if ('outbound' in target) {
      if (body['poison'] === target.outbound) this.expected.dead.push(`${target.outbound} ${nameOf(body)}`);
      else this.expected.effects.push(`${target.outbound} ${textOf(body)}`);
      return;
    }
    for (const flow of this.plan.flows)
      if (typeof flow.from === 'object' && flow.from.channel === target.channel) this.visit(flow, body);
  }

  private walk([step, ...rest]: readonly Step[], body: Body, visit: Visit): void {
    const next = (changed: Body = body): void => this.walk(rest, changed, visit);
    const { name } = visit.flow;
    switch (step?.kind) {
      case undefined:
        for (const target of visit.flow.to) visit.outputs.push({ target, body });
        return;
      case 'filter':
        return body['keep'] === true ? next() : void (visit.filtered += 1);
      case 'dedupe':
        return this.isFirst(name, body) ? next() : void (visit.filtered += 1);
      case 'map':
        if (body['broken'] === true) throw new Ending('dead');
        return next({ ...body, m: Number(body['m']) + 1 });
      case 'split':
        for (const part of body['parts'] as unknown as readonly Body[]) next(part);
        return;
      case 'call':
      case 'try':
        return next(this.call(step.kind, body));
      case 'delay':
      case 'throttle':
      case 'resequence':
        visit.held += 1;
        visit.later.push(() => this.goOn(this.attempt(visit.flow, body, rest).visit));
        return;
      case 'sequence':
        return next({ ...body, [`no-${name}`]: 'drawn' });
      case 'aggregate':
        visit.held += 1;
        visit.later.push(() => this.group(name, body));
        return;
      case 'send':
        visit.outputs.push({ target: step.target, body });
        return next();
      case 'route':
        if (body['route'] === 'none') throw new Ending('invalid');
        if (body['route'] === 'q') return next({ ...body, [`q-${name}`]: true });
        visit.outputs.push({ target: step.to, body });
        return;
    }
  }

  /** A call takes effect also where its delivery fails later. */
  private call(kind: 'call' | 'try', body: Body): Body {
    const asked: Body = { n: body['n'] ?? null, part: body['part'] ?? null };
    const told = kind === 'try' ? { ...asked, poison: body['poison'] ?? null } : asked;
    if (told['poison'] === 'c') return { ...body, caught: true };
    this.expected.effects.push(`c ${textOf(told)}`);
    const got = Number(body['n']) * 7;
    return kind === 'try' ? { ...body, w: got } : { ...body, v: got };
  }

  private group(flow: string, body: Body): void {
    const list = this.expected.grouped.get(flow) ?? [];
    list.push(`${JSON.stringify(body['key'])} ${nameOf(body)}`);
    this.expected.grouped.set(flow, list);
  }
}

export function nameOf(body: Body): string {
  return `${Number(body['n'])}/${Number(body['part'])}`;
}

/** The same text for the same value, whatever the order of its properties and the numbers that were drawn. */
export function textOf(body: Body): string {
  const names = Object.keys(body).sort();
  return JSON.stringify(names.map((name) => [name, name.startsWith('no-') ? 'drawn' : body[name]]));
}
