// A segment as it stands in a message: its tag and its data elements, each of which is one text, several components, or repeated.

/** An element that is there several times, by the repetition of version 4. */
export interface Repeats {
  readonly repeat: readonly (string | readonly string[])[];
}

/** A stand-alone element, or a composite with only one component; a composite; either of them repeated. */
export type Element = string | readonly string[] | Repeats;

export interface Segment {
  readonly tag: string;
  /** Components of the tag: explicit nesting and repetition (versions 1 to 3). Left out where there are none. */
  readonly nesting?: readonly string[];
  readonly elements: readonly Element[];
}

/** The repetitions of an element: one where it is not repeated. */
export function repetitionsOf(element: Element | undefined): readonly (string | readonly string[])[] {
  if (element === undefined) return [];
  return isRepeated(element) ? element.repeat : [element];
}

export function isRepeated(element: Element): element is Repeats {
  return typeof element === 'object' && !Array.isArray(element);
}

/** The components of one repetition. */
export function textsOf(repetition: string | readonly string[] | undefined): readonly string[] {
  if (repetition === undefined) return [];
  return typeof repetition === 'string' ? [repetition] : repetition;
}

/** The text at an element and a component, counted from 1; empty where there is none. Of what is repeated: the first. */
export function textAt(segment: Segment, element: number, component = 1): string {
  return textsOf(repetitionsOf(segment.elements[element - 1])[0])[component - 1] ?? '';
}

/** The same without what is empty at ends: two elements that mean the same are equal afterwards. */
export function trimmed({ tag, nesting, elements }: Segment): Segment {
  const short = dropEmptyEnd(elements.map(trimElement));
  return { tag, ...(nesting ? { nesting } : {}), elements: short };
}

function trimElement(element: Element): Element {
  if (!isRepeated(element)) return trimRepetition(element);
  const repeat = dropEmptyEnd(element.repeat.map(trimRepetition));
  return repeat.length > 1 ? { repeat } : (repeat[0] ?? '');
}

function trimRepetition(repetition: string | readonly string[]): string | readonly string[] {
  if (typeof repetition === 'string') return repetition;
  const components = dropEmptyEnd(repetition);
  return components.length > 1 ? components : (components[0] ?? '');
}

function dropEmptyEnd<Value>(values: readonly Value[]): readonly Value[] {
  let length = values.length;
  while (length > 0 && values[length - 1] === '') length -= 1;
  return length === values.length ? values : values.slice(0, length);
}
