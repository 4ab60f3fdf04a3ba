// Lists of columns that several questions select, in the order in which rows are read.

import { fixedColumns, outcomeColumns } from './delivery-row.ts';
import { messageColumns } from './message-row.ts';

/** What never changes of delivery `d`, with the id of its message `m`. */
export const fixedOf = fixedColumns.map((column) => (column === 'message' ? 'm.id' : `d.${column}`)).join(', ');

/** Of message `m`; its checksum stands behind the columns. */
export const messageOf = [...messageColumns, 'checksum'].map((column) => `m.${column}`).join(', ');

/** The state and outcome of a delivery that is in `table`. */
export function outcomeOf(table: 'o' | 'e'): string {
  return ['state', ...outcomeColumns].map((column) => `${table}.${column}`).join(', ');
}

/** A condition that looks at the clock once in a thousand rows; `seq` is a column. */
export function inTime(seq: string): string {
  return `(${seq} & 1023 OR in_time())`;
}

/**
 * Links `l` of a journey's messages: all ids of a journey begin with the millisecond in which its root was accepted.
 * Bound to what `journeyRange` gives.
 */
export const linksOfJourney =
  'links l WHERE l.message BETWEEN ? AND ? AND l.other = 0 AND ifnull(l.root, l.message) = ? AND in_time()';

/** The first and the last id of the root's millisecond, and the root. */
export function journeyRange(root: Uint8Array): readonly [Uint8Array, Uint8Array, Uint8Array] {
  const [first, last] = [new Uint8Array(16), new Uint8Array(16).fill(255)];
  first.set(root.subarray(0, 6));
  last.set(root.subarray(0, 6));
  return [first, last, root];
}
