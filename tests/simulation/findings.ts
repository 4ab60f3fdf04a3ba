// Judges what is left at the end of a simulation.

import type { Hands } from '../../engine/src/store/sqlite/hands.ts';
import type { JournalRow } from '../../engine/src/store/store.ts';
import { Model, nameOf, textOf } from './model.ts';
import type { Expected } from './model.ts';
import type { Body, Effect, Peers } from './peers.ts';
import type { Person } from './person.ts';
import type { FlowPlan, Plan } from './plan.ts';
import type { Senders } from './senders.ts';

export interface Evidence {
  readonly plan: Plan;
  readonly ask: Hands['ask'];
  readonly peers: Peers;
  readonly senders: Senders;
  readonly person: Person;
}

/** A delivery with what it carries. */
interface Row extends JournalRow {
  readonly body: Body;
}

export async function findingsOf(evidence: Evidence): Promise<readonly string[]> {
  const rows = await rowsOf(evidence);
  const roots = rows.filter(({ delivery, message }) => delivery.parent === undefined && message.id === message.root);
  const model = new Model(evidence.plan, isFirstBy(rows));
  for (const { body, message } of roots) model.accept(body, message.source.endsWith('/feed') ? 'feed' : 'in');
  const { expected } = model;
  return [
    ...(await unbalanced(evidence)),
    ...notAccepted(evidence, roots),
    ...dedupeFaults(evidence, rows),
    ...effectFaults(evidence, expected),
    ...differences('visits', expected.visits, visitsOf(rows)),
    ...differences('dead', expected.dead, deadOf(rows, evidence.peers)),
    ...groupFaults(expected, evidence.peers.effects),
    ...numberFaults(evidence.peers.effects),
    ...orderFaults(evidence, rows),
    ...attemptFaults(evidence, rows),
  ];
}

async function rowsOf({ ask }: Evidence): Promise<readonly Row[]> {
  const rows: Row[] = [];
  for (let afterSeq = 0; ; ) {
    const page = await ask('journal', { afterSeq, limit: 1000 });
    for (const row of page) {
      const message = await ask('message', row.message.id);
      rows.push({ ...row, body: message?.body.kind === 'json' ? (JSON.parse(message.body.text) as Body) : {} });
    }
    const last = page.at(-1);
    if (!last || page.length < 1000) return rows;
    afterSeq = last.delivery.seq;
  }
}

/** Every delivery is in exactly one state, and all that deliveries say of each other is there. */
async function unbalanced({ ask }: Evidence): Promise<readonly string[]> {
  const { rows, outputsSaid, outputsFound, strayMessages } = await ask('balance');
  const uneven = rows.filter(({ created, states }) => Object.values(states).reduce((sum, count) => sum + count, 0) !== created);
  return [
    ...uneven.map(({ destination, created }) => `balance: the states of ${destination} do not add up to ${created}`),
    ...(outputsSaid === outputsFound ? [] : [`balance: ${outputsSaid} outputs are said, ${outputsFound} found`]),
    ...(strayMessages === 0 ? [] : [`balance: ${strayMessages} messages belong to no delivery`]),
  ];
}

/** What was acknowledged is there, once. A sender's key is remembered for seven days: a clock that was set forgets it. */
function notAccepted({ plan, senders }: Evidence, roots: readonly Row[]): readonly string[] {
  const faults: string[] = [];
  const forgets = plan.events.some(({ days = 0 }) => days !== 0);
  const ids = new Set(roots.map(({ message }) => message.id));
  for (const [n, acknowledged] of senders.acknowledged) {
    for (const id of acknowledged) if (!ids.has(id)) faults.push(`message ${n} was acknowledged as ${id}, and is lost`);
    if (acknowledged.size > 1 && !forgets) faults.push(`message ${n} has several ids: ${[...acknowledged].join(', ')}`);
  }
  for (const { body, to } of plan.messages) {
    const count = new Set(roots.filter((root) => root.body['n'] === body['n']).map(({ message }) => message.id)).size;
    if (count === 0 || (count > 1 && !(forgets && to === 'in')))
      faults.push(`message ${Number(body['n'])} is there ${count} times`);
  }
  return faults;
}

const isVisit = ({ delivery }: Row): boolean => delivery.destination.startsWith('flow:') && delivery.entry === undefined;

function isFirstBy(rows: readonly Row[]): (flow: string, body: Body) => boolean {
  const passed = rows.filter((row) => isVisit(row) && row.delivery.state !== 'filtered');
  const left = new Map<string, number>();
  const count = (name: string, more: number): number => {
    const sum = (left.get(name) ?? 0) + more;
    left.set(name, sum);
    return sum;
  };
  for (const { delivery, body } of passed) count(`${delivery.flow} ${nameOf(body)}`, 1);
  return (flow, body) => count(`${flow} ${nameOf(body)}`, -1) >= 0;
}

/** Each effect once: calls behind a dedupe too, since the key is on disk before a system is asked. */
function effectFaults({ peers }: Evidence, expected: Expected): readonly string[] {
  const found = ungrouped(peers.effects).map(({ outbound, body }) => `${outbound} ${textOf(body)}`);
  return differences('effects', expected.effects, found);
}

const hasDedupe = ({ steps }: FlowPlan): boolean => steps[0]?.kind === 'dedupe';

/** Of those with the same dedupe key one goes on, unless it turned out invalid or was given up in that flow: that releases the key. */
function dedupeFaults({ plan }: Evidence, rows: readonly Row[]): readonly string[] {
  return plan.flows.filter(hasDedupe).flatMap(({ name }) => {
    const ended = rows.filter(({ delivery: { flow, state } }) => flow === name && (state === 'invalid' || state === 'discarded'));
    const released = new Set(ended.map(({ message }) => message.root));
    const classes = Map.groupBy(
      rows.filter((row) => isVisit(row) && row.delivery.flow === name),
      ({ body }) => JSON.stringify(body['dup']),
    );
    return [...classes].flatMap(([key, members]) => {
      const passed = members.filter(({ delivery: { state } }) => state !== 'filtered');
      const kept = passed.filter(({ message }) => !released.has(message.root)).length;
      if (kept === 1 || (kept === 0 && passed.length > 0)) return [];
      return [`dedupe: ${kept} messages with the key ${key} went through flow ${name}`];
    });
  });
}

function visitsOf(rows: readonly Row[]): readonly string[] {
  return rows
    .filter(isVisit)
    .map(({ delivery: { flow, state }, body }) => `${flow} ${nameOf(body)} ${state === 'discarded' ? 'dead' : state}`);
}

function deadOf(rows: readonly Row[], peers: Peers): readonly string[] {
  const ended = rows.filter(
    ({ delivery: { id, state, destination } }) =>
      destination.startsWith('outbound:') && (state === 'dead' || (state === 'discarded' && !peers.has(id))),
  );
  return ended.map(({ delivery, body }) => `${delivery.destination.replace('outbound:peer.', '')} ${nameOf(body)}`);
}

const isGroup = ({ body }: Effect): boolean => body['group'] !== undefined;
const ungrouped = (effects: readonly Effect[]): readonly Effect[] => effects.filter((effect) => !isGroup(effect));

function groupFaults({ grouped }: Expected, effects: readonly Effect[]): readonly string[] {
  const groups = effects.filter(isGroup).map(({ body }) => body as unknown as { flow: string; key: string; group: string[] });
  const tooLong = groups.filter(({ group }) => group.length > 3).map(({ flow }) => `a group of flow ${flow} is too long`);
  const found = groups.flatMap(({ flow, key, group }) => group.map((name) => `${flow} ${JSON.stringify(key)} ${name}`));
  const expected = [...grouped].flatMap(([flow, names]) => names.map((name) => `${flow} ${name}`));
  return [...tooLong, ...differences('members of groups', expected, found)];
}

/** Each number of a sequence is drawn for one message. */
function numberFaults(effects: readonly Effect[]): readonly string[] {
  const owners = new Map<string, string>();
  const faults: string[] = [];
  for (const { body } of effects) {
    for (const [name, number] of Object.entries(body)) {
      if (!name.startsWith('no-')) continue;
      const drawn = `${name} ${Number(number)}`;
      const owner = owners.get(drawn) ?? nameOf(body);
      if (owner !== nameOf(body)) faults.push(`number ${drawn} was drawn for ${owner} and for ${nameOf(body)}`);
      owners.set(drawn, owner);
    }
  }
  return faults;
}

/** In each lane effects come in the order of the deliveries, and these in the order of those whose outputs they are. */
function orderFaults({ peers, person }: Evidence, rows: readonly Row[]): readonly string[] {
  const places = new Map(peers.effects.map(({ id, at }) => [id, at]));
  const parents = new Map(rows.map(({ delivery }) => [delivery.id, delivery]));
  const sent = rows.filter(({ delivery: { id, state, destination, lane } }) => {
    return (
      destination.startsWith('outbound:') && lane !== undefined && state === 'done' && places.has(id) && !person.touched.has(id)
    );
  });
  const lanes = Map.groupBy(sent, ({ delivery }) => `${delivery.destination} ${delivery.lane}`);
  return [...lanes].flatMap(([lane, members]) => {
    const ordered = members.map(({ delivery }) => delivery).sort((a, b) => a.seq - b.seq);
    const at = ordered.map(({ id }) => places.get(id) ?? 0);
    const made = ordered.flatMap(({ parent }) => {
      const found = parents.get(parent ?? '');
      return found?.entry === undefined && !person.touched.has(parent ?? '') ? [found?.seq ?? 0] : [];
    });
    return [
      ...(isAscending(at) ? [] : [`order: ${lane} took effect in the order ${at.join(' ')}`]),
      ...(isAscending(made) ? [] : [`order: ${lane} was made in the order ${made.join(' ')}`]),
    ];
  });
}

const isAscending = (numbers: readonly number[]): boolean =>
  numbers.every((number, index) => index === 0 || number >= (numbers[index - 1] ?? 0));

/** The attempts of what was sent are those that the peer was told of. */
function attemptFaults({ peers }: Evidence, rows: readonly Row[]): readonly string[] {
  return rows.flatMap(({ delivery: { id, destination, state, attempts } }) => {
    const told = peers.attempts.get(id);
    if (!destination.startsWith('outbound:') || state !== 'done' || told === attempts) return [];
    return [`attempts: ${destination} counts ${attempts} for ${id}, its peer was told ${told ?? 'of none'}`];
  });
}

/** What is missing and what is too much, of two lists in no order. */
function differences(what: string, expected: readonly string[], found: readonly string[]): readonly string[] {
  const counts = new Map<string, number>();
  for (const one of expected) counts.set(one, (counts.get(one) ?? 0) + 1);
  for (const one of found) counts.set(one, (counts.get(one) ?? 0) - 1);
  return [...counts].flatMap(([one, count]) => {
    if (count === 0) return [];
    return [count > 0 ? `${what}: ${one} is missing ${count} times` : `${what}: ${one} is there ${-count} times too often`];
  });
}
