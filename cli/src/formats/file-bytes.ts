// The bytes of a file or of standard input as they come, and of how far one is, where a person looks.

import { closeSync, openSync, readSync, statSync } from 'node:fs';
import { setFlagsFromString } from 'node:v8';

/** Nothing is shown of what is done sooner. */
const firstAfterMs = 1000;
const everyMs = 250;
const pieceBytes = 64 * 1024;
const clearLine = '\r\u001b[K';

export interface FileBytes {
  readonly name: string;
  readonly chunks: AsyncIterable<Uint8Array>;
  /** Takes back the line that shows how far it is: before something else is printed there. */
  hide(): void;
}

/** Throws the error of the file system where there is no such file. */
export function fileBytes(file: string, records: () => number, shows: boolean): FileBytes {
  // What is made of one record is garbage when the next one comes: more room for it costs memory, and saves hardly any time. Not
  // before all code is loaded: with other flags Node would not take what it has compiled before.
  setFlagsFromString('--semi-space-growth-factor=1');
  const isInput = file === '-';
  const size = isInput ? undefined : statSync(file).size;
  const source: AsyncIterable<Uint8Array> = isInput ? process.stdin : readInPieces(file);
  const progress = new Progress(size, records, shows && Boolean(process.stderr.isTTY));
  return { name: isInput ? 'standard input' : file, chunks: progress.through(source), hide: () => progress.hide() };
}

/**
 * One buffer for all of the file: formats copy what they keep of a chunk. Nothing else is to be done while it is read, and threads that read
 * would need memory of their own.
 */
async function* readInPieces(file: string): AsyncIterable<Uint8Array> {
  const buffer = new Uint8Array(pieceBytes);
  const descriptor = openSync(file, 'r');
  try {
    for (let bytes = readSync(descriptor, buffer); bytes > 0; bytes = readSync(descriptor, buffer))
      yield buffer.subarray(0, bytes);
  } finally {
    closeSync(descriptor);
  }
}

class Progress {
  readonly #size: number | undefined;
  readonly #records: () => number;
  readonly #shows: boolean;
  readonly #startedMs = performance.now();
  #shownMs = 0;
  #isShown = false;

  constructor(size: number | undefined, records: () => number, shows: boolean) {
    this.#size = size;
    this.#records = records;
    this.#shows = shows;
  }

  async *through(source: AsyncIterable<Uint8Array>): AsyncIterable<Uint8Array> {
    let bytes = 0;
    for await (const chunk of source) {
      bytes += chunk.length;
      if (this.#shows) this.#show(bytes);
      yield chunk;
    }
    this.hide();
  }

  hide(): void {
    if (this.#isShown) process.stderr.write(clearLine);
    this.#isShown = false;
  }

  #show(bytes: number): void {
    const nowMs = performance.now();
    if (nowMs - this.#startedMs < firstAfterMs || nowMs - this.#shownMs < everyMs) return;
    this.#shownMs = nowMs;
    this.#isShown = true;
    process.stderr.write(clearLine + progressText(bytes, this.#size, this.#records()));
  }
}

/** `12.3 of 45.6 MB (27 %), 12,345 records`. */
export function progressText(bytes: number, size: number | undefined, records: number): string {
  const mega = (count: number) => (count / 1e6).toFixed(1);
  const far = size ? `${mega(bytes)} of ${mega(size)} MB (${Math.floor((100 * bytes) / size)} %)` : `${mega(bytes)} MB`;
  return `${far}, ${records.toLocaleString('en')} records`;
}
