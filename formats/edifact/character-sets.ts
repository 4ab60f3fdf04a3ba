// The character set of an interchange: what its syntax identifier tells (data element 0001).

import type { CharacterEncoding } from '@mortise/sdk';

/**
 * UNOX is ISO 2022, of which the bytes are kept one by one. UNOA and UNOB are ISO 646; that level A has no small letters is not
 * checked, since hardly anybody keeps to it.
 */
const characterSets: Readonly<Record<string, CharacterEncoding>> = {
  UNOA: 'ascii',
  UNOB: 'ascii',
  UNOC: 'latin1',
  UNOD: 'iso-8859-2',
  UNOE: 'iso-8859-5',
  UNOF: 'iso-8859-7',
  UNOG: 'iso-8859-3',
  UNOH: 'iso-8859-4',
  UNOI: 'iso-8859-6',
  UNOJ: 'iso-8859-8',
  UNOK: 'iso-8859-9',
  UNOL: 'iso-8859-15',
  UNOW: 'utf-8',
  UNOX: 'latin1',
  UNOY: 'utf-8',
};

/** Identifiers of other agencies (IATA's, or none) say nothing: then every byte is a character. */
export function encodingOf(identifier: string): CharacterEncoding {
  return Object.hasOwn(characterSets, identifier) ? (characterSets[identifier] as CharacterEncoding) : 'latin1';
}
