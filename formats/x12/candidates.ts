// Where a segment may go next in a definition: worked out once for each place, and remembered.

import { firstOf } from './specification.ts';
import type { LoopPart, Part } from './specification.ts';

/** A place in the definition: a loop, the loops around it, and the part that was matched last. */
export interface LoopPlace {
  readonly loop: LoopPart;
  readonly parent: LoopPlace | undefined;
  /** Which of the parent's parts it is. */
  readonly index: number;
  readonly depth: number;
  /** By the index of the part, and the name of the segment. */
  readonly memory: Map<string, readonly Candidate[]>[];
  readonly children: Map<number, LoopPlace>;
}

/** So many loops are left, and then this part is matched. */
export interface Candidate {
  readonly up: number;
  readonly place: LoopPlace;
  readonly index: number;
  readonly part: Part;
}

const roots = new WeakMap<LoopPart, LoopPlace>();
/** Names beyond the known ones have no candidates; they are not worth remembering. */
const none: readonly Candidate[] = [];

export function rootPlace(loop: LoopPart): LoopPlace {
  const known = roots.get(loop);
  if (known) return known;
  const made = makePlace(loop, undefined, 0);
  roots.set(loop, made);
  return made;
}

/** The place inside of a loop that is a part of this one. */
export function childPlace(place: LoopPlace, index: number): LoopPlace {
  const known = place.children.get(index);
  if (known) return known;
  const made = makePlace(place.loop.parts[index] as LoopPart, place, index);
  place.children.set(index, made);
  return made;
}

/** All parts that a segment of this name may be, the nearest first. `at` is the part that was matched last. */
export function candidatesFor(place: LoopPlace, at: number, id: string, known: ReadonlySet<string>): readonly Candidate[] {
  const memory = (place.memory[at] ??= new Map());
  const found = memory.get(id);
  if (found) return found;
  if (!known.has(id)) return none;
  const made = search(place, at, id);
  memory.set(id, made);
  return made;
}

function search(place: LoopPlace, at: number, id: string): readonly Candidate[] {
  const found: Candidate[] = [];
  // Senders leave LS and LE out: what should stand between them is taken where nothing else fits.
  const last: Candidate[] = [];
  let from = at;
  let up = 0;
  for (let here: LoopPlace | undefined = place; here; here = here.parent) {
    const { parts } = here.loop;
    for (let index = from; index < parts.length; index++) {
      const part = parts[index] as Part;
      // Within a loop its first segment is never repeated: another one is another loop.
      const isAgain = index === 0 && here.parent !== undefined && part.kind === 'segment';
      if (isAgain || nameOf(part) !== id) continue;
      (isBounded(parts, index, from) ? last : found).push({ up, place: here, index, part });
    }
    from = here.index;
    up += 1;
  }
  return [...found, ...last];
}

/** Whether the part stands between LS and LE, and LS was not there: loops that begin alike are told apart by it. */
function isBounded(parts: readonly Part[], index: number, at: number): boolean {
  const begin = parts.findLastIndex((part, place) => part.id === 'LS' && place < index);
  if (begin < 0 || at >= begin) return false;
  const end = parts.findIndex((part, place) => part.id === 'LE' && place > begin);
  return index <= end;
}

function nameOf(part: Part): string {
  return part.kind === 'segment' ? part.id : firstOf(part).id;
}

function makePlace(loop: LoopPart, parent: LoopPlace | undefined, index: number): LoopPlace {
  return { loop, parent, index, depth: parent ? parent.depth + 1 : 0, memory: [], children: new Map() };
}
