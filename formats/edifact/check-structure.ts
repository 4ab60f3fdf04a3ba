// Follows the segments of a message through its definition: where each belongs, what is missing, what does not belong there.

import type { GroupPlace, MessageDefinition, MessagePlace } from './definitions.ts';
import type { SyntaxError } from './faults.ts';
import type { Segment } from './segment.ts';

/** A fault without its place in the bytes. `number` counts from UNH, which is 1. */
export interface StructureFault {
  readonly code: SyntaxError;
  readonly segment: string;
  readonly segmentNumber: number;
  readonly what: string;
}

/** What is told of each segment that has found its place. */
export interface StructureListener {
  enter(group: GroupPlace): void;
  leave(): void;
  segment(place: MessagePlace, segment: Segment): void;
}

interface Frame {
  readonly group: GroupPlace;
  /** The place that the last segment was at, and how often it has been there. */
  index: number;
  count: number;
}

/** Where a segment may go: so many frames are left, and then this place is next. */
interface Goal {
  readonly depth: number;
  readonly index: number;
  readonly tooMany: boolean;
}

const faultsMax = 100;

/** `places` gets the place of each segment that has found one. Throws nothing: what does not fit is passed over, as far as the rest can be understood without it. */
export function checkStructure(
  definition: MessageDefinition,
  segments: readonly Segment[],
  places: (MessagePlace | undefined)[],
  listener?: StructureListener,
): StructureFault[] {
  const walk = new Walk(definition.root, listener);
  for (let index = 0; index < segments.length; index += 1) {
    places.push(walk.take(segments[index] as Segment, index + 2));
    if (walk.faults.length >= faultsMax) return walk.faults;
  }
  walk.end(segments.length + 1);
  return walk.faults;
}

class Walk {
  readonly faults: StructureFault[] = [];
  readonly #listener: StructureListener | undefined;
  readonly #frames: Frame[];
  /** The number of the last segment that has found its place. */
  #placed = 1;

  constructor(root: GroupPlace, listener: StructureListener | undefined) {
    this.#frames = [{ group: root, index: -1, count: 1 }];
    this.#listener = listener;
  }

  take(segment: Segment, number: number): MessagePlace | undefined {
    const goal = this.#findGoal(segment.tag);
    if (!goal) {
      const group = this.#frames.at(-1)?.group.key;
      const where = group === undefined || group === '' ? '' : `, in or behind group ${group}`;
      this.#report('15', segment.tag, number, `${segment.tag} may not stand here, as segment ${number}${where}`);
      return undefined;
    }
    while (this.#frames.length - 1 > goal.depth) this.#leave();
    const frame = this.#frames[goal.depth] as Frame;
    this.#advance(frame, goal.index);
    const place = frame.group.places[goal.index] as MessagePlace;
    if (segment.nesting)
      this.#report('34', segment.tag, number, `${segment.tag} has components of its tag, which its definition does not know`);
    if (goal.tooMany)
      this.#report(
        place.kind === 'group' ? '36' : '35',
        segment.tag,
        number,
        `${place.key} is there more than ${place.max} times`,
      );
    this.#enter(place);
    this.#listener?.segment(place, segment);
    this.#placed = number;
    return place;
  }

  end(number: number): void {
    this.#placed = Math.min(this.#placed, number);
    while (this.#frames.length > 1) this.#leave();
    const [root] = this.#frames;
    if (root) this.#lack(root, root.group.places.length);
  }

  /** In the group under way from where it stands, then in those around it. A place that is full is taken only where no other is left. */
  #findGoal(tag: string): Goal | undefined {
    let full: Goal | undefined;
    for (let depth = this.#frames.length - 1; depth >= 0; depth -= 1) {
      const { group, index: from, count } = this.#frames[depth] as Frame;
      const indexes = group.indexes.get(tag);
      if (indexes === undefined) continue;
      for (const index of indexes) {
        if (index < from) continue;
        const place = group.places[index] as MessagePlace;
        if (index !== from || count < place.max) return { depth, index, tooMany: false };
        // That a group begins too often is found in the one around it.
        if (depth === 0 || index > 0) full ??= { depth, index, tooMany: true };
      }
    }
    return full;
  }

  #advance(frame: Frame, index: number): void {
    if (index === frame.index) frame.count += 1;
    else {
      this.#lack(frame, index);
      frame.index = index;
      frame.count = 1;
    }
  }

  #enter(place: MessagePlace): void {
    if (place.kind !== 'group') return;
    this.#listener?.enter(place);
    this.#frames.push({ group: place, index: 0, count: 1 });
  }

  #leave(): void {
    const frame = this.#frames.pop();
    if (!frame) return;
    this.#lack(frame, frame.group.places.length);
    this.#listener?.leave();
  }

  /** What is mandatory between where the frame stands and the place before `to`. */
  #lack({ group, index }: Frame, to: number): void {
    for (let at = index + 1; at < to; at += 1) {
      const place = group.places[at] as MessagePlace;
      if (!place.mandatory) continue;
      const inside = group.key === '' ? '' : ` of group ${group.key}`;
      this.#report('13', place.tag, this.#placed, `${place.tag}${inside} is missing behind segment ${this.#placed}`);
    }
  }

  #report(code: SyntaxError, segment: string, segmentNumber: number, what: string): void {
    if (this.faults.length < faultsMax) this.faults.push({ code, segment, segmentNumber, what });
  }
}
