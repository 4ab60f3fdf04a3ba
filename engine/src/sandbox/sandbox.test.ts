// The sandbox: what scripts can do, what they cannot, and that one which goes wrong disturbs nobody.

import fc from 'fast-check';
import { afterAll, describe, expect, it } from 'vitest';
import { Sandbox } from './sandbox.ts';

const sandbox = new Sandbox();
afterAll(() => sandbox.close());

const limits = { timeoutMs: 1000, memoryBytes: 16 * 1024 ** 2 };
const run = (code: string, body: unknown = {}, more: Partial<typeof limits> = {}) =>
  sandbox.run(
    { code, ...limits, ...more },
    { body, message: { id: 'm1' }, headers: { 'x-a': '1' }, variables: { customer: { no: 7 } } },
  );

describe('a script', () => {
  it('gets the body, the message, its headers and variables, and gives a value, or nothing', async () => {
    const code = 'return [body.n * 2, message.id, headers["x-a"], variables.customer.no];';
    expect(await run(code, { n: 21 })).toEqual([42, 'm1', '1', 7]);
    expect(await run('if (body.n > 1) return body;', { n: 1 })).toBeUndefined();
  });

  it('gets back every JSON value as it was', async () => {
    await fc.assert(
      fc.asyncProperty(fc.jsonValue(), async (value) => {
        // Long numbers are text in Mortise; what a double keeps is left.
        const known: unknown = JSON.parse(JSON.stringify(value), (_, one: unknown) =>
          typeof one === 'number' && (Math.abs(one) > Number.MAX_SAFE_INTEGER || Object.is(one, -0)) ? 0 : one,
        );
        expect(await run('return body;', known)).toEqual(known);
      }),
      { numRuns: 50 },
    );
  });

  it('keeps the digits of long numbers: they are text on the way in, and a bigint is text on the way out', async () => {
    const body = { big: 12345678901234567890n, raw: JSON.rawJSON('1.10000000000000000001'), text: '99999999999999999999' };
    expect(await run('return body;', body)).toEqual({
      big: '12345678901234567890',
      raw: '1.10000000000000000001',
      text: '99999999999999999999',
    });
    expect(await run('return BigInt(body.big) + 1n;', body)).toBe('12345678901234567891');
  });

  it.each([
    ['return { n: 2 ** 53 };', 'TypeError: The result holds 9007199254740992 at "n", beyond 2^53: use a BigInt or text.'],
    ['return [0 / 0];', 'TypeError: The result holds NaN at "0", which JSON cannot.'],
    ['return 1 / 0;', 'TypeError: The result holds Infinity at "", which JSON cannot.'],
    ['return () => 1;', 'TypeError: The script returned a function; expected a JSON value.'],
    ['return Promise.resolve(1);', 'TypeError: A script cannot be asynchronous: it returned a promise.'],
    ['const a = {}; a.a = a; return a;', 'TypeError: circular reference'],
    ['\nreturn body.lines.length;', "TypeError: cannot read property 'length' of undefined (line 2 of the script)"],
    ['throw new RangeError("too far");', 'RangeError: too far (line 1 of the script)'],
    ['throw "no price";', 'It threw "no price".'],
    ['throw null;', 'It threw null.'],
    ['const deeper = () => deeper() + 1; return deeper();', 'InternalError: stack overflow (line 1 of the script)'],
  ])('that goes wrong says how: %s', async (code, message) => {
    await expect(run(code)).rejects.toMatchObject({ code: 'MORTISE_STEP_SCRIPT_FAILED', message });
  });

  it('takes values, not bytes', async () => {
    await expect(run('return 1;', Buffer.from('x'))).rejects.toMatchObject({ code: 'MORTISE_STEP_BODY_NOT_VALUE' });
  });
});

describe('nothing of the host', () => {
  it.each(['process', 'require', 'module', 'console', 'fetch', 'setTimeout', 'Buffer', 'WebAssembly', 'navigator', 'parentPort'])(
    'is there: not %s',
    async (name) => expect(await run(`return typeof ${name};`)).toBe('undefined'),
  );

  it('is reached by constructors, prototypes, eval or imports', async () => {
    expect(await run('return body.constructor.constructor("return typeof process")();')).toBe('undefined');
    expect(await run('return eval("typeof require");')).toBe('undefined');
    expect(await run('return Object.keys(globalThis).join();')).toBe('');
    await expect(run('import("node:fs"); return 1;')).resolves.toBe(1);
    await expect(run('return 1; } import fs from "node:fs"; {')).rejects.toMatchObject({ code: 'MORTISE_STEP_SCRIPT_FAILED' });
  });

  it('remains of what another message left, or is changed by it', async () => {
    const code =
      'const before = globalThis.left; globalThis.left = body; Object.prototype.left = 1; JSON.stringify = () => "9"; return { before };';
    for (const body of [1, 2, 3]) expect(await run(code, body)).toEqual({});
  });

  it('is taken from a body that names a prototype', async () => {
    const body: unknown = JSON.parse('{ "__proto__": { "polluted": 1 }, "a": 1 }');
    expect(await run('return [{}.polluted === undefined, Object.keys(body)];', body)).toEqual([true, ['__proto__', 'a']]);
  });
});

describe('limits', () => {
  it('of depth end a script, and the next one finds a sandbox that works', async () => {
    await expect(run('return JSON.parse("[".repeat(100000));')).rejects.toMatchObject({ code: 'MORTISE_STEP_SCRIPT_FAILED' });
    expect(await run('return 1;')).toBe(1);
    const deep: unknown = JSON.parse(`${'['.repeat(600)}12345678901234567890${']'.repeat(600)}`);
    await expect(run('return 1;', deep)).rejects.toMatchObject({ code: 'MORTISE_FORMAT_SYNTAX' });
  });

  it.each([
    'for (;;);',
    'try { for (;;); } catch (error) { return 1; } finally { for (;;); }',
    'return /^(a+)+$/.test("a".repeat(40) + "b");',
    'return body.n(); function f() {} return f();'.replace('body.n()', '(() => { for (;;); })()'),
  ])('of time end a script: %s', async (code) => {
    await expect(run(code, {}, { timeoutMs: 50 })).rejects.toMatchObject({ code: 'MORTISE_STEP_SCRIPT_LATE' });
  });

  it('of time end one that is within a single long step of the interpreter', async () => {
    const code = 'return new Array(4294967295).indexOf(1);';
    await expect(run(code, {}, { timeoutMs: 50 })).rejects.toMatchObject({ code: 'MORTISE_STEP_SCRIPT_LATE' });
  });

  it.each([
    'const a = []; for (;;) a.push([1, 2, 3, 4, 5, 6, 7, 8]);',
    'const a = []; for (;;) a.push(new Uint8Array(100000).fill(1));',
    'return "x".repeat(50000000);',
  ])('of memory end a script: %s', async (code) => {
    const wanted = { code: 'MORTISE_STEP_SCRIPT_MEMORY' };
    await expect(run(code, {}, { timeoutMs: 20_000, memoryBytes: 4 * 1024 ** 2 })).rejects.toMatchObject(wanted);
    expect(await run('return 1;')).toBe(1);
  });

  it('of threads let other scripts run beside one that never ends', async () => {
    const endless = { code: 'for (;;);', ...limits, timeoutMs: 60_000 };
    const given = { body: 1, message: {}, headers: {}, variables: {} };
    const late = Array.from({ length: 5 }, () => sandbox.run(endless, given).catch((error: unknown) => error));
    expect(await run('return body + 1;', 1)).toBe(2);
    await sandbox.close();
    const fault = { code: 'MORTISE_STEP_SCRIPT_FAILED' };
    expect(await Promise.all(late)).toMatchObject([fault, fault, fault, fault, fault]);
  });
});
