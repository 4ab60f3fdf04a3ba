// Text: alphanumeric fields, national ones, DBCS, and what is only bytes.

import { characterEncodings, doubleByteCoding, excerpt } from '@mortise/sdk';
import type { CharacterCoding } from '@mortise/sdk';
import { noCharacter } from './charset.ts';
import type { Charset } from './charset.ts';
import type { Leaf } from './leaf.ts';
import { initialOf } from './leaf.ts';
import type { Storage } from './storage.ts';

export type NationalEncoding = 'utf-16be' | 'utf-16le';

export function textLeaf(storage: Storage, charset: Charset): Leaf {
  if (charset.isSingle) return singleByteLeaf(storage, charset);
  return codedLeaf(storage, charset, Uint8Array.of(charset.blank), `of ${charset.name}`);
}

export function nationalLeaf(storage: Storage, encoding: NationalEncoding): Leaf {
  const coding = characterEncodings[encoding];
  return codedLeaf(storage, coding, coding.encode(' ') ?? new Uint8Array(2), `of ${encoding}`);
}

/** Characters of two bytes each, padded with blanks of two bytes (U+3000). */
export function dbcsLeaf(storage: Storage, charset: Charset): Leaf {
  const coding = doubleByteCoding(charset.name) ?? charset;
  const blank = charset.isEbcdic ? Uint8Array.of(charset.blank, charset.blank) : (coding.encode('\u3000') ?? new Uint8Array(2));
  return codedLeaf(storage, coding, blank, `of two bytes a character of ${charset.name}`);
}

/** Addresses and the like: nothing that another system could use, but kept. */
export function opaqueLeaf({ bytes }: Storage): Leaf {
  return initialOf(
    {
      bytes,
      expected: `${2 * bytes} hexadecimal digits`,
      schema: { type: 'string', pattern: `^[0-9a-f]{${2 * bytes}}$` },
      read: (record, at) => Buffer.from(record.bytes.subarray(at, at + bytes)).toString('hex'),
      write(target, at, value) {
        const isHex = typeof value === 'string' && value.length === 2 * bytes && /^[0-9a-f]*$/.test(value);
        if (!isHex) return `holds ${excerpt(value)}; expected ${2 * bytes} hexadecimal digits`;
        target.set(Buffer.from(value, 'hex'), at);
        return undefined;
      },
    },
    '00'.repeat(bytes),
  );
}

/** Zero bytes are as good as blanks: many programs fill with them. */
function singleByteLeaf({ bytes, justified }: Storage, charset: Charset): Leaf {
  const { blank } = charset;
  const isPad = (byte: number | undefined): boolean => byte === blank || byte === 0;
  const hasAll = !charset.textOf(allBytes).includes(noCharacter);
  return initialOf(
    {
      bytes,
      expected: `a text of up to ${bytes} characters`,
      schema: { type: 'string', maxLength: bytes },
      read(record, at) {
        const source = record.bytes;
        let [from, to] = [at, at + bytes];
        let zeros = 0;
        if (justified) for (; from < to && isPad(source[from]); from += 1) zeros += source[from] === 0 ? 1 : 0;
        else for (; to > from && isPad(source[to - 1]); to -= 1) zeros += source[to - 1] === 0 ? 1 : 0;
        if (zeros > 0) record.isIrregular = true;
        const text = record.text.slice(from, to);
        return hasAll || !text.includes(noCharacter) ? text : undefined;
      },
      write(target, at, value) {
        if (typeof value !== 'string') return `holds ${excerpt(value)}; expected a text`;
        const free = bytes - value.length;
        if (free < 0) return `holds ${excerpt(value)}, which takes ${value.length} bytes; the field has ${bytes}`;
        const [from, padAt] = justified ? [at + free, at] : [at, at + value.length];
        target.fill(blank, padAt, padAt + free);
        const isWritten = charset.put(value, target, from);
        return isWritten ? undefined : `holds ${excerpt(value)}, which has a character that the encoding has not`;
      },
    },
    '',
  );
}

const allBytes = Uint8Array.from({ length: 256 }, (_, byte) => byte);

/** Fields are decoded one by one where a character may have several bytes. */
function codedLeaf(
  { bytes, justified }: Storage,
  coding: Pick<CharacterCoding, 'decode' | 'encode'>,
  pad: Uint8Array,
  what: string,
): Leaf {
  const style = { coding, pad, justified };
  return initialOf(
    {
      bytes,
      expected: `a text ${what} in ${bytes} bytes`,
      schema: { type: 'string', maxLength: bytes },
      read(record, at) {
        const whole = record.bytes.subarray(at, at + bytes);
        const text = coding.decode(withoutPad(whole, pad, justified));
        if (text === undefined) return undefined;
        const again = new Uint8Array(bytes);
        const isSame =
          writePadded(again, 0, text, bytes, style) === undefined && again.every((byte, index) => byte === whole[index]);
        if (!isSame) record.isIrregular = true;
        return text;
      },
      write: (target, at, value) => writePadded(target, at, value, bytes, style),
    },
    '',
  );
}

function withoutPad(bytes: Uint8Array, pad: Uint8Array, justified: boolean): Uint8Array {
  const step = pad.length;
  let [from, to] = [0, bytes.length];
  const isPad = (at: number): boolean =>
    pad.every((byte, index) => bytes[at + index] === byte) || pad.every((_, index) => bytes[at + index] === 0);
  if (justified) while (from < to && isPad(from)) from += step;
  else while (to - step >= from && isPad(to - step)) to -= step;
  return bytes.subarray(from, to);
}

interface Padding {
  readonly coding: Pick<CharacterCoding, 'encode'>;
  readonly pad: Uint8Array;
  readonly justified: boolean;
}

function writePadded(target: Uint8Array, at: number, value: unknown, bytes: number, padding: Padding): string | undefined {
  const { coding, pad, justified } = padding;
  if (typeof value !== 'string') return `holds ${excerpt(value)}; expected a text`;
  const encoded = coding.encode(value);
  if (!encoded) return `holds ${excerpt(value)}, which has a character that the encoding has not`;
  if (encoded.length > bytes) return `holds ${excerpt(value)}, which takes ${encoded.length} bytes; the field has ${bytes}`;
  for (let place = 0; place < bytes; place += 1) target[at + place] = pad[place % pad.length] ?? 0;
  target.set(encoded, justified ? at + bytes - encoded.length : at);
  return undefined;
}
