// A process that runs the command again and again, as the tests ask: what it has imported once is there for the next.

import { Readable, Writable } from 'node:stream';
import { main } from './main.ts';

export interface Asked {
  readonly parts: readonly string[];
  readonly cwd: string;
  readonly environment: Readonly<Record<string, string>>;
  readonly input: string | Uint8Array;
}

export interface Answered {
  readonly status: number;
  readonly out: string;
  readonly err: string;
}

let former: Promise<unknown> = Promise.resolve();
process.on('message', (asked: Asked) => {
  former = former.then(() => run(asked)).then((answered) => process.send?.(answered));
});

// The test file is done: nothing that a command has left open keeps this process.
process.once('disconnect', () => process.exit());

/** The process is for this run as it would be for a process of its own: folder, environment, streams, exit code. */
async function run({ parts, cwd, environment, input }: Asked): Promise<Answered> {
  process.chdir(cwd);
  for (const name of Object.keys(process.env)) if (!Object.hasOwn(environment, name)) delete process.env[name];
  Object.assign(process.env, environment);
  process.exitCode = undefined;
  const [out, err] = [new Gathering(), new Gathering()];
  const stdin = Readable.from(input.length === 0 ? [] : [Buffer.from(input)]);
  for (const [name, value] of Object.entries({ stdout: out, stderr: err, stdin }))
    Object.defineProperty(process, name, { value, configurable: true });
  await main(['node', 'mortise', ...parts]);
  return { status: Number(process.exitCode ?? 0), out: out.text(), err: err.text() };
}

class Gathering extends Writable {
  readonly #chunks: Buffer[] = [];

  override _write(chunk: Buffer, _encoding: BufferEncoding, done: () => void): void {
    this.#chunks.push(chunk);
    done();
  }

  text(): string {
    return Buffer.concat(this.#chunks).toString();
  }
}
