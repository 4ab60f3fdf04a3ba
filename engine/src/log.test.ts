// The log: lines with stable keys, without secrets, for programs and for people; and that all lines of the engine are documented.

import { globSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { Unavailable } from '@mortise/sdk';
import fc from 'fast-check';
import { afterEach, describe, expect, it } from 'vitest';
import { startHost } from './host.ts';
import type { Host } from './host.ts';
import { openLog, withFacts } from './log.ts';
import { logText } from './log-text.ts';
import { projectFolder } from './harness/project.fixture.ts';
import { Mesh } from './mesh.fixture.ts';
import { openSecrets } from './project/secrets.ts';

type Line = Readonly<Record<string, unknown>>;

const cleanups: (() => unknown)[] = [];
afterEach(async () => {
  for (const cleanup of cleanups.splice(0).toReversed()) await cleanup();
});

function recorder(level: 'debug' | 'info' | 'warn' = 'debug', redact?: (line: string) => string) {
  const written: string[] = [];
  const log = openLog({ level, write: (line) => void written.push(line), ...(redact ? { redact } : {}) });
  return { log, written, lines: (): readonly Line[] => written.map((line) => JSON.parse(line) as Line) };
}

describe('a line', () => {
  it('is one JSON object with time, level, facts and sentence; an error with its kind and stack', () => {
    const { log, lines } = recorder();
    withFacts(log, { event: 'a.b', system: 'crm' }).warn({ err: new Error('no'), system: 'erp' }, 'It failed.');
    expect(lines()).toEqual([
      {
        level: 'warn',
        time: expect.stringMatching(/^20\d\d-.*Z$/),
        event: 'a.b',
        system: 'erp',
        err: { type: 'Error', message: 'no', stack: expect.stringContaining('Error: no') },
        msg: 'It failed.',
      },
    ]);
  });

  it('is left out below the level, which changes while the log is written', () => {
    const { log, lines } = recorder('warn');
    log.info({ event: 'a' }, 'one');
    log.level = 'debug';
    log.debug({ event: 'b' }, 'two');
    log.level = 'silent';
    log.error({ event: 'c' }, 'three');
    expect(lines().map(({ event }) => event)).toEqual(['b']);
  });

  it('never holds a secret that was given out, wherever it stands in it and whatever characters it has', () => {
    fc.assert(
      fc.property(fc.string({ minLength: 4, maxLength: 20, unit: 'grapheme-ascii' }), (secret) => {
        fc.pre(
          !'[secret]'.includes(secret) &&
            !JSON.stringify({ event: 'x', msg: '', level: 'info', url: '', key: '' }).includes(secret),
        );
        const secrets = openSecrets('/nowhere', { KEY: secret });
        const { log, written } = recorder('info', secrets.redact);
        secrets.text('env:KEY');
        log.info({ event: 'x', url: `http://h/?k=${encodeURIComponent(secret)}`, key: { deep: secret } }, `Sent ${secret}.`);
        const { url, key, msg } = JSON.parse(written[0] ?? '') as Line;
        expect({ url, key, msg }).toEqual({ url: 'http://h/?k=[secret]', key: { deep: '[secret]' }, msg: 'Sent [secret].' });
      }),
    );
  });
});

describe('text for people', () => {
  it('has time, level, event, sentence and facts on one line, and the stack of an error below', () => {
    const line = JSON.stringify({
      level: 'warn',
      time: '2026-01-02T03:04:05.678Z',
      event: 'delivery.failed',
      flow: 'orders',
      attempts: 2,
      note: 'two words',
      err: { stack: 'Error: x\n    at y' },
      msg: 'It is dead.',
    });
    expect(logText(`${line}\n`)).toBe(
      '03:04:05.678 WARN  delivery.failed It is dead. flow=orders attempts=2 note="two words"\n    Error: x\n    at y\n',
    );
  });

  it('never holds what could move the cursor or colour the screen', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary' }), fc.string({ unit: 'binary' }), (msg, value) => {
        const text = logText(`${JSON.stringify({ level: 'info', time: '', msg, value, err: { stack: msg } })}\n`);
        expect(text.replaceAll('\n', '')).not.toMatch(/[\p{Cc}\u202A-\u202E\u2066-\u2069]/u);
      }),
    );
  });

  it('leaves alone what is no line of the log', () => {
    expect(logText('no json\n')).toBe('no json\n');
    expect(logText('[1]\n')).toBe('[1]\n');
  });
});

describe('lines about a message', () => {
  it('all name message, root, delivery, flow, destination, and the system where it goes to one', async () => {
    const { log, lines } = recorder();
    let failures = 2;
    const mesh = await Mesh.open({
      flows: {
        f: {
          from: { system: 'peer', inbound: 'in' },
          retry: { for: '1h', backoff: '1s..2s' },
          to: { system: 'peer', outbound: 'a' },
        },
      },
      log,
      send: () => {
        if (failures-- > 0) throw new Unavailable('down');
        return {};
      },
    });
    cleanups.push(() => mesh.close());
    const { id } = await mesh.accept({});
    await mesh.until(() => mesh.sent.length === 3, 'three attempts');
    await mesh.settled();
    const about = lines().filter(({ event }) => /^(delivery|message)\./.test(String(event)));
    expect(new Set(about.map(({ event }) => event))).toEqual(new Set(['message.accepted', 'delivery.delayed', 'delivery.ended']));
    for (const line of about) expect(line).toMatchObject({ root: id, message: expect.any(String) });
    for (const line of about.filter(({ event }) => event !== 'message.accepted'))
      expect(line).toMatchObject({ delivery: expect.any(String), flow: 'f', destination: expect.any(String) });
    for (const line of about.filter(({ destination }) => destination === 'outbound:peer.a')) expect(line['system']).toBe('peer');
  });
});

describe('a canary', () => {
  it('that stands as a secret in a connection comes out in no line, though a message has it in its body', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'mortise-log-'));
    cleanups.push(() => rmSync(folder, { recursive: true, force: true }));
    const canary = 'c4n4ry "with" quotes';
    process.env['LOG_TEST_CANARY'] = canary;
    cleanups.push(() => delete process.env['LOG_TEST_CANARY']);
    const files = {
      'mortise.yaml': 'name: log\nlisteners: { inbound: "127.0.0.1:0", control: "127.0.0.1:0" }\nlimits: { freeDisk: 1KiB }\n',
      'systems/shop.yaml':
        'connector: http\ninbounds:\n  in: { uses: webhook, path: /in, verify: { scheme: api-key, secret: env:LOG_TEST_CANARY } }\n',
      'systems/out.yaml': 'connector: log\noutbounds:\n  line: { uses: write, text: "Order ${name}" }\n',
      'flows/f.yaml': 'from: { system: shop, inbound: in }\nto: { system: out, outbound: line }\n',
    };
    for (const [name, text] of Object.entries(files)) {
      mkdirSync(dirname(join(folder, name)), { recursive: true });
      writeFileSync(join(folder, name), text);
    }
    const secrets = openSecrets(join(folder, '.mortise', 'data'));
    secrets.text('env:LOG_TEST_CANARY');
    const raw: string[] = [];
    const { log, written, lines } = recorder('debug', (line) => {
      raw.push(line);
      return secrets.redact(line);
    });
    const host: Host = await startHost({ folder, log });
    cleanups.push(() => host.stop());
    const answer = await fetch(`http://${host.addresses.inbound}/in`, {
      method: 'POST',
      headers: { 'x-api-key': canary },
      body: JSON.stringify({ name: canary }),
    });
    expect(answer.status).toBe(202);
    const deadline = Date.now() + 10_000;
    while (!lines().some(({ msg }) => String(msg).startsWith('Order '))) {
      if (Date.now() > deadline) throw new Error(written.join(''));
      await new Promise((resolve) => setTimeout(resolve, 10));
    }
    expect(raw.join('')).toContain('c4n4ry');
    expect(written.join('')).not.toContain('c4n4ry');
  });
});

describe('what the engine logs', () => {
  const source = import.meta.dirname;
  const texts = globSync('**/*.ts', { cwd: source })
    .filter((file) => !/\.(test|fixture)\.ts$/.test(file) && !/conformance|^log\.ts$/.test(file))
    .map((file) => readFileSync(join(source, file), 'utf8'));

  it('has a stable key first on each line, and each key stands in the guide', () => {
    const all = texts.flatMap((text) => [
      ...text.matchAll(/\blog\s*\.(?:debug|info|warn|error)\(\s*(?:\{\s*event: '([a-z-]+\.[a-z-]+)')?/g),
    ]);
    expect(all.length).toBeGreaterThan(15);
    expect(all.filter(([, event]) => event === undefined).map(([call]) => call)).toEqual([]);
    const events = new Set([...all.map(([, event]) => event), 'connector.told', 'engine.stalled']);
    const guide = readFileSync(join(source, '..', '..', 'docs', 'guides', 'logs.md'), 'utf8');
    const documented = [...guide.matchAll(/^\| `([a-z-]+\.[a-z-]+)` \|/gm)].map(([, event]) => event);
    expect(documented.toSorted()).toEqual([...events].toSorted());
  });
});

describe('a project whose models mark personal fields', () => {
  const model = (mark: string): string =>
    `{ "type": "object", "properties": { "email": { "type": "string"${mark} }, "amount": { "type": "number" } } }`;
  const files = (mark: string) => ({
    'mortise.yaml': 'name: log\nlimits: { freeDisk: 1KiB }\n',
    'models/person.schema.json': model(mark),
    'systems/shop.yaml':
      'connector: http\ninbounds:\n  in: { uses: webhook, path: /in, verify: { scheme: none }, model: person@1 }\n',
    'flows/f.yaml': 'from: { system: shop, inbound: in }\nsteps:\n  - map: $number(email)\nto: { channel: out }\n',
    'channels/out.yaml': '',
  });

  /** The lines that come of a message whose mapping fails with its value in the sentence. */
  async function linesOf(mark: string): Promise<string> {
    const lines: string[] = [];
    const { folder, remove } = projectFolder(files(mark));
    cleanups.push(remove);
    const where = { listen: '127.0.0.1:0', control: '127.0.0.1:0' };
    const host = await startHost({ folder, ...where, logLevel: 'debug', writeLog: (line) => void lines.push(line) });
    cleanups.push(() => host.stop());
    const headers = { 'content-type': 'application/json' };
    const body = JSON.stringify({ email: 'ada@person.example' });
    await fetch(`http://${host.addresses.inbound}/in?who=ada@person.example`, { method: 'POST', headers, body });
    const wrong = JSON.stringify({ email: 'ada@person.example', amount: 'ada@person.example' });
    await fetch(`http://${host.addresses.inbound}/in`, { method: 'POST', headers, body: wrong });
    const deadline = Date.now() + 20_000;
    while (
      !lines.some((line) => line.includes('"delivery.failed"')) ||
      !lines.some((line) => line.includes('"message.refused"'))
    ) {
      if (Date.now() > deadline) throw new Error(lines.join(''));
      await new Promise((resolve) => setTimeout(resolve, 10));
    }
    return lines.join('');
  }

  it('has no sentence in its log that repeats a message, but the code and the ids; others have it', async () => {
    expect(await linesOf('')).toContain('ada@person.example');
    const hidden = await linesOf(', "x-personal": true');
    expect(hidden).not.toContain('ada@person.example');
    expect(hidden).toMatch(/"event":"delivery\.failed".*"code":"MORTISE_\w+"/);
  });
});
