// Rows of the journal as a table.

import type { MessageRow } from '@mortise/engine';
import { tableText } from './table.ts';
import type { Column } from './table.ts';
import { styleOfState } from './terminal.ts';
import type { Terminal } from './terminal.ts';

export function rowsText(rows: readonly MessageRow[], terminal: Terminal): string {
  return rows.length === 0 ? 'No messages.' : tableText(rows, columns, terminal);
}

const columns: readonly Column<MessageRow>[] = [
  { title: 'TIME', text: ({ delivery }) => localTime(delivery.createdAt), whole: true },
  { title: 'STATE', text: ({ delivery }) => delivery.state, style: ({ delivery }) => styleOfState(delivery.state), whole: true },
  { title: 'DESTINATION', text: ({ delivery }) => delivery.destination },
  { title: 'TYPE', text: ({ message }) => message.type },
  { title: 'KEYS', text: ({ message }) => keysText(message.keys) },
  { title: 'TRIES', text: ({ delivery }) => (delivery.attempts > 1 ? delivery.attempts : undefined), align: 'right' },
  { title: 'MESSAGE', text: ({ message }) => message.id, whole: true },
  { title: 'WHY', text: ({ delivery }) => delivery.error?.message },
];

export function keysText(keys: Readonly<Record<string, string>>): string {
  return Object.entries(keys)
    .map(([name, value]) => `${name}=${value}`)
    .join(' ');
}

/** `2026-11-23 13:41:05.123` where the person is. */
export function localTime(time: string): string {
  const date = new Date(time);
  const local = new Date(date.getTime() - date.getTimezoneOffset() * 60_000);
  return local.toISOString().replace('T', ' ').replace('Z', '');
}
