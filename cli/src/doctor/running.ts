// Looks at an engine that runs: what waits for a person, what stands still, and systems that do not answer.

import type { CauseGroups, DrainView, EngineView, MessageRows, PauseView, Pinged, SystemView } from '@mortise/engine';
import type { EngineClient } from '../client.ts';
import { fail, ok, warn } from './finding.ts';
import type { Finding } from './finding.ts';

/** A pause that is older has probably been forgotten. */
const pauseMsMax = 60 * 60 * 1000;

export async function lookAtRunning(client: EngineClient, { now }: EngineView): Promise<readonly Finding[]> {
  return [
    await lookAtDeadLetters(client),
    ...(await lookAtLanes(client)),
    ...(await lookAtPauses(client, Date.parse(now))),
    ...(await lookAtDrain(client)),
    ...(await lookAtSystems(client)),
  ];
}

async function lookAtDeadLetters(client: EngineClient): Promise<Finding> {
  const { groups, complete } = await client.get<CauseGroups>('/dead-letters/causes');
  const count = groups.reduce((sum, group) => sum + group.count, 0);
  if (count === 0) return ok('dead letters', 'none');
  const oldest = groups.map(({ oldestAt }) => oldestAt).toSorted()[0];
  return warn(
    'dead letters',
    `${complete ? '' : 'More than '}${count} wait for a person, the oldest since ${oldest}.`,
    'See why with "mortise dead-letters --causes"; then retry or discard them.',
  );
}

async function lookAtLanes(client: EngineClient): Promise<readonly Finding[]> {
  const { rows } = await client.get<MessageRows>('/dead-letters', { limit: 1000 });
  const held = rows.flatMap(({ delivery }) => (delivery.holdsLane ? [delivery] : []));
  return held
    .slice(0, 5)
    .map(({ id, lane = '', destination }) =>
      warn(
        'lane',
        `${destination}: all behind "${lane}" wait for delivery ${id}.`,
        `Decide about it: mortise retry ${id}, or mortise discard ${id} --reason WHY.`,
      ),
    );
}

async function lookAtPauses(client: EngineClient, nowMs: number): Promise<readonly Finding[]> {
  const pauses = await client.get<readonly PauseView[]>('/pauses');
  return pauses.map(({ kind, name, since, reason, drain }) => {
    const words = kind === 'engine' ? 'engine' : `${kind} ${name}`;
    const detail = `${words} is ${drain?.state ?? 'paused'} since ${since}${reason === undefined ? '' : `: ${reason}`}`;
    if (nowMs - Date.parse(since) < pauseMsMax) return ok('pause', detail);
    return warn('pause', `${detail}.`, `If it was forgotten: mortise resume ${words}`);
  });
}

async function lookAtDrain(client: EngineClient): Promise<readonly Finding[]> {
  const { state, since } = await client.get<DrainView>('/drain');
  if (state === 'off') return [];
  const remedy = 'Stop it, or let it take messages again: mortise drain --cancel';
  return [warn('drain', `The engine is ${state} since ${since}, and takes no messages.`, remedy)];
}

async function lookAtSystems(client: EngineClient): Promise<readonly Finding[]> {
  const systems = await client.get<readonly SystemView[]>('/systems');
  const findings = await Promise.all(systems.map((system) => lookAtSystem(client, system)));
  return findings.flat();
}

/** One that stands still is not asked: it may be down on purpose. */
async function lookAtSystem(client: EngineClient, { name, standstill, inbounds }: SystemView): Promise<readonly Finding[]> {
  if (standstill) return [ok('system', `${name} is not asked: ${standstill.reason}`)];
  const failing = inbounds.filter(({ state }) => state === 'failing');
  if (failing.length > 0)
    return failing.map(({ target, problem = 'it fails' }) =>
      fail('inbound', `${target}: ${problem}`, 'Mend what it names; the engine tries again by itself.'),
    );
  const { connections } = await client.post<Pinged>(`/systems/${encodeURIComponent(name)}/ping`);
  return connections.map(({ connector, state, detail = '', remedy }) => {
    const told = `${name}, ${connector}`;
    if (state === 'fails')
      return fail('system', `${told}: ${detail}`, remedy ?? 'Look whether it runs, and whether its connection is written right.');
    return ok('system', state === 'answers' ? `${told} answers` : `${told}: there is no way to ask`);
  });
}
