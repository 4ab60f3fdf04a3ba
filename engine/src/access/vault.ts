// Secrets, encrypted at rest: each under a data key, which is sealed under a key that lies elsewhere. They go to connectors only.

import type { DatabaseSync } from 'node:sqlite';
import { prepared, transaction } from './database.ts';
import type { Prepare } from './database.ts';
import { accessError } from './errors.ts';
import { newKey, seal, unseal, wrappingKeys, writeWrappingKeys } from './sealing.ts';

type Variables = Readonly<Record<string, string | undefined>>;

/** What may be shown of a secret. */
export interface SecretFacts {
  readonly name: string;
  /** Counts the changes. */
  readonly version: number;
  readonly changedAtMs: number;
}

export class Vault {
  private readonly database: DatabaseSync;
  private readonly prepare: Prepare;
  private readonly folder: string;
  private readonly variables: Variables;

  constructor(database: DatabaseSync, folder: string, variables: Variables = process.env) {
    this.database = database;
    this.prepare = prepared(database);
    this.folder = folder;
    this.variables = variables;
  }

  list(): readonly SecretFacts[] {
    return this.all().filter(({ name }) => !name.includes('/'));
  }

  /** With those that Mortise itself keeps here. */
  private all(): readonly SecretFacts[] {
    const rows = this.prepare('SELECT name, version, changed_at FROM secrets ORDER BY name').all();
    return rows.map((row) => ({
      name: String(row['name']),
      version: Number(row['version']),
      changedAtMs: Number(row['changed_at']),
    }));
  }

  /** Undefined where there is none of this name. Throws MORTISE_ACCESS_SECRETS_KEY where it cannot be opened. */
  text(name: string): string | undefined {
    const row = this.prepare('SELECT key, sealed FROM secrets WHERE name = ?').get(name);
    if (!row) return undefined;
    const text = unseal(this.dataKey(Number(row['key'])), name, row['sealed'] as Uint8Array);
    if (text) return text.toString();
    throw accessError('MORTISE_ACCESS_SECRETS_KEY', `The secret "${name}" was changed where it is stored.`);
  }

  set(name: string, text: string, nowMs: number): SecretFacts {
    return transaction(this.database, () => {
      const { id, key } = this.newestDataKey(nowMs);
      this.prepare(
        `INSERT INTO secrets (name, version, changed_at, key, sealed) VALUES (?, 1, ?, ?, ?)
         ON CONFLICT (name) DO UPDATE SET version = version + 1, changed_at = excluded.changed_at, key = excluded.key, sealed = excluded.sealed`,
      ).run(name, nowMs, id, seal(key, name, Buffer.from(text)));
      const version = this.prepare('SELECT version FROM secrets WHERE name = ?').get(name)?.['version'];
      return { name, version: Number(version), changedAtMs: nowMs };
    });
  }

  /** Throws MORTISE_ACCESS_UNKNOWN. */
  remove(name: string): void {
    const { changes } = this.prepare('DELETE FROM secrets WHERE name = ?').run(name);
    if (changes === 0) throw accessError('MORTISE_ACCESS_UNKNOWN', `There is no secret "${name}".`);
  }

  /** All secrets under a new data key; the former one is forgotten. Gives how many there are. */
  rotateDataKey(nowMs: number): number {
    const texts = this.all().map(({ name }) => ({ name, text: this.text(name) ?? '' }));
    return transaction(this.database, () => {
      const { id, key } = this.addDataKey(newKey(), nowMs);
      for (const { name, text } of texts)
        this.prepare('UPDATE secrets SET key = ?, sealed = ? WHERE name = ?').run(id, seal(key, name, Buffer.from(text)), name);
      this.prepare('DELETE FROM data_keys WHERE id != ?').run(id);
      return texts.length;
    });
  }

  /**
   * Seals the data keys under the first of the wrapping keys, as they are now. Where the file is Mortise's own, under a new one,
   * and the former one is forgotten.
   */
  rotateWrappingKey(): void {
    const { keys, ownFile } = wrappingKeys(this.folder, this.variables, true);
    const next = ownFile === undefined ? keys : [newKey(), ...keys];
    // Both are there until the data keys are sealed anew: a crash between loses nothing.
    if (ownFile !== undefined) writeWrappingKeys(ownFile, next);
    transaction(this.database, () => {
      for (const row of this.prepare('SELECT id FROM data_keys').all()) {
        const id = Number(row['id']);
        this.prepare('UPDATE data_keys SET sealed = ? WHERE id = ?').run(
          seal(next[0] ?? newKey(), keyWords(id), this.dataKey(id)),
          id,
        );
      }
    });
    if (ownFile !== undefined) writeWrappingKeys(ownFile, next.slice(0, 1));
  }

  private newestDataKey(nowMs: number): { readonly id: number; readonly key: Buffer } {
    const id = this.prepare('SELECT max(id) AS id FROM data_keys').get()?.['id'];
    return typeof id === 'number' ? { id, key: this.dataKey(id) } : this.addDataKey(newKey(), nowMs);
  }

  private addDataKey(key: Buffer, nowMs: number): { readonly id: number; readonly key: Buffer } {
    const [first = key] = wrappingKeys(this.folder, this.variables, true).keys;
    const id = Number(this.prepare('SELECT coalesce(max(id), 0) + 1 AS id FROM data_keys').get()?.['id']);
    this.prepare('INSERT INTO data_keys (id, made_at, sealed) VALUES (?, ?, ?)').run(id, nowMs, seal(first, keyWords(id), key));
    return { id, key };
  }

  private dataKey(id: number): Buffer {
    const { keys, place } = wrappingKeys(this.folder, this.variables, false);
    const sealed = this.prepare('SELECT sealed FROM data_keys WHERE id = ?').get(id)?.['sealed'];
    for (const key of keys) {
      const opened = sealed instanceof Uint8Array ? unseal(key, keyWords(id), sealed) : undefined;
      if (opened) return opened;
    }
    throw accessError(
      'MORTISE_ACCESS_SECRETS_KEY',
      `${place} is not the key under which the secrets of this data folder were stored.`,
    );
  }
}

function keyWords(id: number): string {
  return `data key ${id}`;
}
