// Decode and encode, as a project uses them.

import { describe, expect, it } from 'vitest';
import { compileFlow } from '../flow/compile.ts';
import { runTests } from '../harness/run-tests.ts';
import type { TestResult } from '../harness/run-tests.ts';
import { load, loadWith, only } from '../project/project.fixture.ts';

/** Runs one message through the steps, and judges it by the rest of a test file. */
async function run(steps: string, test: string): Promise<TestResult> {
  const project = await load({
    'mortise.yaml': 'name: acme\n',
    'systems/peer.yaml': `connector: http
inbounds:
  value: { uses: webhook, path: /value, verify: { scheme: api-key, secret: env:SHOP_SECRET } }
  bytes: { uses: webhook, path: /bytes, verify: { scheme: api-key, secret: env:SHOP_SECRET }, format: binary }
`,
    'systems/disk.yaml':
      'connector: file\nconnection: { folder: data }\noutbounds: { keep: { uses: write, name: x, format: json } }\n',
    'channels/out.yaml': '',
    'flows/value.yaml': `from: { system: peer, inbound: value }\nsteps:\n${steps}\nto: { channel: out }\n`,
    'flows/bytes.yaml': `from: { system: peer, inbound: bytes }\nsteps:\n${steps}\nto: { channel: out }\n`,
    'flows/kept.yaml': `from: { system: peer, inbound: value }\nsteps:\n${steps}\nto: { system: disk, outbound: keep }\n`,
    'tests/it.yaml': test,
  });
  expect(project.problems.filter(({ severity }) => severity === 'error')).toEqual([]);
  for await (const result of runTests(project)) return result;
  throw new Error('nothing was run');
}

const faults = ({ failures }: TestResult) => failures.flatMap(({ what, details }) => [what, ...details]).join('\n');

describe('decode', () => {
  it('makes the list of all records of bytes, by a format with options', async () => {
    const test =
      'flow: bytes\ngiven: { body: "a;b\\n1;x\\n2;y\\n" }\nexpect: [{ to: out, body: [{ a: "1", b: x }, { a: "2", b: y }] }]\n';
    expect(faults(await run('  - decode: { csv: { delimiter: ";" } }', test))).toBe('');
  });

  it('makes the one value of a format that holds one, its long numbers exact', async () => {
    const test =
      'flow: bytes\ngiven: { body: \'{ "id": 12345678901234567890 }\' }\nexpect: [{ to: out, body: { id: "12345678901234567890" } }]\n';
    expect(faults(await run('  - decode: json', test))).toBe('');
  });

  it('reads a part of the body into a variable, and leaves the body', async () => {
    const steps = '  - decode: { format: json, of: payload, into: inner }\n  - map: \'{ "kind": kind, "n": $inner.n }\'';
    const test =
      'flow: value\ngiven: { body: { kind: a, payload: \'{"n":1}\' } }\nexpect: [{ to: out, body: { kind: a, n: 1 }, exact: true }]\n';
    expect(faults(await run(steps, test))).toBe('');
  });

  it('reads a long body, which is a stream', async () => {
    const line = `${'x'.repeat(98)}\n`;
    const body = JSON.stringify(`text\n${line.repeat(4000)}`);
    const steps = '  - decode: csv\n  - map: $count($)';
    expect(faults(await run(steps, `flow: bytes\ngiven: { body: ${body} }\nexpect: [{ to: out, body: 4000 }]\n`))).toBe('');
  });

  it('makes a message invalid of which any record cannot be read', async () => {
    const result = await run('  - decode: json', 'flow: bytes\ngiven: { body: "{ no" }\noutcome: invalid\n');
    expect(faults(result)).toBe('');
    const steps = '  - decode: { csv: { columns: [{ name: a, type: integer }] } }';
    expect(faults(await run(steps, 'flow: bytes\ngiven: { body: "a\\n1\\nx\\n" }\noutcome: invalid\n'))).toBe('');
  });

  it('is a mistake of the flow where there is a value already, or nothing', async () => {
    expect(faults(await run('  - decode: json', 'flow: value\ngiven: { body: { a: 1 } }\n'))).toContain(
      'What is to be decoded is a value already; expected bytes or text.',
    );
    expect(faults(await run('  - decode: { format: json, of: payload }', 'flow: value\ngiven: { body: { a: 1 } }\n'))).toContain(
      'What is to be decoded is nothing',
    );
  });

  it('of a format that is not there is told with the nearest', async () => {
    const flow = 'from: { channel: orders }\nsteps:\n  - decode: jsn\nto: { channel: orders-us }\n';
    expect(only(await loadWith({ 'flows/x.yaml': flow }), 'flows/x.yaml')).toMatchObject({
      code: 'MORTISE_FLOW_UNKNOWN_NAME',
      message: 'There is no format "jsn".',
      line: 3,
    });
  });
});

describe('encode', () => {
  it('makes bytes with the content type of the format', async () => {
    const test = 'flow: kept\ngiven: { body: [{ a: 1, b: x }] }\nexpect: [{ to: disk.keep, body: "a,b\\r\\n1,x\\r\\n" }]\n';
    expect(faults(await run('  - encode: csv', test))).toBe('');
  });

  it('makes text or base64 of a part, for an envelope, and decode takes it out again', async () => {
    const steps = `  - encode: { format: csv, of: lines, into: payload }
  - encode: { format: json, of: lines, as: base64, into: coded }
  - map: '{ "csv": $payload, "json": $base64decode($coded) }'
  - decode: { format: json, of: json, into: back }
  - map: '{ "csv": csv, "lines": $back }'`;
    const test =
      'flow: value\ngiven: { body: { lines: [{ a: 1 }] } }\nexpect: [{ to: out, body: { csv: "a\\r\\n1\\r\\n", lines: [{ a: 1 }] } }]\n';
    expect(faults(await run(steps, test))).toBe('');
  });

  it('refuses bytes, nothing, and what is no text where text is wanted', async () => {
    expect(faults(await run('  - encode: csv', 'flow: bytes\ngiven: { body: "abc" }\n'))).toContain('The body is bytes already');
    expect(faults(await run('  - encode: { format: csv, of: missing }', 'flow: value\ngiven: { body: {} }\n'))).toContain(
      'There is nothing to be written as csv.',
    );
    const latin = '  - encode: { format: { text: { encoding: windows-1252 } }, as: text }';
    expect(faults(await run(latin, 'flow: value\ngiven: { body: \'"ä"\' }\n'))).toContain('is no text in UTF-8');
  });

  it('puts no bytes into a variable', async () => {
    const flow =
      'from: { channel: orders }\nsteps:\n  - encode: { format: json, into: x, as: bytes }\nto: { channel: orders-us }\n';
    expect(only(await loadWith({ 'flows/x.yaml': flow }), 'flows/x.yaml').message).toBe('A variable holds JSON, not bytes.');
  });
});

describe('a stream', () => {
  it('that is too long for one value is refused before it is read', async () => {
    const project = await load({
      'channels/in.yaml': '',
      'channels/out.yaml': '',
      'flows/f.yaml': 'from: { channel: in }\nsteps: [{ decode: csv }]\nto: { channel: out }\n',
    });
    const [source] = project.flows;
    const { flow } = source ? compileFlow(source, project.definitions) : {};
    const stream = { kind: 'stream', sizeBytes: 40 * 1024 ** 2, open: () => expect.unreachable() };
    const message = { body: stream, headers: {}, properties: { variables: {} } };
    const effect = flow?.steps.run(message as never, function* () {}).next().value;
    const promise = effect && 'promise' in effect ? effect.promise : undefined;
    await expect(promise).rejects.toMatchObject({ code: 'MORTISE_STEP_TOO_LARGE' });
  });
});
