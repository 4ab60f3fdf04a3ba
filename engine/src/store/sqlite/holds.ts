// Legal holds: which journeys are kept whatever their age, and are not erased.

import type { HeldAbout, StoredHold } from '../store.ts';
import { hashKey } from './key-hash.ts';
import { findRootsToWrite } from './business-key-table.ts';
import { journeyRange } from './selects.ts';
import type { Statements } from './statements.ts';
import { uuidToBytes } from './uuid.ts';
import { asBytes, asNumber, asText, readJson } from './values.ts';

const always = Number.MAX_SAFE_INTEGER;
const hasDelivery = `SELECT 1 FROM links l CROSS JOIN links o ON o.message = l.message CROSS JOIN deliveries d ON d.seq = o.seq
  WHERE l.message BETWEEN ? AND ? AND l.other = 0 AND ifnull(l.root, l.message) = ?
  AND (? IS NULL OR d.flow = (SELECT id FROM names WHERE name = ?)) AND d.created_at >= ? AND d.created_at < ? LIMIT 1`;

/** Oldest first. */
export function readHolds(statements: Statements): readonly StoredHold[] {
  const rows = statements.rows('SELECT id, at, who, reason, about FROM holds ORDER BY at, id');
  return rows.map(([id, at, who, reason, about]) => ({
    id: asText(id),
    atMs: asNumber(at),
    who: asText(who),
    reason: asText(reason),
    about: readJson<HeldAbout>(about),
  }));
}

/** The roots that a business key leads to; a few at most, since it names one thing or person. */
export function rootsOfKey(
  statements: Statements,
  { name, value }: { readonly name: string; readonly value: string },
): readonly Uint8Array[] {
  const secret = asNumber(statements.row("SELECT value FROM facts WHERE name = 'secret'")?.[0]);
  return findRootsToWrite(statements, name, value, hashKey(secret, name, value)).map(([root]) => asBytes(root));
}

/** What is held as of now: made anew for each question. */
export class HeldJourneys {
  readonly #statements: Statements;
  readonly #holds: readonly { readonly id: string; holds(root: Uint8Array, hex: string): boolean }[];
  readonly #known = new Map<string, readonly string[]>();

  constructor(statements: Statements) {
    this.#statements = statements;
    this.#holds = readHolds(statements).map(({ id, about }) => ({ id, holds: this.#condition(about) }));
  }

  get isEmpty(): boolean {
    return this.#holds.length === 0;
  }

  /** The ids of the holds that keep this journey. */
  holding(root: Uint8Array): readonly string[] {
    const hex = hexOf(root);
    const known = this.#known.get(hex);
    if (known) return known;
    const found = this.#holds.filter((hold) => hold.holds(root, hex)).map(({ id }) => id);
    this.#known.set(hex, found);
    return found;
  }

  #condition(about: HeldAbout): (root: Uint8Array, hex: string) => boolean {
    if ('journey' in about) {
      const held = hexOf(uuidToBytes(about.journey));
      return (_root, hex) => hex === held;
    }
    if ('key' in about) {
      const roots = new Set(rootsOfKey(this.#statements, about.key).map(hexOf));
      return (_root, hex) => roots.has(hex);
    }
    const { flow = null, fromMs = -always, untilMs = always } = about;
    return (root) => this.#statements.row(hasDelivery, ...journeyRange(root), flow, flow, fromMs, untilMs) !== undefined;
  }
}

export function hexOf(bytes: Uint8Array): string {
  return Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString('hex');
}
