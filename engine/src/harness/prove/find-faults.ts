// Finds what was lost, duplicated, changed or reordered: from what was acknowledged, what is on disk, what arrived, and a run without kills.

import type { Arrival } from './record.ts';
import type { EndedDelivery, Evidence } from './evidence.ts';
import { differencesFromCalm } from './differences.ts';
import type { ProofFault } from './faults.ts';
import type { FlowScope } from './scope.ts';

/** `calm` is a run of the same inputs without kills. */
export function findFaults(killed: Evidence, calm: Evidence, scopes: readonly FlowScope[]): readonly ProofFault[] {
  return [
    ...lostInputs(killed),
    ...refusedInputs(killed, calm),
    ...unfinished(killed, calm),
    ...lostSends(killed),
    ...strangers(killed),
    ...changed(killed.arrivals),
    ...reordered(killed),
    ...differencesFromCalm(killed, calm, scopes),
    ...killed.uneven.map((what) => ({ kind: 'uneven' as const, what, deliveries: [] })),
  ];
}

/** Acknowledged, and the journal knows nothing of it. */
function lostInputs({ acknowledged, deliveries }: Evidence): readonly ProofFault[] {
  const messages = new Set(deliveries.map(({ message }) => message));
  return [...acknowledged].flatMap(([input, ids]) =>
    ids
      .filter((id) => !messages.has(id))
      .map((id) => ({
        kind: 'lost' as const,
        what: 'It was acknowledged, and the journal does not have it.',
        input,
        message: id,
        deliveries: [],
      })),
  );
}

/** Refused for what they are is no fault; refused because the engine was killed is one. */
function refusedInputs({ inputs, acknowledged, refused }: Evidence, calm: Evidence): readonly ProofFault[] {
  return inputs.flatMap(({ number: input }) => {
    if (acknowledged.has(input) || calm.refused.has(input)) return [];
    const why = refused.get(input) ?? 'it was never answered';
    return [{ kind: 'otherwise' as const, what: `It was not accepted, as it is without kills: ${why}`, input, deliveries: [] }];
  });
}

const openStates = new Set(['waiting', 'held', 'in-doubt']);

/** As many as stay open without kills may: what a group still waits for, what waits behind a dead one in its lane. */
function unfinished(killed: Evidence, calm: Evidence): readonly ProofFault[] {
  const openIn = ({ deliveries }: Evidence, flow: string) =>
    deliveries.filter((one) => one.flow === flow && openStates.has(one.state));
  const flows = new Set(killed.deliveries.map(({ flow }) => flow));
  return [...flows].flatMap((flow) => {
    const open = openIn(killed, flow);
    if (open.length <= openIn(calm, flow).length) return [];
    const what = `Of flow ${flow} ${open.length} deliveries have not ended; without kills ${openIn(calm, flow).length}.`;
    return [{ kind: 'unfinished' as const, what, deliveries: open.map(({ id }) => id) }];
  });
}

/** Done, says the journal, and the recorder never got it. */
function lostSends({ deliveries, arrivals }: Evidence): readonly ProofFault[] {
  const arrived = new Set(arrivals.map(({ delivery }) => delivery));
  return deliveries
    .filter(({ destination, state, id }) => destination.startsWith('outbound:') && state === 'done' && !arrived.has(id))
    .map(({ id, root, destination }) => ({
      kind: 'lost' as const,
      what: `The journal says that ${destination.slice('outbound:'.length)} has it, and it never arrived there.`,
      message: root,
      deliveries: [id],
    }));
}

/** Arrived under an id that the journal does not have: what it was to be is sent under another id, or was forgotten. */
function strangers({ deliveries, arrivals }: Evidence): readonly ProofFault[] {
  const known = new Set(deliveries.map(({ id }) => id));
  const strange = new Map(
    arrivals.filter(({ isCall, delivery }) => !isCall && !known.has(delivery)).map((one) => [one.delivery, one]),
  );
  return [...strange.values()].map(({ delivery, root, to }) => ({
    kind: 'duplicated' as const,
    what: `${to} got it under an id that the journal does not have.`,
    message: root,
    deliveries: [delivery],
  }));
}

function changed(arrivals: readonly Arrival[]): readonly ProofFault[] {
  return [...byDelivery(arrivals.filter(({ isCall }) => !isCall))].flatMap(([id, all]) => {
    const contents = new Set(all.map(({ hash, to }) => `${to} ${hash}`)).size;
    const [first] = all;
    if (contents === 1 || !first) return [];
    const what = `${first.to} got ${contents} different contents under one id.`;
    return [{ kind: 'changed' as const, what, message: first.root, deliveries: [id] }];
  });
}

/** What a person sent again has left its place in the order, as that person could see. */
function reordered({ deliveries, arrivals, retried }: Evidence): readonly ProofFault[] {
  const byId = new Map(deliveries.map((one) => [one.id, one]));
  const placeOf = ({ parent, seq }: EndedDelivery): number => byId.get(parent ?? '')?.seq ?? seq;
  const last = new Map<string, { place: number; id: string }>();
  const faults: ProofFault[] = [];
  for (const { delivery: id } of arrivals) {
    const delivery = byId.get(id);
    if (delivery?.lane === undefined || retried.has(id) || retried.has(delivery.parent ?? '')) continue;
    const lane = `${delivery.destination} ${delivery.lane}`;
    const [place, before] = [placeOf(delivery), last.get(lane)];
    if (before && place < before.place) {
      const what = `${delivery.destination.slice('outbound:'.length)} got it behind a later one of the same key (${delivery.lane}).`;
      faults.push({ kind: 'reordered', what, message: delivery.root, deliveries: [id, before.id] });
    } else last.set(lane, { place, id });
  }
  return faults;
}

export function byDelivery(arrivals: readonly Arrival[]): ReadonlyMap<string, readonly Arrival[]> {
  return Map.groupBy(arrivals, ({ delivery }) => delivery);
}
