// What a run with kills made otherwise than a run of the same inputs without: deliveries that are missing, that are too many, that ended otherwise.

import type { EndedDelivery, Evidence } from './evidence.ts';
import type { FaultKind, ProofFault } from './faults.ts';
import type { Compared, FlowScope } from './scope.ts';

/** Everything that one input, or all of them, made at one destination for one flow. */
interface Group {
  readonly destination: string;
  readonly input?: number;
  readonly deliveries: EndedDelivery[];
}

export function differencesFromCalm(killed: Evidence, calm: Evidence, scopes: readonly FlowScope[]): readonly ProofFault[] {
  const compared = new Map(scopes.map((scope) => [scope.flow, scope.compared]));
  const [found, wanted] = [groupsOf(killed, compared), groupsOf(calm, compared)];
  const abandoned = abandonedInputs(killed, calm);
  return [...new Set([...found.keys(), ...wanted.keys()])].flatMap((key) => {
    const [now, before] = [found.get(key), wanted.get(key)];
    const input = (now ?? before)?.input;
    if (input === undefined) return differenceOf(now, before, undefined);
    return abandoned.has(input) ? [] : differenceOf(now, before, killed.acknowledged.get(input)?.[0]);
  });
}

/** Whoever waits for a reply is gone when the process dies; what he asked for is not done any more, and the journal says so. */
export function abandonedInputs(...runs: readonly Evidence[]): ReadonlySet<number> {
  const inputs = runs.flatMap((run) => {
    const inputOf = inputsByRoot(run);
    return run.deliveries.filter(({ state }) => state === 'abandoned').flatMap(({ root }) => inputOf.get(root) ?? []);
  });
  return new Set(inputs);
}

function inputsByRoot({ acknowledged }: Evidence): ReadonlyMap<string, number> {
  return new Map([...acknowledged].flatMap(([input, ids]) => ids.map((id) => [id, input] as const)));
}

function groupsOf(run: Evidence, compared: ReadonlyMap<string, Compared>): ReadonlyMap<string, Group> {
  const inputOf = inputsByRoot(run);
  const groups = new Map<string, Group>();
  for (const delivery of run.deliveries) {
    const { flow, root, destination } = delivery;
    const how = compared.get(flow) ?? 'each';
    if (how === 'alone') continue;
    const input = how === 'each' ? inputOf.get(root) : undefined;
    const key = `${input ?? 'all'} ${flow} ${destination}`;
    const group = groups.get(key) ?? { destination, ...(input === undefined ? {} : { input }), deliveries: [] };
    groups.set(key, group);
    group.deliveries.push(delivery);
  }
  return groups;
}

function differenceOf(now: Group | undefined, before: Group | undefined, message: string | undefined): readonly ProofFault[] {
  const group = now ?? before;
  const [found, wanted] = [now?.deliveries ?? [], before?.deliveries ?? []];
  if (!group) return [];
  const fault = (kind: FaultKind, what: string): readonly ProofFault[] => {
    const { input } = group;
    const where = { ...(input === undefined ? {} : { input }), ...(message === undefined ? {} : { message }) };
    return [{ kind, what, ...where, deliveries: found.map(({ id }) => id) }];
  };
  const counts = `${group.destination}: ${found.length} deliveries; without kills ${wanted.length}.`;
  if (found.length < wanted.length) return fault('lost', counts);
  if (found.length > wanted.length) return fault('duplicated', counts);
  const [ends, calmEnds] = [statesOf(found), statesOf(wanted)];
  return ends === calmEnds ? [] : fault('otherwise', `${group.destination}: ${ends}; without kills ${calmEnds}.`);
}

function statesOf(deliveries: readonly EndedDelivery[]): string {
  return deliveries
    .map(({ state, error }) => (error === undefined ? state : `${state} (${error.replace(/:.*/s, '')})`))
    .sort()
    .join(', ');
}
