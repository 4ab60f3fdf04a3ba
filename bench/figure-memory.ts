// The row "memory": an engine that idles, one under full load, and one long message.

import { mkdirSync, readdirSync, statSync, writeFileSync } from 'node:fs';
import { request } from 'node:http';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { setTimeout as sleep } from 'node:timers/promises';
import { contenderPort, controlPort, host } from './addresses.ts';
import type { FigureConditions, FigureRow, Finding } from './figure.ts';
import { startMortise, withFolder, withMortise } from './one-engine.ts';
import { requireFreePorts, runLoad, until } from './processes.ts';

const idleSecondsMax = 10;
const bytesMax = { idle: 150e6, load: 300e6, large: 300e6 };
const chunkBytes = 1024 * 1024;
const largePath = '/files';

export const memory: FigureRow = {
  name: 'memory',
  title: 'Memory: resident, as the kernel counts it',
  async measure(conditions) {
    return [...(await idleAndLoad(conditions)), await large(conditions)];
  },
};

function idleAndLoad(conditions: FigureConditions): Promise<readonly Finding[]> {
  const { seconds, connections } = conditions;
  const project = join(import.meta.dirname, 'projects/intake');
  return withMortise(
    conditions,
    project,
    () => undefined,
    async (engine) => {
      await sleep(Math.min(seconds, idleSecondsMax) * 1000);
      const idle = engine.usage().residentBytes;
      await runLoad({ port: contenderPort, seconds, connections, firstNumber: 1 });
      const peak = engine.usage().residentBytesPeak;
      return [finding('idle', idle, bytesMax.idle), finding('under full load, at most', peak, bytesMax.load)];
    },
  );
}

/** From the inbound listener into a file, as a stream. */
async function large(conditions: FigureConditions): Promise<Finding> {
  const { largeBytes } = conditions;
  await requireFreePorts();
  return withFolder(conditions.folder, async (folder) => {
    const archive = join(folder, 'archive');
    const engine = startMortise(conditions, writeLargeProject(join(folder, 'project'), archive), join(folder, 'data'));
    const arrived = async (): Promise<boolean> =>
      readdirSync(archive).some((name) => statSync(join(archive, name)).size === largeBytes);
    try {
      await Promise.race([engine.died, until(async () => (await postFile(1)) === 202)]);
      await postFile(largeBytes);
      await Promise.race([engine.died, until(arrived, 600_000)]);
      const what = `one message of ${Math.round(largeBytes / 1e6)} MB, in and out, at most`;
      return finding(what, engine.usage().residentBytesPeak, bytesMax.large);
    } finally {
      await engine.stop();
    }
  });
}

function writeLargeProject(folder: string, archive: string): string {
  const files = {
    'mortise.yaml': `name: bench-large\nlisteners: { inbound: "${host}:${contenderPort}", control: "${host}:${controlPort}" }\nlimits: { message: 4GiB }\n`,
    'systems/sender.yaml': `connector: http\ninbounds: { file: { uses: webhook, path: ${largePath}, format: binary, verify: { scheme: none } } }\n`,
    'systems/archive.yaml': `connector: file\nconnection: { folder: ${JSON.stringify(archive)}, create: true }\noutbounds: { keep: { uses: write, name: "\${$message.id}", format: binary } }\n`,
    'flows/files.yaml': 'from: { system: sender, inbound: file }\nto: { system: archive, outbound: keep }\n',
  };
  for (const part of ['systems', 'flows']) mkdirSync(join(folder, part), { recursive: true });
  for (const [name, text] of Object.entries(files)) writeFileSync(join(folder, name), text);
  return folder;
}

/** The status of the answer. */
async function postFile(bytes: number): Promise<number | undefined> {
  const headers = { 'content-type': 'application/octet-stream', 'content-length': bytes };
  const sending = request({ host, port: contenderPort, path: largePath, method: 'POST', headers, agent: false });
  const answered = new Promise<number | undefined>((resolve, reject) => {
    sending.once('response', (answer) => resolve(answer.resume().statusCode));
    sending.once('error', reject);
  });
  await Promise.all([pipeline(Readable.from(chunks(bytes)), sending), answered]);
  return answered;
}

function* chunks(bytes: number): Generator<Uint8Array> {
  const chunk = new Uint8Array(chunkBytes).fill(0x78);
  for (let left = bytes; left > 0; left -= chunkBytes) yield left < chunkBytes ? chunk.subarray(0, left) : chunk;
}

function finding(what: string, bytes: number, limit: number): Finding {
  return { text: `${what}: ${Math.round(bytes / 1e6)} MB (to hold: ≤ ${limit / 1e6} MB)`, met: bytes <= limit };
}
