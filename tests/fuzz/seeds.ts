// Files that a format reads well, the options that it is tried with, and the pieces that change its files most.

import { readFileSync, readdirSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { bindFormat, bindOptions, readFields } from '@mortise/sdk';
import type { BoundFormat } from '@mortise/sdk';
import { loadFormat, optionSupply } from '@mortise/sdk/testing';
import { largeFiles } from '../../bench/large-files.ts';

export interface Seeds {
  readonly files: readonly Buffer[];
  readonly pieces: readonly Buffer[];
  /** The format with several sets of options. */
  readonly formats: readonly BoundFormat[];
}

type Written = Readonly<Record<string, unknown>>;

/** What a change puts in: what the format looks for, and what it does not expect. */
const pieces: Readonly<Record<string, readonly string[]>> = {
  x12: [
    '~',
    '*',
    ':',
    '^',
    '\n',
    'ISA',
    'IEA*1*1~',
    'GS*PO',
    'GE*1*1~',
    'ST*850*0001~',
    'SE*2*0001~',
    'HL*1**S~',
    'BIN*5*',
    'LS*A~',
  ],
  edifact: [
    "'",
    '+',
    ':',
    '?',
    '*',
    "UNA:+.? '",
    "UNB+UNOC:3+A+B+1:1+1'",
    "UNZ+1+1'",
    "UNH+9+ORDERS:D:96A:UN'",
    "UNT+1+1'",
    "UNS+D'",
    'LIN',
  ],
  hl7: [
    'MSH|^~\\&|',
    '|',
    '^',
    '~',
    '\\',
    '&',
    '\r',
    '\n',
    'BHS|',
    'BTS|9\r',
    'FTS|1',
    '\\X41\\',
    '""',
    '\u000b',
    '\u001c\r',
    '\u001b$B',
  ],
  copybook: [
    '\0\0\0\0',
    '\0\u0045\0\0',
    '\u00ff',
    '\u0040',
    '\u000c',
    '\u00f0',
    '\u00c0',
    '\u00d9',
    '\u000e',
    '\u000f',
    '\u0025',
    '\u0015',
    '\u7fff',
  ],
};

const options: Readonly<Record<string, readonly Written[]>> = {
  x12: [
    { faults: 'value', acknowledge: '999', ta1: 'always' },
    {},
    { structure: 'segments', setBytesMax: '1KiB' },
    { faults: 'file', keys: 'names' },
  ],
  edifact: [
    { faults: 'keep', shape: 'groups', check: 'codes' },
    { acknowledge: true },
    { messageBytesMax: '1KiB', segmentsMax: 20 },
    { faults: 'file' },
  ],
  hl7: [{}, { names: false }, { messageBytesMax: '64B' }, { elementsMax: 20 }, { encoding: 'shift_jis' }],
  copybook: [
    { recordFormat: 'v' },
    { recordFormat: 'v', sizes: 'lenient', looseNumbers: true },
    { recordFormat: 'vb', broken: 'file' },
    { recordFormat: 'lines', encoding: 'latin1', sizes: 'lenient' },
    { recordFormat: 'fixed' },
  ],
};

/** Throws where an option is none: then the list above is out of date. */
export async function seedsOf(name: string): Promise<Seeds> {
  const folder = fileURLToPath(new URL(`../../formats/${name}/`, import.meta.url));
  const large = largeFiles[name];
  if (!large) throw new Error(`There are no seeds of "${name}".`);
  const implementation = await loadFormat(folder);
  const { options: fields } = implementation.declaration;
  const common = name === 'copybook' ? { copybook: 'account.cpy' } : {};
  const copybook = readFileSync(new URL('../../formats/copybook/fixtures/account.cpy', import.meta.url), 'utf8');
  const formats = (options[name] ?? []).map((written) => {
    const read = readFields(fields, { ...common, ...written });
    const bound = bindOptions(fields, read.values, optionSupply([], { 'account.cpy': copybook }));
    const [problem] = [...read.problems, ...bound.problems];
    if (problem) throw new Error(JSON.stringify(problem));
    return bindFormat(name, implementation, bound.values);
  });
  const made = Buffer.concat([large.begin, large.one(1), large.one(2), large.end(2)].map((part) => Buffer.from(part)));
  const found = readdirSync(`${folder}fixtures`).filter((file) => /\.(edi|edifact|hl7|bin)$/.test(file));
  const files = [made, ...found.map((file) => readFileSync(`${folder}fixtures/${file}`))].filter(
    (bytes) => bytes.length < 20_000,
  );
  return { files, pieces: (pieces[name] ?? []).map((piece) => Buffer.from(piece, 'latin1')), formats };
}
