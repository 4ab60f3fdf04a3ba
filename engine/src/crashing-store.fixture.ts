// For tests: an engine that dies at a chosen commit, again and again, each time with what was on disk then.

import { cpSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fastClock, Mesh } from './mesh.fixture.ts';
import type { MeshOptions, Sent } from './mesh.fixture.ts';
import { openSqliteStore } from './store/sqlite/open.ts';
import type { Commit, CommitResult, Store } from './store/store.ts';

/** When it dies: at the commit of this number, from 1; `applied`: whether that one is on disk. */
export interface Death {
  readonly at: number;
  readonly applied: boolean;
}

const never = new Promise<never>(() => undefined);

/** A store that goes on until its death; from then on nothing that is committed is ever heard of again. */
export function mortal(inner: Store, { at, applied }: Death): { readonly store: Store; readonly died: Promise<void> } {
  const { promise: died, resolve } = Promise.withResolvers<void>();
  let commits = 0;
  const commit = (one: Commit): Promise<CommitResult> => {
    commits += 1;
    if (commits < at) return inner.commit(one);
    if (commits > at) return never;
    if (applied) void inner.commit(one).then(() => resolve(), resolve as () => void);
    else resolve();
    return never;
  };
  const store: Store = {
    recovered: inner.recovered,
    read: inner.read,
    failed: inner.failed,
    takeSeq: () => inner.takeSeq(),
    findDedupe: (key, nowMs) => inner.findDedupe(key, nowMs),
    close: () => inner.close(),
    commit,
    get queuedBytes() {
      return inner.queuedBytes;
    },
  };
  return { store, died };
}

/** Lives of one engine, each on what the one before left. */
export class Lives {
  /** What was sent in all of them, each delivery once. */
  readonly sent = new Map<string, Sent>();
  private readonly root = mkdtempSync(join(tmpdir(), 'mortise-lives-'));
  private readonly options: MeshOptions;
  private folders = 0;
  private readonly ended: Store[] = [];

  constructor(options: MeshOptions) {
    this.options = options;
  }

  /** Lives until the death, or until `live` has come to its end if there is none; tells which. */
  async live(death: Death | undefined, live: (mesh: Mesh) => Promise<void>): Promise<boolean> {
    const folder = join(this.root, String(this.folders));
    const inner = await openSqliteStore({ folder, nowMs: fastClock.nowMs, inThread: false });
    this.ended.push(inner);
    const { store, died } = mortal(inner, death ?? { at: Infinity, applied: true });
    const opening = Mesh.open({ ...this.options, store });
    const living = opening.then(async (mesh) => {
      await live(mesh);
      return mesh;
    });
    living.catch(() => undefined);
    const hasDied = await Promise.race([died.then(() => true), living.then(() => false)]);
    if (hasDied) void opening.then((mesh) => this.note(mesh));
    else await this.end(await living);
    this.folders += 1;
    cpSync(folder, join(this.root, String(this.folders)), { recursive: true });
    return hasDied;
  }

  async remove(): Promise<void> {
    await Promise.all(this.ended.map((store) => store.close()));
    rmSync(this.root, { recursive: true, force: true });
  }

  private note(mesh: Mesh): void {
    mesh.engine.dispatcher.stopping = true;
    for (const one of mesh.sent) this.sent.set(one.deliveryId, one);
  }

  private async end(mesh: Mesh): Promise<void> {
    this.note(mesh);
    await mesh.close();
  }
}
