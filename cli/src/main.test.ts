// The command as such: versions, help, wrong arguments, and how it ends.

import { readFileSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { describe, expect, it } from 'vitest';
import { mortise } from './cli.fixture.ts';
import { exitCodes } from './exit-codes.ts';

/** Nothing listens there. */
const nowhere = '127.0.0.1:1';

describe('mortise', () => {
  it('prints its version', async () => {
    const { version } = JSON.parse(readFileSync(new URL('../package.json', import.meta.url), 'utf8')) as { version: string };
    expect(await mortise(['--version'])).toEqual({ status: 0, out: `${version}\n`, err: '' });
  });

  it('prints help, and help for each command', async () => {
    const { status, out } = await mortise(['help']);
    expect(status).toBe(0);
    const names = [...out.matchAll(/^ {2}([a-z-]+) /gm)]
      .map(([, name]) => name ?? '')
      .filter((name) => name !== 'help' && !name.startsWith('-'));
    expect(names).toEqual(
      expect.arrayContaining([
        'init',
        'check',
        'test',
        'run',
        'dev',
        'send',
        'flows',
        'messages',
        'message',
        'retry',
        'discard',
        'replay',
        'dead-letters',
        'balance',
        'schema',
        'doctor',
      ]),
    );
    const helps = await Promise.all(names.map((name) => mortise(['help', name])));
    for (const [index, help] of helps.entries())
      expect(help).toMatchObject({ status: 0, out: expect.stringContaining(`Usage: mortise ${names[index]}`), err: '' });
  });

  it('prints help where nothing is said, as wrong usage', async () => {
    expect(await mortise([])).toMatchObject({ status: exitCodes.usage, out: '', err: expect.stringContaining('Usage: mortise') });
  });

  it('says what its exit codes mean, here and in the guide', async () => {
    const { out, status } = await mortise(['help', 'exit-codes']);
    expect(status).toBe(0);
    const page = readFileSync(new URL('../../docs/guides/command-line.md', import.meta.url), 'utf8');
    for (const code of Object.values(exitCodes)) {
      expect(out).toMatch(new RegExp(`^ +${code} +\\S`, 'm'));
      expect(page).toMatch(new RegExp(`^\\| ${code} \\|`, 'm'));
    }
  });

  it('says that Node is too old, before it reads anything that an old Node cannot', async () => {
    const older = "data:text/javascript,Object.defineProperty(process.versions, 'node', { value: '22.9.0' })";
    const { status, out, err } = await mortise(['--version'], { node: ['--import', older] });
    expect({ status, out }).toEqual({ status: exitCodes.notStarted, out: '' });
    expect(err).toBe(
      'error MORTISE_NODE_TOO_OLD: This is Node 22.9.0; Mortise needs 24 or newer.\n  remedy: Install a newer Node from https://nodejs.org, then try again.\n',
    );
  });
});

describe('wrong arguments', () => {
  it.each([
    [['chek'], 'Unknown command', 'Did you mean check?'],
    [['messages', '--limt', '5'], 'Unknown option', 'Did you mean --limit?'],
    [['message'], 'Missing required argument', 'mortise help'],
    [['balance', 'x'], 'Too many arguments', 'mortise help'],
    [['messages', '--limit', 'many'], '"many" is no count', 'mortise help'],
    [['messages', '--since', 'yesterday'], '"yesterday" is no time', 'how long ago'],
    [['send', 'a.b', '-', '--header', 'x'], '"x" is not NAME=VALUE', 'mortise help'],
    [['discard', 'x'], "Required option '--reason <text>' not specified", 'mortise help'],
    [['retry'], 'Nothing says what', '--all'],
    [['retry', '--all', 'x'], 'Ids were given', '--all'],
    [['flows', '--control', 'nowhere'], '"nowhere" is no address', '127.0.0.1:8080'],
    [['run', '.', '--log-level', 'loud'], '"loud" is no level', 'silent'],
  ])('%j are told in a sentence, with what to do', async (parts, what, remedy) => {
    const { status, out, err } = await mortise(parts);
    expect({ status, out }).toEqual({ status: exitCodes.usage, out: '' });
    const [first = '', second = '', ...rest] = err.trimEnd().split('\n');
    expect(first).toMatch(/^error MORTISE_CLI_USAGE: /);
    expect(first.toLowerCase()).toContain(what.toLowerCase());
    expect(second).toMatch(/^ {2}remedy: /);
    expect(second).toContain(remedy);
    expect(rest).toEqual([]);
  });
});

describe('a command that asks an engine', () => {
  it.each(['flows', 'systems', 'messages', 'dead-letters', 'balance', 'reload'])('says that none answers: %s', async (name) => {
    const { status, out, err } = await mortise([name, '--control', nowhere]);
    expect({ status, out }).toEqual({ status: exitCodes.unreachable, out: '' });
    expect(err).toMatch(
      /^error MORTISE_CLI_UNREACHABLE: No engine answers at 127\.0\.0\.1:1 \(.+\)\.\n {2}remedy: .*mortise run DIR/,
    );
  });

  it.each([
    [200, 'text/html', '<p>'],
    [200, 'application/json', '{'],
    [404, 'text/html', '<p>'],
    [404, 'application/json', '{"error":"no"}'],
  ])('says that what answers is no engine: %s %s %s', async (status, type, body) => {
    const other = createServer((_request, response) => void response.writeHead(status, { 'content-type': type }).end(body));
    await new Promise<void>((resolve) => other.listen(0, '127.0.0.1', resolve));
    const control = `http://127.0.0.1:${(other.address() as AddressInfo).port}/`;
    const ended = await mortise(['flows', '--control', control]);
    other.close();
    expect(ended).toMatchObject({
      status: exitCodes.unreachable,
      out: '',
      err: expect.stringContaining('error MORTISE_CLI_NOT_MORTISE: '),
    });
  });

  it('finds it by MORTISE_CONTROL', async () => {
    expect((await mortise(['flows'], { env: { MORTISE_CONTROL: nowhere } })).err).toContain(nowhere);
  });

  it('prints the stack only where that is asked for', async () => {
    const env = { MORTISE_CONTROL: nowhere };
    expect((await mortise(['flows'], { env })).err).not.toContain('    at ');
    expect((await mortise(['flows'], { env: { ...env, MORTISE_DEBUG: '1' } })).err).toContain('    at ');
  });
});
