// Rows as a file that the reader keeps.

import type { MessageRow } from '../api/types.ts';

const columns = ['time', 'message', 'delivery', 'destination', 'state', 'type', 'keys', 'error'] as const;

export function exportRows(rows: readonly MessageRow[], as: 'csv' | 'jsonl'): void {
  const text = as === 'csv' ? csv(rows) : rows.map((row) => JSON.stringify(row)).join('\n');
  saveFile(`messages.${as}`, as === 'csv' ? 'text/csv' : 'application/jsonl', text);
}

export function saveFile(name: string, type: string, text: string): void {
  const address = URL.createObjectURL(new Blob([text], { type }));
  const link = document.createElement('a');
  [link.href, link.download] = [address, name];
  link.click();
  URL.revokeObjectURL(address);
}

function csv(rows: readonly MessageRow[]): string {
  const lines = rows.map(({ message, delivery }) => [
    delivery.createdAt,
    message.id,
    delivery.id,
    delivery.destination,
    delivery.state,
    message.type,
    Object.entries(message.keys)
      .map(([name, value]) => `${name}=${value}`)
      .join(' '),
    delivery.error?.message ?? '',
  ]);
  return [columns, ...lines].map((line) => line.map(cell).join(',')).join('\r\n');
}

/** A spreadsheet takes what begins with one of these for a formula. */
function cell(text: string): string {
  const safe = /^[=+\-@\t\r]/.test(text) ? `'${text}` : text;
  return /[",\r\n]/.test(safe) ? `"${safe.replaceAll('"', '""')}"` : safe;
}
