// The values that decode gives and encode takes: one transaction set, with its envelope, its syntax and its place.

import type { Group, Interchange } from './envelope.ts';
import type { Finding } from './findings.ts';
import type { Syntax } from './syntax.ts';

/** An element: its text; its components where it is a composite; all its repetitions where there are several. */
export type ElementValue = string | readonly string[] | { readonly repeats: readonly (string | readonly string[])[] };

/** A segment as it stands: its name, then its elements. */
export type FlatSegment = readonly [string, ...ElementValue[]];

/** The transaction set by its definition: segments and loops by their names. */
export type DocumentValue = { readonly [name: string]: unknown };

/** Where the value stood. Counted from 1, but for the offset. */
export interface Place {
  readonly interchange: number;
  readonly group?: number;
  readonly set?: number;
  readonly offsetBytes: number;
  readonly line: number;
}

/** ST02 and ST03. */
export interface Transaction {
  readonly controlNumber: string;
  readonly implementation?: string;
}

/** What an acknowledgement that was made while decoding acknowledges. */
export interface Acknowledged {
  readonly interchange: string;
  readonly group?: string;
  readonly functionalCode?: string;
  /** As in AK901 or TA104: A, E, P or R. */
  readonly status: string;
}

export interface X12Value {
  /** "850"; "TA1"; "GS" or "ISA" for a group or an interchange that holds nothing. */
  readonly set: string;
  readonly interchange: Interchange;
  readonly group?: Group;
  readonly transaction?: Transaction;
  /** By its definition, or, where there is none or it does not fit, the segments between ST and SE. */
  readonly document?: DocumentValue;
  readonly segments?: readonly FlatSegment[];
  readonly syntax: Syntax;
  readonly position: Place;
  /** What was found and did not cost the transaction set. */
  readonly findings?: readonly Finding[];
  /** All the bytes that belong to it, as text, where the rules of "syntax" do not give them again. */
  readonly raw?: string;
  /** It was made here, and came from nobody. */
  readonly acknowledges?: Acknowledged;
}

/** The version that a group names, as definitions are known by: the first six characters. */
export function versionOf({ version }: Group): string {
  return version.slice(0, 6);
}
