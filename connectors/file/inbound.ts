// The inbound of the file connector: looks for files that are whole, claims one after the other, hands it over, moves it away.

import { join } from 'node:path';
import { Busy, implementInbounds, Unavailable } from '@mortise/sdk';
import type { Accepted, Inbound, InboundContextOf } from '@mortise/sdk';
import { claim, deleteClaimed, leftClaims, lookAt, moveClaimed, moveRefused, pathOf } from './claims.ts';
import type { Claim } from './claims.ts';
import { codeOf, namesIn, requireFolder } from './client.ts';
import connector from './connector.ts';
import { isWanted } from './names.ts';
import { readClaimed } from './reading.ts';
import { settling } from './settling.ts';
import type { Look, Settling } from './settling.ts';

/** A body of many records may have many faults; these many are written beside it. */
const reasonsMax = 100;

type Context = InboundContextOf<typeof connector, 'read'>;

interface Found extends Look {
  readonly name: string;
}

export const inbounds = implementInbounds(connector, {
  read: async (context) => new ReadInbound(context),
});

class ReadInbound implements Inbound {
  readonly #context: Context;
  readonly #settling: Settling;
  readonly #claimsFolder: string;
  /** Claimed and not accepted yet; undefined until it was looked for what a crash left. */
  #claims: Set<Claim> | undefined;
  #closed = false;
  #polling: Promise<unknown> = Promise.resolve();

  constructor(context: Context) {
    const { connection, options, system, name } = context;
    this.#context = context;
    this.#settling = settling(options.settle);
    this.#claimsFolder = join(connection.folder, options.claimed, encodeURIComponent(`${system}.${name}`));
  }

  poll(): Promise<'idle'> {
    const polling = this.#poll();
    this.#polling = polling.catch(() => undefined);
    return polling;
  }

  async close(): Promise<void> {
    this.#closed = true;
    await this.#polling;
  }

  async #poll(): Promise<'idle'> {
    const { connection } = this.#context;
    await requireFolder(connection);
    const claims = await this.#claimsLeft();
    const failures: unknown[] = [];
    for (const claimed of claims) await this.#take(claimed, claims, failures);
    for (const { name } of await this.#settled()) {
      if (this.#stops) break;
      const claimed = await claim(connection.folder, name, this.#claimsFolder);
      if (!claimed) continue;
      claims.add(claimed);
      await this.#take(claimed, claims, failures);
    }
    if (failures.length > 0) throw failures[0];
    return 'idle';
  }

  get #stops(): boolean {
    return this.#closed || this.#context.signal.aborted;
  }

  /** Inbounds of several patterns may share a folder: each takes up what is its own. */
  async #claimsLeft(): Promise<Set<Claim>> {
    if (this.#claims) return this.#claims;
    const left = Object.groupBy(await leftClaims(this.#claimsFolder), ({ name }) =>
      isWanted(name, this.#context.options.pattern) ? 'own' : 'others',
    );
    for (const claimed of left.others ?? []) {
      this.#context.log.warn({ file: claimed.name, folder: claimed.folder }, 'A claimed file was left that is none of the pattern; it stays.');
    }
    this.#claims = new Set(left.own?.toSorted((a, b) => compare(a.name, b.name)));
    return this.#claims;
  }

  /** The files that are whole, in order. */
  async #settled(): Promise<readonly Found[]> {
    const { connection, options, clock } = this.#context;
    const found: Found[] = [];
    for (const name of await namesIn(connection.folder, 'files')) {
      if (!isWanted(name, options.pattern)) continue;
      const look = await lookAt(join(connection.folder, name));
      if (look) found.push({ name, ...look });
    }
    this.#settling.keepOnly(new Set(found.map(({ name }) => name)));
    const settled = found.filter((file) => this.#settling.isSettled(file.name, file, clock.nowMs()));
    const byName = (a: Found, b: Found) => compare(a.name, b.name);
    return settled.toSorted(options.order === 'name' ? byName : (a, b) => a.modifiedMs - b.modifiedMs || byName(a, b));
  }

  /** Hands one file over and moves it away. What fails stays claimed and is taken up by the next poll. */
  async #take(claimed: Claim, claims: Set<Claim>, failures: unknown[]): Promise<void> {
    if (this.#stops) return;
    try {
      await this.#handOver(claimed);
      claims.delete(claimed);
    } catch (error) {
      // The engine takes nothing now: the next file would fare no better.
      if (error instanceof Busy || error instanceof Unavailable) throw error;
      if (codeOf(error) === 'ENOENT') return this.#forget(claimed, claims);
      this.#context.log.error({ file: claimed.name, error }, 'A file could not be taken; it is taken up again.');
      failures.push(error);
    }
  }

  #forget(claimed: Claim, claims: Set<Claim>): void {
    claims.delete(claimed);
    this.#context.log.warn({ file: claimed.name, folder: claimed.folder }, 'A claimed file is gone: somebody else took it away.');
  }

  async #handOver(claimed: Claim): Promise<void> {
    const { accept, options } = this.#context;
    try {
      await using file = await readClaimed(pathOf(claimed), claimed.name);
      const key = options.repeat === 'accept' ? `${file.key}:${file.modifiedMs}` : file.key;
      const accepted = await accept([file.incoming], { key });
      await this.#putAway(claimed, accepted);
    } catch (error) {
      if (!['EACCES', 'EPERM', 'ELOOP'].includes(codeOf(error))) throw error;
      await this.#putAside(claimed, [{ code: codeOf(error), message: 'The file may not be read.' }], 0);
    }
  }

  async #putAway(claimed: Claim, accepted: readonly Accepted[]): Promise<void> {
    const { connection, options, clock, log } = this.#context;
    const refusals = accepted.flatMap(({ id, refused }) => (refused ? [{ id, ...refused }] : []));
    if (refusals.length > 0) return this.#putAside(claimed, refusals, accepted.length - refusals.length);
    if (accepted.some(({ duplicate }) => duplicate)) {
      log.info({ file: claimed.name, message: accepted[0]?.id }, 'A file was there before, under this name and with this content; it is skipped.');
    }
    if (options.after === 'delete') await deleteClaimed(claimed);
    else await moveClaimed(claimed, join(connection.folder, options.done), clock.nowMs());
  }

  async #putAside(claimed: Claim, refused: readonly { readonly code: string; readonly message: string }[], accepted: number): Promise<void> {
    const { connection, options, clock, log } = this.#context;
    const reason = { accepted, refused: refused.slice(0, reasonsMax) };
    const name = await moveRefused(claimed, join(connection.folder, options.refused), clock.nowMs(), reason);
    log.warn({ file: claimed.name, as: name, refused: refused.length, code: refused[0]?.code }, 'A file was refused.');
  }
}

/** By code units, which do not depend on the machine's language. */
function compare(a: string, b: string): number {
  return a < b ? -1 : Number(a > b);
}
