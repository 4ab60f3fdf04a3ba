// A large file through the engine: not a byte is changed, and it is never whole in memory.

import { createHash, randomBytes } from 'node:crypto';
import {
  closeSync,
  createReadStream,
  existsSync,
  mkdirSync,
  openSync,
  readdirSync,
  readFileSync,
  renameSync,
  writeSync,
} from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { ownEngines, until } from './engine-process.ts';
import { writeProject } from './orders-project.ts';

const mebibyte = 1024 * 1024;
/** `MORTISE_TEST_MEBIBYTES=1024` for the figures of docs/reliability.md. */
const fileMebibytes = Number(process.env['MORTISE_TEST_MEBIBYTES'] ?? 64);
/** A first file half as long brings buffers and garbage to their usual size: one that is held whole would take as much again. */
const firstMebibytes = 32;
const growthBytesMax = 24 * mebibyte;

const engines = ownEngines();

it.skipIf(process.platform !== 'linux')(
  `passes ${fileMebibytes} MiB from folder to folder, the same bytes, in bounded memory (needs /proc of Linux)`,
  { timeout: 1_200_000 },
  async () => {
    const folder = writeProject({
      'mortise.yaml': 'name: pages\nlimits: { message: 2GiB, freeDisk: 64MiB }\n',
      'systems/scanner.yaml': `
connector: file
connection: { folder: scans }
inbounds: { pages: { uses: read, pattern: "*.tiff", settle: 0ms, every: 100ms, format: binary } }
`,
      'systems/archive.yaml': `
connector: file
connection: { folder: archive, create: true }
outbounds: { keep: { uses: write, name: "\${$message.subject}", format: binary } }
`,
      'flows/pages.yaml': 'from: { system: scanner, inbound: pages }\nto: { system: archive, outbound: keep }\n',
    });
    mkdirSync(join(folder, 'scans'));
    const engine = await engines.start({ folder });
    await engine.ready();
    drop(folder, 'first.tiff', firstMebibytes);
    await until(() => existsSync(join(folder, 'archive/first.tiff')));
    await engine.settled();
    const pid = engine.child.pid ?? 0;
    const beforeBytes = peakBytes(pid);

    const sent = drop(folder, 'large.tiff', fileMebibytes);
    await until(() => existsSync(join(folder, 'archive/large.tiff')), 1_000_000);
    await engine.settled();
    expect(await sha256Of(join(folder, 'archive/large.tiff'))).toBe(sent);
    expect(peakBytes(pid) - beforeBytes).toBeLessThan(growthBytesMax);
    expect((await engine.balance()).even).toBe(true);
    expect(readdirSync(join(folder, 'scans/.done')).sort()).toEqual(['first.tiff', 'large.tiff']);
  },
);

/** Writes a file of random bytes under another name, renames it, and gives its SHA-256. */
function drop(folder: string, name: string, mebibytes: number): string {
  const hash = createHash('sha256');
  const path = join(folder, 'scans', `${name}.part`);
  const file = openSync(path, 'w');
  for (let written = 0; written < mebibytes; written++) {
    const bytes = randomBytes(mebibyte);
    hash.update(bytes);
    writeSync(file, bytes);
  }
  closeSync(file);
  renameSync(path, join(folder, 'scans', name));
  return hash.digest('hex');
}

async function sha256Of(path: string): Promise<string> {
  const hash = createHash('sha256');
  for await (const chunk of createReadStream(path)) hash.update(chunk as Uint8Array);
  return hash.digest('hex');
}

/** The most memory that the process ever had, in bytes: `VmHWM` of proc(5). */
function peakBytes(pid: number): number {
  const kibibytes = /^VmHWM:\s+(\d+) kB$/m.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1];
  return Number(kibibytes) * 1024;
}
