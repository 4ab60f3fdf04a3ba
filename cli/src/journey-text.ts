// A journey as a tree of text: each message, its deliveries, and below each of those the messages that it made.

import { formatSize } from '@mortise/sdk';
import type { Journey, JourneyMessage } from '@mortise/engine';
import { keysText, localTime } from './message-rows.ts';
import { plain, styleOfState } from './terminal.ts';
import type { Terminal } from './terminal.ts';

type JourneyDelivery = JourneyMessage['deliveries'][number];

/** `asked` is the id that was asked for: it stands out. */
export function journeyText({ messages }: Journey, asked: string, terminal: Terminal): string {
  const byId = new Map(messages.map((message) => [message.id, message]));
  const made = new Set(messages.flatMap(({ deliveries }) => deliveries.flatMap((delivery) => delivery.messages)));
  const roots = messages.filter(({ id }) => !made.has(id));
  return roots.flatMap((message) => messageLines(message, { byId, asked, terminal })).join('\n');
}

const journeysShown = 5;

interface Context {
  readonly byId: ReadonlyMap<string, JourneyMessage>;
  readonly asked: string;
  readonly terminal: Terminal;
}

function messageLines(message: JourneyMessage, context: Context): readonly string[] {
  const { terminal, asked } = context;
  const { id, type, source, subject, bodyBytes, contentType, keys, acceptedAt, parent, replayOf, members } = message;
  const facts = [
    parent === undefined ? `accepted ${localTime(acceptedAt)}` : undefined,
    source,
    contentType,
    formatSize(bodyBytes),
  ];
  const head = `${terminal.style(id === asked ? 'bold' : 'cyan', id)} ${plain(type)}${subject === undefined ? '' : ` "${plain(subject)}"`}`;
  const about = [
    ...facts,
    replayOf === undefined ? undefined : `replay of ${replayOf}`,
    membersText(message.root, members),
    keysText(keys) || undefined,
  ];
  const lines = [
    head,
    terminal.style(
      'dim',
      `  ${about
        .filter((fact) => fact !== undefined)
        .map(plain)
        .join(', ')}`,
    ),
  ];
  return [...lines, ...branches(message.deliveries, (delivery) => deliveryLines(delivery, context))];
}

/** How many messages it was made of, and from which other journeys the first of those came. */
function membersText(root: string, members: JourneyMessage['members']): string | undefined {
  if (!members) return undefined;
  const others = [...new Set(members.map((member) => member.root))].filter((other) => other !== root);
  const shown = others.slice(0, journeysShown).join(' ');
  const more = others.length > journeysShown ? ` and ${others.length - journeysShown} more` : '';
  return `made of ${members.length} held messages${others.length > 0 ? ` (journeys ${shown}${more})` : ''}`;
}

function deliveryLines(delivery: JourneyDelivery, context: Context): readonly string[] {
  const { terminal, asked, byId } = context;
  const { id, destination, state, attempts, error, detail, dueAt, lane, into, othersHeld, heldBy } = delivery;
  const facts = [
    attempts > 1 ? `${attempts} attempts` : undefined,
    detail,
    dueAt === undefined ? undefined : `due ${localTime(dueAt)}`,
    lane === undefined ? undefined : `lane ${lane}`,
    into === undefined ? undefined : `became a part of ${into.message}`,
    othersHeld === undefined ? undefined : `${othersHeld} others of its group wait for it`,
    heldBy === undefined ? undefined : `waits for ${heldBy.delivery} of its group, which is dead`,
  ];
  const about = facts
    .filter((fact) => fact !== undefined)
    .map(plain)
    .join(', ');
  const head = `${plain(destination)} ${terminal.style(styleOfState(state), state)}${about === '' ? '' : terminal.style('dim', ` (${about})`)}`;
  const isOpen = state === 'dead' || state === 'in-doubt' || state === 'held' || state === 'waiting';
  const why = error ? [`  ${error.code}: ${plain(error.message)}`, `  remedy: ${plain(error.remedy)}`] : [];
  const name = isOpen || id === asked ? [terminal.style('dim', `  delivery ${id}`)] : [];
  const children = delivery.messages.flatMap((child) => byId.get(child) ?? []);
  return [head, ...why, ...name, ...branches(children, (child) => messageLines(child, context))];
}

/** The lines of each, hung on a branch. */
function branches<One>(all: readonly One[], linesOf: (one: One) => readonly string[]): readonly string[] {
  return all.flatMap((one, index) => {
    const isLast = index === all.length - 1;
    return linesOf(one).map((line, at) => (at === 0 ? (isLast ? '└─ ' : '├─ ') : isLast ? '   ' : '│  ') + line);
  });
}
