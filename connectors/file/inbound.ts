// The inbound of the file connector: looks for files that are whole, claims one after the other, hands it over, moves it away.

import { join } from 'node:path';
import { Busy, implementInbounds, Unavailable } from '@mortise/sdk';
import type { Accepted, Inbound, InboundContextOf, Refusal } from '@mortise/sdk';
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
  /** Whether there may be claims that were not accepted: of an engine that died, or of a poll that failed. */
  #claimsLeft = true;
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
    const failures: unknown[] = [];
    const left = this.#claimsLeft ? await this.#findClaims() : [];
    this.#claimsLeft = true;
    for (const claimed of left) await this.#take(claimed, failures);
    for (const { name } of await this.#settled()) {
      if (this.#stops) break;
      const claimed = await claim(connection.folder, name, this.#claimsFolder).catch((error: unknown) =>
        this.#failed(name, error, failures),
      );
      if (claimed) await this.#take(claimed, failures);
    }
    if (failures.length > 0) throw failures[0];
    this.#claimsLeft = this.#stops;
    return 'idle';
  }

  get #stops(): boolean {
    return this.#closed || this.#context.signal.aborted;
  }

  /** Inbounds of several patterns may share a folder: each takes up what is its own. */
  async #findClaims(): Promise<readonly Claim[]> {
    const { options, log } = this.#context;
    const all = await leftClaims(this.#claimsFolder);
    const own = all.filter(({ name }) => isWanted(name, options.pattern));
    if (own.length < all.length) {
      log.warn(
        { folder: this.#claimsFolder, files: all.length - own.length },
        'Claimed files were left that do not fit the pattern.',
      );
    }
    return own.toSorted((a, b) => compare(a.name, b.name));
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
  async #take(claimed: Claim, failures: unknown[]): Promise<void> {
    if (this.#stops) return;
    try {
      await this.#handOver(claimed);
    } catch (error) {
      // The engine takes nothing now: the next file would fare no better.
      if (error instanceof Busy || error instanceof Unavailable) throw error;
      this.#failed(claimed.name, error, failures);
    }
  }

  /** The poll goes on with the next file, and fails at its end. */
  #failed(name: string, error: unknown, failures: unknown[]): undefined {
    this.#context.log.error({ file: name, error }, 'A file could not be taken; it is taken up again.');
    failures.push(error);
  }

  async #handOver(claimed: Claim): Promise<void> {
    const { accept, options } = this.#context;
    const file = await readClaimed(pathOf(claimed), claimed.name).catch(refusalOf);
    if ('code' in file) return this.#putAside(claimed, [file], 0);
    await using open = file;
    const key = options.repeat === 'accept' ? `${open.key}:${open.modifiedMs}` : open.key;
    await this.#putAway(claimed, await accept([open.incoming], { key }));
  }

  async #putAway(claimed: Claim, accepted: readonly Accepted[]): Promise<void> {
    const { connection, options, clock, log } = this.#context;
    const refusals = accepted.flatMap(({ id, refused }) => (refused ? [{ id, ...refused }] : []));
    if (refusals.length > 0) return this.#putAside(claimed, refusals, accepted.length - refusals.length);
    if (accepted.length > 0 && accepted.every(({ duplicate }) => duplicate)) {
      log.info(
        { file: claimed.name, message: accepted[0]?.id },
        'A file was there before, under this name and with this content; it is skipped.',
      );
    }
    if (options.after === 'delete') await deleteClaimed(claimed);
    else await moveClaimed(claimed, join(connection.folder, options.done), clock.nowMs());
  }

  async #putAside(claimed: Claim, refused: readonly Refusal[], accepted: number): Promise<void> {
    const { connection, options, clock, log } = this.#context;
    const reason = { accepted, refused: refused.slice(0, reasonsMax) };
    const name = await moveRefused(claimed, join(connection.folder, options.refused), clock.nowMs(), reason);
    log.warn({ file: claimed.name, as: name, refused: refused.length, code: refused[0]?.code }, 'A file was refused.');
  }
}

/** A file that may not be read is put aside; whatever else went wrong may pass. */
function refusalOf(error: unknown): Refusal {
  if (!['EACCES', 'EPERM', 'ELOOP'].includes(codeOf(error))) throw error;
  return { code: codeOf(error), message: 'The file may not be read.' };
}

/** By code units, which do not depend on the machine's language. */
function compare(a: string, b: string): number {
  return a < b ? -1 : Number(a > b);
}
