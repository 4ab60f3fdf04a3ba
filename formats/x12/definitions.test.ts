// The definitions that ship: they load, every document that they allow comes back, and they say what a public dictionary says.

import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { readFields } from '@mortise/sdk';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { decoder } from './decode.ts';
import { readDefinitions } from './definition-file.ts';
import type { WrittenPart } from './definition-file.ts';
import { Definitions } from './definitions.ts';
import { encoder } from './encode.ts';
import format from './format.ts';
import { documentsOf } from './generated-documents.fixture.ts';
import type { X12Value } from './value.ts';

const sets = '850 855 856 860 865 810 820 830 832 846 862 940 943 944 945 204 210 214 990 864 824 997'.split(' ');
const shipped = [
  ...sets.map((set) => ({ set, version: '004010' })),
  ...[...sets, '999'].map((set) => ({ set, version: '005010' })),
];

describe.each(shipped)('$set in $version', ({ set, version }) => {
  it.each(['positions', 'names'] as const)('comes back, by %s', (keys) => {
    const spec = new Definitions(undefined, undefined, undefined, keys).set(version, set);
    if (!spec) throw new Error(`There is no ${set} in ${version}.`);
    const options = readFields(format.options, {
      keys,
      envelope: { sender: 'A1', receiver: 'B1', date: '260102', time: '0930', controlNumber: '1' },
    }).values;
    fc.assert(
      fc.property(documentsOf(spec.root), (document) => {
        const value = { set, group: { version }, document };
        const bytes = encoder.encodeWhole([value], options);
        const [decoded, ...others] = decoder.decodeWhole(bytes, options);
        expect(others).toEqual([]);
        expect(decoded && 'problem' in decoded ? decoded.problem.message : '').toBe('');
        expect(decoded && 'value' in decoded ? (decoded.value as X12Value).document : undefined).toEqual(document);
      }),
      { numRuns: 3 },
    );
  });
});

interface Dictionary {
  readonly elements: Readonly<Record<string, { readonly type: string; readonly min: number; readonly max: number }>>;
  readonly composites: Readonly<Record<string, readonly (readonly [string, string])[]>>;
  readonly segments: Readonly<
    Record<string, { readonly elements: readonly (readonly [string, string])[]; readonly syntax?: readonly string[] }>
  >;
  readonly transactionSets: Readonly<Record<string, readonly DictionaryPart[]>>;
}

type DictionaryPart =
  | readonly [string, string, number]
  | { readonly loop: string; readonly req: string; readonly max: number; readonly items: readonly DictionaryPart[] };

const data = process.env['MORTISE_REFERENCE_DATA'] ?? join(import.meta.dirname, '../../../shared/data');
const path = join(data, 'x12/x12-dictionary-004010/x12-004010.json');

/** Segments with a composite: the dictionary counts its components as elements, so that its notes name other places. */
const withComposite = /\bC\d{3}\b/;

describe.skipIf(!existsSync(path))('004010 against the dictionary (needs the reference data)', () => {
  const dictionary = existsSync(path) ? (JSON.parse(readFileSync(path, 'utf8')) as Dictionary) : undefined;
  const own = readDefinitions(readFileSync(new URL('definitions/004010.json', import.meta.url)), 'definitions/004010.json');

  it('has the same sets', () => {
    for (const set of sets)
      expect(own.sets[set]?.parts.map(plainPart), set).toEqual(dictionary?.transactionSets[set]?.map(dictionaryPart));
  });

  it('has the same segments', () => {
    for (const [id, segment] of Object.entries(own.segments)) {
      if (id === 'TA1') continue;
      const theirs = dictionary?.segments[id];
      expect(segment.elements, id).toBe(
        theirs?.elements.map(([element, requirement]) => element + (requirement === 'M' ? '!' : '')).join(' '),
      );
      const notes = withComposite.test(segment.elements) ? segment.notes : (theirs?.syntax ?? []).join(' ');
      expect(segment.notes, id).toBe(notes);
    }
  });

  it('has the same elements, but for a number of decimals that R has not, and the length of binary data', () => {
    for (const [number, element] of Object.entries(own.elements)) {
      if (number.startsWith('I') || number === '785') continue;
      const theirs = dictionary?.elements[number];
      expect(element.split(' ').slice(1).join(' '), number).toBe(
        `${theirs?.type.replace(/^R\d$/, 'R')} ${theirs?.min} ${theirs?.max}`,
      );
    }
  });
});

/** As text: the loops that the dictionary numbers within a set are called by their segment. */
function plainPart(part: WrittenPart): string {
  return typeof part === 'string' ? part : `${part.loop}(${part.parts.map(plainPart).join(' ')})`;
}

function dictionaryPart(part: DictionaryPart): string {
  if ('loop' in part)
    return `${counted(part.loop.replace(/_\d+$/, ''), part.req, part.max)}(${part.items.map(dictionaryPart).join(' ')})`;
  const [id, requirement, maximum] = part;
  return counted(id, requirement, maximum);
}

function counted(id: string, requirement: string, maximum: number): string {
  const times = maximum === 1 ? '' : maximum >= 99_999 && maximum !== 100_000 && maximum !== 200_000 ? '*' : `*${maximum}`;
  return id + (requirement === 'M' ? '!' : '') + times;
}
