// Files of any length for the formats of trading partners, hospitals and mainframes, made piece by piece, so that they never stand in memory.

import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { interchangeOf, orders } from '../formats/edifact/samples.fixture.ts';

export interface LargeFile {
  /** Of the format, as `mortise decode --option` takes them. */
  readonly options: readonly string[];
  /** Where the command is run: files that options name are looked for there. */
  readonly folder?: string;
  /** What stands before, again and again, and behind all: `one` gets its number, from 1. */
  readonly begin: string;
  readonly one: (number: number) => string | Uint8Array;
  readonly end: (count: number) => string;
}

const fixture = (path: string): string => fileURLToPath(new URL(`../formats/${path}`, import.meta.url));
const pieceBytes = 1024 ** 2;

export const largeFiles: Readonly<Record<string, LargeFile>> = {
  x12: x12File(),
  edifact: edifactFile(),
  hl7: { options: [], begin: '', one: laboratoryReport, end: () => '' },
  copybook: copybookFile(),
};

/** The file in pieces, at least so long. `count` of what was yielded last is how many documents there are. */
export function* piecesOf({ begin, one, end }: LargeFile, bytesMin: number): Generator<{ bytes: Buffer; count: number }> {
  let parts: (string | Uint8Array)[] = [begin];
  let held = 0;
  let given = 0;
  let count = 0;
  while (given + held < bytesMin) {
    const made = one((count += 1));
    parts.push(made);
    held += made.length;
    if (held < pieceBytes) continue;
    yield { bytes: joined(parts), count };
    given += held;
    parts = [];
    held = 0;
  }
  yield { bytes: joined([...parts, end(count)]), count };
}

function joined(parts: readonly (string | Uint8Array)[]): Buffer {
  return Buffer.concat(parts.map((part) => (typeof part === 'string' ? Buffer.from(part, 'latin1') : part)));
}

/** Orders of 40 lines, in one group. */
function x12File(): LargeFile {
  const order = readFileSync(fixture('x12/fixtures/purchase-order.edi'), 'latin1');
  const set = order.slice(order.indexOf('ST*'), order.indexOf('GE*'));
  const items = set.slice(set.indexOf('PO1*1'), set.indexOf('CTT'));
  const large = set.replace(items, items.repeat(20)).replace('SE*11', `SE*${11 + 19 * 3}`);
  return {
    options: [],
    begin: order.slice(0, order.indexOf('ST*')),
    one: (number) => large.replaceAll('0001~', `${String(number).padStart(9, '0')}~`),
    end: (count) => `GE*${count}*101~\nIEA*1*000000101~\n`,
  };
}

/** Orders of ten lines by D.96A, as their groups. */
function edifactFile(): LargeFile {
  const whole = interchangeOf([]);
  return {
    options: ['shape=groups'],
    begin: whole.slice(0, whole.indexOf('UNZ')),
    one: (number) =>
      orders(number, 10)
        .map((segment) => `${segment}'\n`)
        .join(''),
    end: (count) => `UNZ+${count}+4711'\n`,
  };
}

/** A report of 20 observations, about 2 KB. */
export function laboratoryReport(number: number): string {
  const head = [
    `MSH|^~\\&|LAB|GHH|EHR|GHH|20261126101500+0100||ORU^R01^ORU_R01|${String(number).padStart(5, '0')}|P|2.5.1`,
    'PID|1||100200^^^GHH&1.2.276.0.76.4.99&ISO^MR||Musterfrau^Erika^A||19580412|F|||Lindenweg 7^^Musterstadt^^12345^DEU',
    'OBR|1|ORD001^GHH|FLR001^LAB|58410-2^CBC panel^LN|||20261126080000',
  ];
  const observations = Array.from(
    { length: 20 },
    (_, at) => `OBX|${at + 1}|NM|6690-2^Leukocytes^LN||${at}.5|10*3/uL^^UCUM|4.0-11.0|N|||F|||20261126081500||1234^Arzt^Anna`,
  );
  return [...head, ...observations].map((segment) => `${segment}\r`).join('');
}

/** Accounts in EBCDIC with two movements each, of variable length, as formats/copybook/fixtures/account.cpy says. */
function copybookFile(): LargeFile {
  const movement = Buffer.concat([ebcdic('20261130000125'), Buffer.of(0xc0)]);
  const [balance, rate, filler, count] = ['000012345c', '000000c8', '404040', '0002'].map((hex) => Buffer.from(hex, 'hex'));
  return {
    options: ['copybook=account.cpy', 'recordFormat=v'],
    folder: fixture('copybook/fixtures'),
    begin: '',
    one(number) {
      const owner = ebcdic(`${String(number % 1e8).padStart(8, '0')}Smith       C`);
      const parts = [Buffer.alloc(4), owner, balance, rate, filler, count, movement, movement];
      const record = Buffer.concat(parts.filter((part) => part !== undefined));
      record.writeUInt16BE(record.length, 0);
      return record;
    },
    end: () => '',
  };
}

/** Digits, blanks and the letters that are needed here, of code page 037. */
function ebcdic(text: string): Buffer {
  const letters: Readonly<Record<string, number>> = { ' ': 0x40, C: 0xc3, S: 0xe2, h: 0x88, i: 0x89, m: 0x94, t: 0xa3 };
  return Buffer.from(Array.from(text, (character) => letters[character] ?? 0xf0 + Number(character)));
}
