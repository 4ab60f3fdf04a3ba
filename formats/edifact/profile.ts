// What a project expects of messages: which ones, how far they are checked, and by which definitions.

import { checkElements } from './check-elements.ts';
import { checkStructure } from './check-structure.ts';
import type { StructureListener } from './check-structure.ts';
import type { MessageDefinition, MessagePlace } from './definitions.ts';
import { definitionOf } from './directories.ts';
import { messageIdentifier } from './envelope.ts';
import { edifactError } from './errors.ts';
import type { Fault } from './faults.ts';
import type { FormatOptionsOf } from '@mortise/sdk';
import type format from './format.ts';
import { textAt } from './segment.ts';
import type { Segment } from './segment.ts';

export type EdifactOptions = FormatOptionsOf<typeof format>;

/** More are not looked for in one message. */
const faultsMax = 100;

export interface CheckedSegments {
  readonly header: Segment;
  readonly segments: readonly Segment[];
}

/** A fault of which the place in the bytes is not looked for yet. */
export type Finding = Omit<Fault, 'offsetBytes' | 'line'>;

export class Profile {
  readonly #options: EdifactOptions;
  readonly #level: 'envelope' | 'structure' | 'codes';

  constructor(options: EdifactOptions) {
    this.#options = options;
    const { check, acknowledge, shape } = options;
    this.#level = check ?? (acknowledge !== false ? 'codes' : shape === 'groups' ? 'structure' : 'envelope');
  }

  /** The definition of a message by its UNH, where one is wanted at all. Throws where the shape needs one and there is none. */
  definition(header: Segment): MessageDefinition | undefined {
    const { shape, directory } = this.#options;
    if (this.#level === 'envelope' && shape === 'segments') return undefined;
    const found = definitionOf(
      { type: textAt(header, 2, 1), version: textAt(header, 2, 2), release: textAt(header, 2, 3) },
      directory,
    );
    if (found || shape === 'segments') return found;
    const message = `There is no definition of ${messageIdentifier(header)}, which the shape "groups" needs.`;
    throw edifactError('MORTISE_EDIFACT_DIRECTORY', message);
  }

  /** What is wrong with a message besides its envelope. */
  check(
    { header, segments }: CheckedSegments,
    definition: MessageDefinition | undefined,
    listener?: StructureListener,
  ): readonly Finding[] {
    const unexpected = this.#unexpected(header);
    if (unexpected) return [unexpected];
    if (!definition) return [];
    const places: (MessagePlace | undefined)[] = [];
    const faults: Finding[] = checkStructure(definition, segments, places, listener);
    if (this.#level === 'envelope') return faults;
    for (let index = 0; index < segments.length; index += 1) {
      const segment = segments[index] as Segment;
      const place = places[index];
      const known = place ? place.definition : definition.directory.segment(segment.tag);
      if (!known) continue;
      for (const fault of checkElements(segment, known, this.#level === 'codes'))
        if (faults.length < faultsMax) faults.push({ ...fault, segment: segment.tag, segmentNumber: index + 2 });
    }
    return faults.length < 2 ? faults : faults.sort((one, other) => (one.segmentNumber ?? 0) - (other.segmentNumber ?? 0));
  }

  #unexpected(header: Segment): Finding | undefined {
    const { messages } = this.#options;
    const identifier = messageIdentifier(header);
    if (!messages || messages.some((one) => identifier === one || identifier.startsWith(`${one}:`))) return undefined;
    const what = `the message is ${identifier}; expected ${messages.join(', ')}`;
    return { code: '14', segment: 'UNH', segmentNumber: 1, element: 2, component: 1, what };
  }
}
