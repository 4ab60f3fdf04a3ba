// What a definition says, ready to be worked with: sets, loops, segments and elements.

/** How an element is written: N0 to N9, R, ID, AN, DT, TM, B. */
export type ElementType = 'N' | 'R' | 'ID' | 'AN' | 'DT' | 'TM' | 'B';

export interface ElementSpec {
  /** The number of the data element or composite in the standard. */
  readonly reference: string;
  /** What it is called in values: `BEG03`, or its name. */
  readonly key: string;
  readonly type: ElementType;
  /** Of N2, two: how many digits stand behind the decimal point that is not written. */
  readonly decimals: number;
  readonly minimum: number;
  readonly maximum: number;
  readonly required: boolean;
  /** How often it may be repeated; 1 where it is no list. */
  readonly repeat: number;
  readonly codes: ReadonlySet<string> | undefined;
  /** Whether the codes are a partner's. */
  readonly tightened: boolean;
  /** A partner demands it, or does not want it. */
  readonly demanded: boolean;
  readonly unused: boolean;
  readonly components: readonly ElementSpec[] | undefined;
  /** One text that may stand once: nothing but its content is to be looked at. */
  readonly simple: boolean;
  /** Of a composite: which components need which others. */
  readonly notes: readonly Note[];
}

/** So many elements of a segment have a bit of their own in a mask. */
export const maskBits = 30;

/** A syntax note: which elements need which others. Places are counted from 1. */
export interface Note {
  readonly kind: 'P' | 'R' | 'E' | 'C' | 'L';
  readonly elements: readonly number[];
  /** The same as bits, the first element's the lowest, and that of the element named first; 0 where they are too many for that. */
  readonly mask: number;
  readonly firstMask: number;
}

export interface SegmentSpec {
  readonly id: string;
  readonly elements: readonly ElementSpec[];
  readonly notes: readonly Note[];
}

export interface SegmentPart {
  readonly kind: 'segment';
  readonly id: string;
  readonly key: string;
  readonly minimum: number;
  readonly maximum: number;
  readonly demanded: boolean;
  readonly unused: boolean;
  readonly segment: SegmentSpec;
}

export interface LoopPart {
  readonly kind: 'loop';
  /** The identifier of the loop: mostly the name of its first segment. */
  readonly id: string;
  readonly key: string;
  readonly minimum: number;
  readonly maximum: number;
  readonly demanded: boolean;
  readonly unused: boolean;
  readonly parts: readonly Part[];
  /** The indexes of the parts that have to be there. */
  readonly required: readonly number[];
  /** The values of elements of the first segment that tell it from other loops, by the element's place from 1. */
  readonly when: readonly { readonly element: number; readonly values: ReadonlySet<string> }[];
  /** Whether it is a hierarchy: levels that name their parents. */
  readonly hierarchy: boolean;
}

export type Part = SegmentPart | LoopPart;

export interface SetSpec {
  readonly id: string;
  readonly version: string;
  /** GS01. */
  readonly functionalCode: string;
  readonly root: LoopPart;
  /** All segments that may stand somewhere in it. */
  readonly known: ReadonlySet<string>;
}

/** The part that a loop begins with. */
export function firstOf({ parts }: LoopPart): SegmentPart {
  return parts[0] as SegmentPart;
}
