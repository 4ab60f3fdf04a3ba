// Follows a transaction set through its definition: gives loops and segments by their names, and finds what does not fit.

import { candidatesFor, childPlace, rootPlace } from './candidates.ts';
import type { Candidate, LoopPlace } from './candidates.ts';
import { SegmentChecker } from './check-segment.ts';
import type { Report, SegmentValue } from './check-segment.ts';
import type { FindingName } from './findings.ts';
import { Hierarchy } from './hierarchy.ts';
import type { FindingFacts } from './set-places.ts';
import { firstOf } from './specification.ts';
import type { LoopPart, Part, SegmentPart, SetSpec } from './specification.ts';
import type { Syntax } from './syntax.ts';

/** Told of each finding, with the index of the segment in `segments`. */
export type ReportAt = (name: FindingName, index: number, message: string, facts: FindingFacts) => void;

/** What is open: a loop, how far it has come, and what has been read of it. */
interface Frame {
  readonly place: LoopPlace;
  readonly value: SegmentValue;
  /** The part that was matched last, and how often. */
  at: number;
  count: number;
  hierarchy: Hierarchy | undefined;
}

/** So many segments are looked at ahead to tell alike loops apart. */
const lookAhead = 8;

export class StructureReader {
  readonly #spec: SetSpec;
  readonly #segments: readonly (readonly string[])[];
  readonly #report: ReportAt;
  readonly #checker: SegmentChecker;
  readonly #frames: Frame[];
  readonly #bounds: string[] = [];
  #index = 0;

  /** `plain`: no element has components or repetitions. */
  constructor(spec: SetSpec, segments: readonly (readonly string[])[], syntax: Syntax, plain: boolean, report: ReportAt) {
    this.#spec = spec;
    this.#segments = segments;
    this.#report = report;
    this.#checker = new SegmentChecker(syntax, plain);
    this.#frames = [newFrame(rootPlace(spec.root), {})];
  }

  /** Reads the segments from `from` up to `to`. */
  read(from: number, to: number): SegmentValue {
    for (this.#index = from; this.#index < to; this.#index++) this.#segment(this.#segments[this.#index] as readonly string[], to);
    this.#leave(0, to);
    this.#leaveFrame(this.#frames[0] as Frame, this.#spec.root.parts.length, to);
    if (this.#bounds.length > 0)
      this.#report('loop-bounds', to, `LS of the loop "${this.#bounds.at(-1)}" has no LE.`, { segment: 'LE' });
    return (this.#frames[0] as Frame).value;
  }

  #segment(segment: readonly string[], to: number): void {
    const id = segment[0] ?? '';
    const { place, at } = this.#top();
    const candidates = candidatesFor(place, at, id, this.#spec.known);
    const chosen = candidates.length === 0 ? undefined : this.#choose(candidates, segment, to);
    if (!chosen) this.#misfit(id, candidates.length > 0 && !candidates.some((one) => isMeant(one, segment)));
    else this.#accept(chosen, segment);
  }

  #top(): Frame {
    return this.#frames[this.#frames.length - 1] as Frame;
  }

  /** The nearest that nothing speaks against; where several are such, the one that the segments behind it fit. */
  #choose(candidates: readonly Candidate[], segment: readonly string[], to: number): Candidate | undefined {
    const [only] = candidates as readonly [Candidate];
    if (candidates.length === 1 && isMeant(only, segment) && this.#faultsOf(only) === 0) return only;
    const possible = candidates.filter((one) => isMeant(one, segment));
    if (possible.length === 0) return undefined;
    const clean = possible.filter((one) => this.#faultsOf(one) === 0);
    if (clean.length > 0) return clean.length === 1 ? clean[0] : this.#furthest(clean, to);
    const nearest = possible.toSorted((one, other) => this.#faultsOf(one) - this.#faultsOf(other))[0] as Candidate;
    return this.#isSwapped(nearest) ? undefined : nearest;
  }

  /** Whether what would be missing comes right behind: then this segment is the one that is misplaced. */
  #isSwapped({ up, index }: Candidate): boolean {
    const next = this.#segments[this.#index + 1]?.[0];
    return this.#skipped(up, index).some((part) => (part.kind === 'segment' ? part.id : firstOf(part).id) === next);
  }

  #furthest(candidates: readonly Candidate[], to: number): Candidate {
    let best = candidates[0] as Candidate;
    let reach = this.#reach(best, to);
    for (const candidate of candidates.slice(1)) {
      if (reach === lookAhead) return best;
      const other = this.#reach(candidate, to);
      if (other > reach) [best, reach] = [candidate, other];
    }
    return best;
  }

  /** How many of the segments behind have a place from there on. */
  #reach({ place, index, part }: Candidate, to: number): number {
    let here = part.kind === 'loop' ? childPlace(place, index) : place;
    let at = part.kind === 'loop' ? 0 : index;
    for (let ahead = 1; ahead <= lookAhead; ahead++) {
      if (this.#index + ahead >= to) return lookAhead;
      const segment = this.#segments[this.#index + ahead] as readonly string[];
      const next = candidatesFor(here, at, segment[0] ?? '', this.#spec.known).find((one) => isMeant(one, segment));
      if (!next) return ahead - 1;
      here = next.part.kind === 'loop' ? childPlace(next.place, next.index) : next.place;
      at = next.part.kind === 'loop' ? 0 : next.index;
    }
    return lookAhead;
  }

  /** How much would be wrong: what is skipped and required, and what would be there too often. */
  #faultsOf({ up, index, part }: Candidate): number {
    const last = this.#frames.length - 1;
    const frame = this.#frames[last - up] as Frame;
    let faults = frame.at === index && frame.count >= part.maximum ? 1 : 0;
    for (let depth = 0; depth <= up; depth++) {
      const passing = this.#frames[last - depth] as Frame;
      faults += skippedIn(passing, depth === up ? index : passing.place.loop.parts.length).length;
    }
    return faults;
  }

  /** Required parts that are passed over by leaving `up` loops and going on at `index`. */
  #skipped(up: number, index: number): readonly Part[] {
    const last = this.#frames.length - 1;
    return Array.from({ length: up + 1 }, (_, depth) => {
      const frame = this.#frames[last - depth] as Frame;
      return skippedIn(frame, depth === up ? index : frame.place.loop.parts.length);
    }).flat();
  }

  #accept({ up, index, part }: Candidate, segment: readonly string[]): void {
    this.#leave(this.#frames.length - 1 - up, this.#index);
    const frame = this.#top();
    this.#leaveFrame(frame, index, this.#index);
    if (frame.at === index) frame.count += 1;
    else [frame.at, frame.count] = [index, 1];
    if (frame.count > part.maximum) this.#tooOften(part, segment);
    if (part.unused) this.#told('segment-unused', `${segment[0]} is not used here with this partner; expected none.`, {});
    if (part.kind === 'loop') this.#enter(frame, index, part, segment);
    else put(frame.value, part, this.#value(part, segment));
  }

  #enter(frame: Frame, index: number, part: LoopPart, segment: readonly string[]): void {
    const place = childPlace(frame.place, index);
    const entered = newFrame(place, {});
    entered.count = 1;
    this.#frames.push(entered);
    const first = firstOf(part);
    put(entered.value, first, this.#value(first, segment));
    if (!part.hierarchy) {
      put(frame.value, part, entered.value);
      return;
    }
    frame.hierarchy ??= new Hierarchy(part.key);
    const fault = frame.hierarchy.add(segment[1] ?? '', segment[2] ?? '', entered.value, frame.value);
    if (fault) this.#told('hierarchy', fault, { element: 2, value: segment[2] ?? '' });
  }

  #value(part: SegmentPart, segment: readonly string[]): SegmentValue {
    const value = this.#checker.read(part.segment, segment, this.#tell);
    if (part.id === 'LS') this.#bounds.push(segment[1] ?? '');
    if (part.id === 'LE') this.#endBounds(segment[1] ?? '');
    return value;
  }

  #endBounds(id: string): void {
    const begun = this.#bounds.pop();
    if (begun !== id) this.#told('loop-bounds', `LE01 is "${id}"; LS01 was "${begun ?? ''}".`, { element: 1, value: id });
  }

  #tooOften(part: Part, segment: readonly string[]): void {
    const name = part.kind === 'loop' ? 'loop-repeated' : 'segment-repeated';
    const what = part.kind === 'loop' ? `The loop ${part.id}` : `${segment[0]}`;
    this.#told(name, `${what} is there once more than ${part.maximum} times.`, {});
  }

  /** Leaves loops until so many frames are above the first. */
  #leave(depth: number, index: number): void {
    while (this.#frames.length - 1 > depth) {
      const frame = this.#top();
      this.#leaveFrame(frame, frame.place.loop.parts.length, index);
      this.#frames.pop();
    }
  }

  /** Tells what is missing between the part that was matched last and the one at `to`. */
  #leaveFrame(frame: Frame, to: number, index: number): void {
    for (const part of skippedIn(frame, to)) {
      const segment = part.kind === 'segment' ? part.id : firstOf(part).id;
      const name = part.demanded ? 'segment-demanded' : 'segment-missing';
      const what = part.kind === 'loop' ? `The loop ${part.id} (${segment})` : segment;
      this.#report(name, index, `${what} is missing, and required.`, { segment, loop: loopOf(frame.place) });
    }
  }

  #misfit(id: string, isUnmeant: boolean): void {
    const { known } = this.#spec;
    if (isUnmeant) this.#told('segment-unexpected', `${id} has none of the qualifiers that may stand here.`, {});
    else if (known.has(id))
      this.#told('segment-misplaced', `${id} stands where it may not; expected it elsewhere in the transaction set.`, {});
    else if (/^[A-Z][A-Z0-9]{1,2}$/.test(id)) this.#told('segment-foreign', `${id} is no segment of ${this.#spec.id}.`, {});
    else this.#told('segment-unknown', `${JSON.stringify(id.slice(0, 20))} is no name of a segment.`, {});
  }

  readonly #tell: Report = (name, message, facts) => this.#told(name, message, facts);

  #told(name: FindingName, message: string, facts: FindingFacts): void {
    this.#report(name, this.#index, message, { ...facts, loop: loopOf(this.#top().place) });
  }
}

const nothing: readonly Part[] = [];

/** The required parts of a loop from the one that was matched last up to another that are not there. */
function skippedIn({ place, at, count }: Frame, to: number): readonly Part[] {
  let skipped: Part[] | undefined;
  for (const passed of place.loop.required) {
    if (passed < at || passed >= to) continue;
    const part = place.loop.parts[passed] as Part;
    if (part.minimum > (passed === at ? count : 0)) (skipped ??= []).push(part);
  }
  return skipped ?? nothing;
}

function newFrame(place: LoopPlace, value: SegmentValue): Frame {
  return { place, value, at: 0, count: 0, hierarchy: undefined };
}

/** A part that may stand once is given by itself, any other as a list. */
function put(value: SegmentValue, { key, maximum }: Part, read: SegmentValue): void {
  if (maximum === 1) {
    value[key] = read;
    return;
  }
  const list = value[key] as SegmentValue[] | undefined;
  if (list) list.push(read);
  else value[key] = [read];
}

/** Whether the qualifiers that tell the loop from others are those of the segment. */
function isMeant({ part }: Candidate, segment: readonly string[]): boolean {
  return part.kind === 'segment' || part.when.every(({ element, values }) => values.has(segment[element] ?? ''));
}

function loopOf({ loop }: LoopPlace): string | undefined {
  return loop.id === '' ? undefined : loop.id;
}
