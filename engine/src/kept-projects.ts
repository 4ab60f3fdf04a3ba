// The projects that ran, as their files were then: so that a flow can be run again on the revision that is recorded.

import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Drafts } from './project/folder.ts';
import type { Project } from './project/load.ts';

/** So many are kept, the newest. Their files are kept once each. */
const keptMax = 100;

interface Kept {
  readonly environment?: string;
  /** By path the hash of the text. */
  readonly files: Readonly<Record<string, string>>;
  /** By name the revision. */
  readonly flows: Readonly<Record<string, string>>;
}

export class KeptProjects {
  private readonly folder: string;

  constructor(dataFolder: string) {
    this.folder = join(dataFolder, 'projects');
  }

  /** Keeps what runs from now on. */
  keep(project: Project): void {
    const file = join(this.folder, `${project.revision}.json`);
    rmSync(file, { force: true });
    mkdirSync(join(this.folder, 'files'), { recursive: true, mode: 0o700 });
    const files = Object.fromEntries([...project.files].map(([path, bytes]) => [path, this.keepFile(bytes)]));
    const flows = Object.fromEntries([...project.compiled].map(([name, flow]) => [name, flow.revision]));
    const { environment } = project;
    const kept: Kept = { ...(environment === undefined ? {} : { environment }), files, flows };
    writeFileSync(file, JSON.stringify(kept), { mode: 0o600 });
    this.forgetOld();
  }

  /** The files with which the flow had this revision; undefined where they are not kept. */
  find(flow: string, revision: string): { readonly files: Drafts; readonly environment?: string } | undefined {
    for (const name of this.newestFirst()) {
      const { flows, files, environment } = this.read(name);
      if (flows[flow] !== revision) continue;
      const texts = Object.entries(files).map(([path, hash]) => [path, readFileSync(this.placeOf(hash), 'utf8')] as const);
      return { files: new Map(texts), ...(environment === undefined ? {} : { environment }) };
    }
    return undefined;
  }

  private keepFile(bytes: Uint8Array): string {
    const hash = createHash('sha256').update(bytes).digest('hex');
    if (!existsSync(this.placeOf(hash))) writeFileSync(this.placeOf(hash), bytes, { mode: 0o600 });
    return hash;
  }

  private forgetOld(): void {
    const names = this.newestFirst();
    for (const name of names.slice(keptMax)) rmSync(join(this.folder, name), { force: true });
    if (names.length <= keptMax) return;
    const used = new Set(names.slice(0, keptMax).flatMap((name) => Object.values(this.read(name).files)));
    for (const hash of readdirSync(join(this.folder, 'files'))) if (!used.has(hash)) rmSync(this.placeOf(hash), { force: true });
  }

  private newestFirst(): readonly string[] {
    if (!existsSync(this.folder)) return [];
    const names = readdirSync(this.folder).filter((name) => name.endsWith('.json'));
    const times = new Map(names.map((name) => [name, statSync(join(this.folder, name)).mtimeMs]));
    return names.toSorted((a, b) => (times.get(b) ?? 0) - (times.get(a) ?? 0));
  }

  private read(name: string): Kept {
    // Only this class writes into the folder.
    return JSON.parse(readFileSync(join(this.folder, name), 'utf8')) as Kept;
  }

  private placeOf(hash: string): string {
    return join(this.folder, 'files', hash);
  }
}
