// Names of entries in a zip archive: decoded as the archive says, and refused where they could lead anywhere else.

import { characterEncodings } from '../text/character-encodings.ts';
import { flag, zipFault } from './zip-structures.ts';
import type { ZipRecord } from './zip-structures.ts';

const nameBytesMax = 1024;

/**
 * The name of an entry whose header is at `offset`. Without the flag for UTF-8 a name is of code page 437; many programs write
 * UTF-8 there without saying so, which as code page 437 would be box drawings.
 */
export function zipName({ name: bytes, flags }: Pick<ZipRecord, 'name' | 'flags'>, offset: number): string {
  const { 'utf-8': utf8, cp437 } = characterEncodings;
  const isShort = bytes.length <= nameBytesMax;
  const name = isShort ? (utf8.decode(bytes) ?? ((flags & flag.utf8) === 0 ? cp437.decode(bytes) : undefined)) : undefined;
  if (name === undefined) throw zipFault('the name of an entry is no text, or too long', offset);
  const fault = nameFault(name);
  if (fault) throw zipFault(`the name ${JSON.stringify(name.slice(0, 100))} ${fault}`, offset);
  return name;
}

/** What is wrong with a name; one that a program unpacks by could write to anywhere. */
export function nameFault(name: string): string | undefined {
  if (name === '') return 'is empty';
  // oxlint-disable-next-line no-control-regex -- control characters are what is looked for
  if (/[\u0000-\u001f\u007f\\]/.test(name)) return 'has a backslash or a control character';
  if (name.startsWith('/') || /^[A-Za-z]:/.test(name)) return 'is absolute';
  const parts = name.replace(/\/$/, '').split('/');
  return parts.some((part) => part === '' || part === '.' || part === '..') ? 'leads out of its folder' : undefined;
}
