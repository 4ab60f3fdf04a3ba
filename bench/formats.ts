// What a large file costs to be decoded by the command: the memory of its process at its peak, and bytes a second.
//
//   node bench/formats.ts [MiB] [format ...]      1024 MiB of each format where nothing is said
//   MORTISE_COMMAND=PATH/mortise.mjs node bench/formats.ts     an installed one in place of the sources

import { spawn } from 'node:child_process';
import { closeSync, mkdtempSync, openSync, readFileSync, rmSync, statSync, writeSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { largeFiles, piecesOf } from './large-files.ts';
import type { LargeFile } from './large-files.ts';

export interface DecodedFile {
  readonly format: string;
  readonly fileBytes: number;
  /** Documents that were written, and lines that came out. */
  readonly written: number;
  readonly read: number;
  readonly exitCode: number | null;
  readonly said: string;
  /** Of the process: time that it took of processors, and most memory that it held (VmHWM). */
  readonly processorMs: number;
  readonly residentBytesPeak: number;
}

const mebibyte = 1024 ** 2;
const lookEveryMs = 50;
const ticksPerSecond = 100;
const command = process.env['MORTISE_COMMAND'] ?? fileURLToPath(new URL('../cli/src/mortise.mjs', import.meta.url));

/** Writes a file of at least so many bytes, decodes it by the command, and removes it. */
export async function decodeLarge(format: string, bytesMin: number): Promise<DecodedFile> {
  const file = largeFiles[format];
  if (!file) throw new Error(`There is no large file of "${format}"; expected one of ${Object.keys(largeFiles).join(', ')}.`);
  const folder = mkdtempSync(join(tmpdir(), 'mortise-large-'));
  try {
    const path = join(folder, format);
    const written = writeFile(path, file, bytesMin);
    const options = file.options.flatMap((one) => ['--option', one]);
    const decoded = await run([command, 'decode', '--format', format, ...options, path], file.folder ?? folder);
    return { format, fileBytes: statSync(path).size, written, ...decoded };
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

function writeFile(path: string, file: LargeFile, bytesMin: number): number {
  const descriptor = openSync(path, 'w');
  let written = 0;
  for (const { bytes, count } of piecesOf(file, bytesMin)) {
    writeSync(descriptor, bytes);
    written = count;
  }
  closeSync(descriptor);
  return written;
}

/** The peak only ever grows: what was seen last before the end is it, but for what the last milliseconds add. */
async function run(args: readonly string[], cwd: string): Promise<Omit<DecodedFile, 'format' | 'fileBytes' | 'written'>> {
  const child = spawn(process.execPath, args, { cwd, stdio: ['ignore', 'pipe', 'pipe'] });
  let [read, said, processorMs, residentBytesPeak] = [0, '', 0, 0];
  child.stdout.on('data', (piece: Buffer) => {
    for (let at = piece.indexOf(0x0a); at >= 0; at = piece.indexOf(0x0a, at + 1)) read += 1;
  });
  child.stderr.on('data', (piece: Buffer) => (said = (said + piece.toString()).slice(0, 10_000)));
  const looking = setInterval(() => {
    const usage = usageOf(child.pid ?? 0);
    residentBytesPeak = Math.max(residentBytesPeak, usage.residentBytesPeak);
    processorMs = Math.max(processorMs, usage.processorMs);
  }, lookEveryMs);
  const exitCode = await new Promise<number | null>((resolve) => child.once('close', resolve));
  clearInterval(looking);
  return { read, said, exitCode, processorMs, residentBytesPeak };
}

/** Zeros where the system does not tell, or the process is gone. */
function usageOf(pid: number): { readonly processorMs: number; readonly residentBytesPeak: number } {
  try {
    const kibibytes = /^VmHWM:\s+(\d+)/m.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1] ?? 0;
    const fields = readFileSync(`/proc/${pid}/stat`, 'utf8').split(') ').at(-1)?.split(' ') ?? [];
    const processorMs = ((Number(fields[11]) + Number(fields[12])) / ticksPerSecond) * 1000;
    return { processorMs, residentBytesPeak: Number(kibibytes) * 1024 };
  } catch {
    return { processorMs: 0, residentBytesPeak: 0 };
  }
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  const [size = '1024', ...chosen] = process.argv.slice(2);
  console.log(
    '| format | file, MB | documents | read | MB/s of processor time | peak resident memory, MiB |\n|---|---|---|---|---|---|',
  );
  for (const format of chosen.length > 0 ? chosen : Object.keys(largeFiles)) {
    const found = await decodeLarge(format, Number(size) * mebibyte);
    const megabytes = found.fileBytes / 1e6;
    const rate = megabytes / (found.processorMs / 1000);
    const peak = (found.residentBytesPeak / mebibyte).toFixed(0);
    console.log(`| ${format} | ${megabytes.toFixed(0)} | ${found.written} | ${found.read} | ${rate.toFixed(1)} | ${peak} |`);
    if (found.exitCode !== 0) console.error(`${format} ended with ${found.exitCode}: ${found.said}`);
  }
}
