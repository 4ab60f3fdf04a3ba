// A place for embedded stores under test.

import { cp, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { StorePlace } from '../conformance/place.ts';
import { openSqliteStore } from './open.ts';

/** A new folder. A kill is a copy of the folder's files while the store is open: what a killed process leaves behind. */
export async function makeSqlitePlace(inThread: boolean): Promise<StorePlace> {
  const parent = await mkdtemp(join(tmpdir(), 'mortise-store-'));
  let generation = 0;
  const folder = () => join(parent, String(generation));
  return {
    open: (nowMs) => openSqliteStore({ folder: folder(), nowMs, inThread }),
    kill: async (store) => {
      const left = folder();
      generation++;
      await cp(left, folder(), { recursive: true });
      await store.close();
    },
    remove: () => rm(parent, { recursive: true, force: true }),
  };
}
