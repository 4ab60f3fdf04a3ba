// Runs a guide: writes the files that it shows, makes the changes that it shows, and types the commands that it shows.

import { spawn } from 'node:child_process';
import type { ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import {
  chmodSync,
  globSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { createServer } from 'node:net';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { delimiter, dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

/** A fenced block: ```` ```LANGUAGE WORD ````. */
export interface Block {
  readonly language: string;
  /** Of `sh`: `fails`, `background` or `eventually`; of others the path of a file; empty where it is only to be read. */
  readonly word: string;
  readonly text: string;
  readonly line: number;
}

const root = fileURLToPath(new URL('..', import.meta.url));
const patienceMs = 60_000;

export function blocksOf(markdown: string): readonly Block[] {
  return [...markdown.matchAll(/^```(\w+)(?: +(\S+))?\n([^]*?)^```$/gm)].map(
    ({ index, 1: language = '', 2: word = '', 3: text = '' }) => {
      return { language, word, text, line: markdown.slice(0, index).split('\n').length };
    },
  );
}

/** Runs all blocks in an empty folder. Throws where a command does otherwise than the guide says, with its line. */
export async function runGuide(markdown: string): Promise<void> {
  const guide = new GuideRun([await freePort(), await freePort()]);
  try {
    for (const block of blocksOf(markdown)) await guide.run(block);
  } finally {
    await guide.end();
  }
}

class GuideRun {
  readonly #home = mkdtempSync(join(tmpdir(), 'mortise-guide-'));
  readonly #ports: readonly number[];
  readonly #background: ChildProcess[] = [];
  #folder: string;

  constructor(ports: readonly number[]) {
    this.#ports = ports;
    this.#folder = join(this.#home, 'guide');
    mkdirSync(this.#folder);
    mkdirSync(join(this.#home, 'bin'));
    const command = join(this.#home, 'bin', 'mortise');
    writeFileSync(command, `#!/bin/sh\nexec "${process.execPath}" "${join(root, 'cli/src/mortise.mjs')}" "$@"\n`);
    chmodSync(command, 0o755);
  }

  async run(block: Block): Promise<void> {
    try {
      if (block.language === 'sh') for (const typed of commandsOf(this.#here(block.text))) await this.#type(typed, block.word);
      else if (block.language === 'diff' && block.word !== '') this.#change(block);
      else if (block.word !== '') this.#write(block);
    } catch (error) {
      throw new Error(`In line ${block.line} of the guide: ${error instanceof Error ? error.message : String(error)}`, {
        cause: error,
      });
    }
  }

  async end(): Promise<void> {
    for (const child of this.#background) {
      const closed = once(child, 'close');
      if (child.exitCode === null && child.pid !== undefined) process.kill(-child.pid, 'SIGTERM');
      if (child.exitCode === null) await closed;
    }
    rmSync(this.#home, { recursive: true, force: true });
  }

  #write({ word, text }: Block): void {
    const path = join(this.#folder, word);
    mkdirSync(dirname(path), { recursive: true });
    writeFileSync(path, this.#here(text));
  }

  /** What stands with " " and "-" is there once, and becomes what stands with " " and "+". */
  #change({ word, text }: Block): void {
    const path = join(this.#folder, word);
    const lines = text.split('\n').slice(0, -1);
    const side = (sign: string): string =>
      lines
        .filter((line) => !line.startsWith(sign))
        .map((line) => `${line.slice(1)}\n`)
        .join('');
    const parts = readFileSync(path, 'utf8').split(side('+'));
    if (parts.length !== 2) throw new Error(`What is to be changed stands ${parts.length - 1} times in ${word}.`);
    writeFileSync(path, parts.join(side('-')));
  }

  async #type({ command, expected }: Typed, word: string, deadline = Date.now() + patienceMs): Promise<void> {
    if (command.startsWith('cd ')) {
      this.#folder = join(this.#folder, command.slice(3));
      return;
    }
    // What would come from a registry is there already.
    if (/^npm install\b/.test(command)) {
      if (!existsSync(join(this.#folder, 'node_modules')))
        symlinkSync(join(root, 'node_modules'), join(this.#folder, 'node_modules'));
      return;
    }
    const child = spawn('sh', ['-c', command.replaceAll(/\bnpx (?=mortise\b)/g, '')], {
      cwd: this.#folder,
      env: this.#environment(),
      detached: true,
    });
    const text = collect(child);
    if (word === 'background') {
      this.#background.push(child);
      await shows(child, text, expected);
      return;
    }
    const [status] = (await once(child, 'close')) as [number | null];
    const isEarly = word === 'eventually' && (status !== 0 || firstMissing(text(), expected) !== undefined);
    if (isEarly && Date.now() < deadline) {
      await new Promise((resolve) => setTimeout(resolve, 50));
      return this.#type({ command, expected }, word, deadline);
    }
    if ((status === 0) === (word === 'fails')) throw new Error(`"${command}" ended with ${status}:\n${text()}`);
    const missing = firstMissing(text(), expected);
    if (missing !== undefined) throw new Error(`"${command}" did not print "${missing}", but:\n${text()}`);
    this.#moveListeners();
  }

  /** Guides show the ports that a project has by default; here two free ones take their place. */
  #here(text: string): string {
    return text
      .replaceAll('127.0.0.1:8081', `127.0.0.1:${this.#ports[0]}`)
      .replaceAll('127.0.0.1:8080', `127.0.0.1:${this.#ports[1]}`);
  }

  #moveListeners(): void {
    for (const path of globSync('{.,*}/mortise.yaml', { cwd: this.#folder })) {
      const file = join(this.#folder, path);
      writeFileSync(file, this.#here(readFileSync(file, 'utf8')));
    }
  }

  #environment(): NodeJS.ProcessEnv {
    const own = Object.entries(process.env).filter(([name]) => !/^(MORTISE_|VITEST|TEST$|NODE_ENV|FORCE_COLOR)/.test(name));
    const path = [join(this.#home, 'bin'), join(root, 'node_modules', '.bin'), process.env['PATH']].join(delimiter);
    return { ...Object.fromEntries(own), PATH: path, NO_COLOR: '1' };
  }
}

interface Typed {
  readonly command: string;
  /** Parts of what is printed, in order: `…` in a line stands for anything, a space for some of them. */
  readonly expected: readonly string[];
}

function commandsOf(text: string): readonly Typed[] {
  const [, ...parts] = text.split(/^\$ /m);
  return parts.map((part) => {
    const [command = '', ...lines] = part.replaceAll('\\\n', ' ').split('\n');
    const expected = lines.flatMap((line) => line.split('…')).map((piece) => narrow(piece).trim());
    return { command, expected: expected.filter((piece) => piece !== '') };
  });
}

/** Tables have wider columns where a longer value stands elsewhere in them. */
function narrow(text: string): string {
  return text.replaceAll(/[ \t]+/g, ' ');
}

function firstMissing(text: string, expected: readonly string[]): string | undefined {
  const printed = narrow(text);
  let at = 0;
  return expected.find((line) => {
    const found = printed.indexOf(line, at);
    at = found + line.length;
    return found < 0;
  });
}

function collect({ stdout, stderr }: ChildProcess): () => string {
  let text = '';
  for (const stream of [stdout, stderr]) stream?.on('data', (chunk: Buffer) => (text += chunk.toString()));
  return () => text;
}

async function shows(child: ChildProcess, text: () => string, expected: readonly string[]): Promise<void> {
  const deadline = Date.now() + patienceMs;
  while (firstMissing(text(), expected) !== undefined) {
    if (child.exitCode !== null || Date.now() > deadline)
      throw new Error(`It did not print "${firstMissing(text(), expected)}", but:\n${text()}`);
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
}

async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  server.close();
  await once(server, 'close');
  return port;
}
