// Files of public projects: each is read, gives the same cut anywhere, and comes back byte for byte; exceptions are listed, with the reason.

import { existsSync, readFileSync, readdirSync, statSync } from 'node:fs';
import { join, relative } from 'node:path';
import { readFields } from '@mortise/sdk';
import { describe, expect, it } from 'vitest';
import { decoder } from './decode.ts';
import { encoder } from './encode.ts';
import format from './format.ts';
import type { X12Value } from './value.ts';

const data = process.env['MORTISE_REFERENCE_DATA'] ?? join(import.meta.dirname, '../../../shared/data');
const files = [...filesIn(join(data, 'x12')), ...filesIn(join(data, 'edi.net'))].filter((path) =>
  readFileSync(path).includes('ISA'),
);
const missing = files.length === 0;

/** Prose with interchanges in it, or none: what stands before the interchange is a problem of its own. */
const notOnlyInterchanges: Readonly<Record<string, string>> = {
  'NonEdi.edi': 'base64 that happens to hold the letters ISA',
  'X212 HR276 Health Care Claim Status Request and Response/case/1.edi': 'prose before the interchange',
  'X221 HP835 Health Care Claim Payment Advice/case/1.edi': 'prose before the interchange',
  'X221 HP835 Health Care Claim Payment Advice/case/2.edi': 'prose before the interchange, with bytes that are no UTF-8',
  'X221 HP835 Health Care Claim Payment Advice/case/3a.edi': 'prose before the interchange',
  'X222 HC837 Health Care Claim Professional/case/1.edi': 'prose before the interchange',
};

/** Files that are meant to be right, and are not: their own counts are wrong, or they name what the set does not have. */
const wrongThoughMeantRight: Readonly<Record<string, RegExp>> = {
  'admission-request-for-review.edi': /SE01 is "25"; the transaction set has 26 segments/,
  'request-for-home-health-care.edi': /SE01 is "19"; the transaction set has 20 segments/,
  // The standard pairs ACK02 and ACK03; the guide that the file follows does not.
  'po-ack-minor-changes.edi': /ACK03 is missing: elements 02, 03 stand together/,
  'X212 HR277 Heatlh Care Information Status Notification/pass/1.era': /IEA02 is "267365555"/,
};

/** Why each file that is meant to be refused is refused where nothing is merely noted. */
const refused: Readonly<Record<string, RegExp>> = {
  '002001/SH856/fail/1.edi': /ISA\d\d has \d+ characters; expected \d+/,
  '002001/PO830/fail/1.edi': /ISA\d\d has \d+ characters; expected \d+/,
  '003010/PC860/fail/1.edi': /ISA\d\d has \d+ characters; expected \d+/,
  '003010/PO850/fail/1.edi': /ISA\d\d has \d+ characters; expected \d+/,
  '003050/PO850/fail/1.edi': /ISA\d\d has \d+ characters; expected \d+/,
  '004010/PR855/fail/2.edi': /ISA\d\d has \d+ characters; expected \d+/,
  '004010/SC832/fail/1.edi': /ISA\d\d has \d+ characters; expected \d+/,
  '004010/SC832/fail/2.edi': /ISA\d\d has \d+ characters; expected \d+/,
  '004010/SH856/fail/2.edi': /SE01 is "25"; the transaction set has 22 segments/,
  '004010/SS862/fail/1.edi': /ISA\d\d has \d+ characters; expected \d+/,
};

/** Beyond padding: what is wrong inside of them. */
const wrongInside: Readonly<Record<string, RegExp>> = {
  '003010/PO850/fail/1.edi': /SE01 is "28"; the transaction set has 27 segments/,
  '004010/PR855/fail/2.edi': /PO103 is "DZN"; expected a code of 2 characters/,
  '004010/SC832/fail/1.edi': /SE01 is "1659"; the transaction set has 17 segments/,
  '004010/SC832/fail/2.edi': /BTC is no segment of 832/,
  '004010/SH856/fail/2.edi': /SE01 is "25"; the transaction set has 22 segments/,
};

const options = (written: Readonly<Record<string, unknown>>) => readFields(format.options, written).values;

describe.skipIf(missing)('files of public projects (needs the reference data)', () => {
  it('are as many as there were', () => expect(files.length).toBeGreaterThanOrEqual(278));

  it.each([{}, { keys: 'names' }])('come back byte for byte through JSON, with %j', (written) => {
    const read = options({ ...written, faults: 'value' });
    const different = files.filter((path) => {
      const bytes = readFileSync(path);
      const values = decoder
        .decodeWhole(bytes, read)
        .flatMap((one) => ('value' in one ? [JSON.parse(JSON.stringify(one.value)) as unknown] : []));
      return !Buffer.from(encoder.encodeWhole(values, read)).equals(bytes);
    });
    expect(different.map(nameOf).filter((name) => !entryFor(notOnlyInterchanges, name))).toEqual([]);
    expect(different).toHaveLength(Object.keys(notOnlyInterchanges).length);
  });

  it('give the same in pieces of one byte', async () => {
    const read = options({ acknowledge: '997', ta1: 'always' });
    const small = files.filter((path) => statSync(path).size < 4000);
    expect(small.length).toBeGreaterThan(200);
    for (const path of small) {
      const bytes = readFileSync(path);
      expect(await Array.fromAsync(decoder.decode(bytewise(bytes), read)), nameOf(path)).toEqual(
        decoder.decodeWhole(bytes, read),
      );
    }
  });

  it('count what there is: segments between ST and SE', () => {
    const read = options({ structure: 'segments', faults: 'value', noted: [] });
    for (const path of files.filter((one) => !entryFor(notOnlyInterchanges, nameOf(one)))) {
      const text = readFileSync(path, 'utf8');
      const values = decoder
        .decodeWhole(readFileSync(path), read)
        .flatMap((one) => ('value' in one ? [one.value as X12Value] : []));
      const sets = values.filter(({ transaction }) => transaction).length;
      const { element = '*', terminator = '~' } = values[0]?.syntax ?? {};
      const begun = text.split(terminator).filter((segment) =>
        segment
          .trimStart()
          .replace(/[\r\n]/g, '')
          .startsWith(`ST${element}`),
      ).length;
      expect(sets, nameOf(path)).toBe(begun);
    }
  });

  it('are accepted where they are meant to be right', () => {
    const meant = files.filter((path) => path.includes('/pass/'));
    expect(meant.length).toBeGreaterThan(100);
    const wrong = meant.flatMap((path) => faultsOf(path).map((message) => ({ name: nameOf(path), message })));
    for (const { name, message } of wrong) expect(message, name).toMatch(entryFor(wrongThoughMeantRight, name) ?? /^no fault$/);
    expect(new Set(wrong.map(({ name }) => name)).size).toBe(Object.keys(wrongThoughMeantRight).length);
  });

  it('are refused where they are meant to be wrong, for the reason they are', () => {
    const meant = files.filter((path) => path.includes('/fail/'));
    for (const path of meant) {
      const reason = entryFor(refused, nameOf(path));
      expect(reason, nameOf(path)).toBeDefined();
      expect(faultsOf(path, { noted: [] })[0] ?? '', nameOf(path)).toMatch(reason ?? /^$/);
      expect(faultsOf(path)[0] ?? '', nameOf(path)).toMatch(entryFor(wrongInside, nameOf(path)) ?? /^$/);
    }
    expect(meant).toHaveLength(Object.keys(refused).length);
  });
});

function faultsOf(path: string, written: Readonly<Record<string, unknown>> = {}): string[] {
  const read = options(written);
  return decoder.decodeWhole(readFileSync(path), read).flatMap((one) => ('problem' in one ? [one.problem.message] : []));
}

function entryFor<Value>(entries: Readonly<Record<string, Value>>, name: string): Value | undefined {
  return Object.entries(entries).find(([end]) => name.endsWith(end))?.[1];
}

function nameOf(path: string): string {
  return relative(data, path);
}

async function* bytewise(bytes: Uint8Array): AsyncIterable<Uint8Array> {
  for (const byte of bytes) yield Uint8Array.of(byte);
}

function filesIn(folder: string): string[] {
  if (!existsSync(folder)) return [];
  return readdirSync(folder, { withFileTypes: true }).flatMap((entry) => {
    const path = join(folder, entry.name);
    if (entry.isDirectory()) return filesIn(path);
    return /^(README|LICENSE|License)|\.(json|xml|html)$/i.test(entry.name) ? [] : [path];
  });
}
