// Standard output for many small parts.

/** So many bytes are written at once. */
const blockBytes = 64 * 1024;
/** A character of a text takes no more bytes than this in UTF-8, by its length in JavaScript. */
const bytesPerUnitMax = 3;

/** Writes to standard output as fast as the reader takes it, in blocks. One block is used again and again: nothing is left to be collected. */
export class Output {
  readonly #block = Buffer.allocUnsafe(blockBytes);
  #bytes = 0;

  async write(part: string | Uint8Array): Promise<void> {
    const most = typeof part === 'string' ? bytesPerUnitMax * part.length : part.length;
    if (most > blockBytes - this.#bytes) await this.flush();
    if (most > blockBytes) await writeOut(typeof part === 'string' ? Buffer.from(part) : part);
    else if (typeof part === 'string') this.#bytes += this.#block.write(part, this.#bytes);
    else {
      this.#block.set(part, this.#bytes);
      this.#bytes += part.length;
    }
  }

  async flush(): Promise<void> {
    const bytes = this.#bytes;
    this.#bytes = 0;
    if (bytes > 0) await writeOut(this.#block.subarray(0, bytes));
  }
}

async function writeOut(bytes: Uint8Array): Promise<void> {
  await new Promise<void>((resolve, reject) => void process.stdout.write(bytes, (error) => (error ? reject(error) : resolve())));
}
