// What time does to sessions and tokens, and how passwords, throttles and the file of users hold.

import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { Access } from './access.ts';
import { hashPassword, isPassword, refuseWeak } from './password.ts';
import { ageMsMax, idleMsMax } from './sessions.ts';
import { Throttle } from './throttle.ts';

const place = { address: '127.0.0.1', browser: 'test' };
const password = 'correct horse battery';
let nowMs: number;
let folder: string;
let access: Access;

beforeEach(async () => {
  nowMs = 1_000_000;
  folder = mkdtempSync(join(tmpdir(), 'mortise-access-'));
  access = new Access(folder, { nowMs: () => nowMs });
  await access.users.add('ann', { password, grants: [{ role: 'viewer' }] }, nowMs);
});
afterEach(() => {
  access.close();
  rmSync(folder, { recursive: true, force: true });
});

describe('a session', () => {
  it('ends when nobody asks for half an hour, and twelve hours after its start whoever asks', async () => {
    const { secret: session } = await access.logIn('ann', password, place);
    nowMs += idleMsMax - 1;
    expect(access.principalOf({ session })).toMatchObject({ name: 'ann' });
    nowMs += idleMsMax - 1;
    expect(access.principalOf({ session })).toMatchObject({ name: 'ann' });
    nowMs += idleMsMax;
    expect(access.principalOf({ session })).toBeUndefined();
    const { secret: next } = await access.logIn('ann', password, place);
    const startMs = nowMs;
    while (nowMs - startMs < ageMsMax - idleMsMax) {
      nowMs += idleMsMax / 2;
      expect(access.principalOf({ session: next })).toBeDefined();
    }
    nowMs = startMs + ageMsMax;
    expect(access.principalOf({ session: next })).toBeUndefined();
    expect(access.sessions.list(nowMs)).toEqual([]);
  });

  it('is one of fifty at most: the one that was not used for longest ends', async () => {
    const first = access.sessions.open('ann', place, nowMs).secret;
    for (let n = 0; n < 50; n++) access.sessions.open('ann', place, ++nowMs);
    expect(access.principalOf({ session: first })).toBeUndefined();
    expect(access.sessions.list(nowMs, 'ann')).toHaveLength(50);
  });

  it('is stored as a hash', async () => {
    const { secret } = await access.logIn('ann', password, place);
    const { text } = access.tokens.add({ user: 'ann', label: 'x', endsAtMs: nowMs + 1 }, nowMs);
    const database = new DatabaseSync(join(folder, 'access.db'));
    const tables = database.prepare("SELECT name FROM sqlite_master WHERE type = 'table'").all();
    const rows = tables.flatMap(({ name }) => database.prepare(`SELECT * FROM ${String(name)}`).all());
    database.close();
    const dump = JSON.stringify(rows);
    expect(dump).toContain('"ann"');
    for (const canary of [secret, text, password]) expect(dump).not.toContain(canary);
  });
});

describe('a token and a code', () => {
  it('are good until their end', () => {
    const { text: bearer } = access.tokens.add({ user: 'ann', label: 'x', endsAtMs: nowMs + 10 }, nowMs);
    const [code, late] = [access.loginCode(), access.loginCode()];
    expect(access.principalOf({ bearer })).toMatchObject({ kind: 'token', name: 'ann' });
    expect(access.logInByCode(code, place).principal).toMatchObject({ name: 'local' });
    nowMs += 15 * 60_000;
    expect(access.principalOf({ bearer })).toBeUndefined();
    expect(() => access.logInByCode(late, place)).toThrow(expect.objectContaining({ code: 'MORTISE_ACCESS_CODE_VOID' }));
  });
});

describe('a password', () => {
  it('is kept as argon2id, with a salt of its own, in whichever way its letters were typed', async () => {
    const [one, two] = [await hashPassword('Zoë likes trains'), await hashPassword('Zoë likes trains')];
    expect(one).toMatch(/^\$argon2id\$v=19\$m=19456,t=2,p=1\$[\w+/]{22}\$[\w+/]{43}$/);
    expect(one).not.toBe(two);
    expect(await isPassword('Zoe\u0308 likes trains', one)).toBe(true);
    expect(await isPassword('Zoë likes train', one)).toBe(false);
    expect(await isPassword('Zoë likes trains', undefined)).toBe(false);
  });

  it.each(['short', 'aaaaaaaaaaaaaaaa', 'i-am-ANN-and-long', 'x'.repeat(257)])('is not "%s"', (weak) => {
    expect(() => refuseWeak(weak, 'ann')).toThrow(expect.objectContaining({ code: 'MORTISE_ACCESS_PASSWORD_WEAK' }));
  });
});

describe('a throttle', () => {
  it('lets a burst through, then so many a second, each place by itself', () => {
    const throttle = new Throttle({ burst: 3, perSecond: 2 });
    const taken = (place: string, atMs: number): number => [1, 2, 3, 4].filter(() => throttle.take(place, atMs) === 0).length;
    expect([taken('a', 0), taken('b', 0), taken('a', 499), taken('a', 500), taken('a', 1500)]).toEqual([3, 3, 0, 1, 2]);
    expect(throttle.wait('a', 1500)).toBe(500);
    throttle.forget('a');
    expect(taken('a', 1500)).toBe(3);
  });

  it('forgets the places that asked longest ago, before they fill the memory', () => {
    const throttle = new Throttle({ burst: 1, perSecond: 0.001 });
    for (let n = 0; n <= 10_000; n++) throttle.take(`place ${n}`, 0);
    expect([throttle.take('place 0', 0), throttle.take('place 10000', 0) > 0]).toEqual([0, true]);
  });
});

describe('the file of users', () => {
  it('is not used where it is damaged, or of a newer version', () => {
    const other = join(folder, 'other');
    new Access(other, { nowMs: () => nowMs }).close();
    const database = new DatabaseSync(join(other, 'access.db'));
    database.exec('PRAGMA user_version = 1000');
    database.close();
    const damaged = { code: 'MORTISE_ACCESS_DAMAGED' };
    expect(() => new Access(other, { nowMs: () => nowMs })).toThrow(expect.objectContaining(damaged));
    writeFileSync(join(other, 'access.db'), 'x'.repeat(8192));
    expect(() => new Access(other, { nowMs: () => nowMs })).toThrow(expect.objectContaining(damaged));
  });
});
