// The character sets that MSH-18 names (HL7 table 0211), as encodings.

import { characterEncodings } from '@mortise/sdk';
import type { CharacterCoding, CharacterEncoding } from '@mortise/sdk';
import { iso2022Jp } from './iso-2022-jp.ts';

/** Encodings in which the delimiters, line ends and names of segments are the bytes of ASCII. */
export const encodingNames = [
  'utf-8',
  'ascii',
  'latin1',
  'windows-1252',
  'windows-1250',
  'windows-1251',
  'iso-8859-2',
  'iso-8859-3',
  'iso-8859-4',
  'iso-8859-5',
  'iso-8859-6',
  'iso-8859-7',
  'iso-8859-8',
  'iso-8859-9',
  'iso-8859-15',
  'cp437',
  'cp850',
  'shift_jis',
  'euc-jp',
  'gb18030',
  'big5',
  'euc-kr',
] as const satisfies readonly CharacterEncoding[];

export interface CharacterSet extends CharacterCoding {
  readonly name: string;
  /** Absent where the SDK does not have it. */
  readonly encoding?: CharacterEncoding;
  /** Whether decoding and encoding again surely gives the same bytes. */
  readonly isExact: boolean;
}

const japanese: CharacterSet = { name: 'iso-2022-jp', ...iso2022Jp, byteOrderMark: new Uint8Array(), isExact: false };

/** UTF-16 and UTF-32 are not among them: where they were used, nothing of MSH could be read, MSH-18 included. */
const byName: ReadonlyMap<string, CharacterSet> = new Map([
  ['ASCII', encodingOf('ascii')],
  ['8859/1', encodingOf('latin1')],
  ...(['2', '3', '4', '5', '6', '7', '8', '9', '15'] as const).map(
    (part) => [`8859/${part}`, encodingOf(`iso-8859-${part}`)] as const,
  ),
  ['UNICODE', encodingOf('utf-8')],
  ['UNICODE UTF-8', encodingOf('utf-8')],
  ['UTF-8', encodingOf('utf-8')],
  ['UTF8', encodingOf('utf-8')],
  ['GB 18030-2000', encodingOf('gb18030')],
  ['KS X 1001', encodingOf('euc-kr')],
  ['BIG-5', encodingOf('big5')],
  ['ISO IR14', japanese],
  ['ISO IR87', japanese],
]);

export function encodingOf(name: CharacterEncoding): CharacterSet {
  const coding = characterEncodings[name];
  const isExact = name === 'utf-8' || name === 'ascii' || name === 'latin1';
  return { ...coding, name, encoding: name, isExact };
}

/**
 * The character set that the repetitions of MSH-18 name: the last one that is known, since the first of several is often ASCII.
 * "unknown" where none is, undefined where nothing is named.
 */
export function declaredSet(names: readonly string[]): CharacterSet | 'unknown' | undefined {
  const named = names.filter((name) => name !== '' && name !== '""');
  if (named.length === 0) return undefined;
  return (
    named
      .map((name) =>
        byName.get(
          name
            .trim()
            .toUpperCase()
            .replace(/^ISO IR +/, 'ISO IR'),
        ),
      )
      .findLast(Boolean) ?? 'unknown'
  );
}
