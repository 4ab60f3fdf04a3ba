// Standard output for many small parts.

/** Writes to standard output as fast as the reader takes it, in blocks. */
export class Output {
  #block: Uint8Array[] = [];
  #bytes = 0;

  async write(part: string | Uint8Array): Promise<void> {
    const bytes = typeof part === 'string' ? Buffer.from(part) : part;
    this.#block.push(bytes);
    this.#bytes += bytes.length;
    if (this.#bytes >= 64 * 1024) await this.flush();
  }

  async flush(): Promise<void> {
    const block = Buffer.concat(this.#block);
    this.#block = [];
    this.#bytes = 0;
    if (block.length === 0) return;
    await new Promise<void>(
      (resolve, reject) => void process.stdout.write(block, (error) => (error ? reject(error) : resolve())),
    );
  }
}
