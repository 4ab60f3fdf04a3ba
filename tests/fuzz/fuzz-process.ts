// Runs the fuzzing of a format in a process of its own, with little memory, and ends it where it stands still.

import { spawn } from 'node:child_process';
import { fileURLToPath } from 'node:url';

/** More than any format needs for files of some kilobytes; what keeps something of each of them does not get far. */
const heapMebibytes = 256;
/** Between two signs of life lie 500 files, which take a second. */
const stallMs = 120_000;

/** What the process said last: `{ "done": count }`, or what is wrong. */
export async function fuzz(format: string, count: number, seed: number): Promise<unknown> {
  const script = fileURLToPath(new URL('fuzz.ts', import.meta.url));
  const args = [`--max-old-space-size=${heapMebibytes}`, script, format, String(count), String(seed)];
  const child = spawn(process.execPath, args, { stdio: ['ignore', 'pipe', 'pipe'] });
  let [out, errors, isStalled] = ['', '', false];
  const stalled = (): void => {
    isStalled = true;
    child.kill('SIGKILL');
  };
  let watch = setTimeout(stalled, stallMs);
  child.stdout.on('data', (piece: Buffer) => {
    clearTimeout(watch);
    watch = setTimeout(stalled, stallMs);
    out = (out + piece.toString()).slice(-200_000);
  });
  child.stderr.on('data', (piece: Buffer) => (errors = (errors + piece.toString()).slice(0, 10_000)));
  const exitCode = await new Promise<number | null>((resolve) => child.once('close', resolve));
  clearTimeout(watch);
  const last = out.trim().split('\n').at(-1) ?? '';
  if (isStalled) return { stalled: last };
  return exitCode === 0 || last.startsWith('{') ? (JSON.parse(last) as unknown) : { exitCode, last, errors };
}
