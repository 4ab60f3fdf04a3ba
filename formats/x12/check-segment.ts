// Reads a segment by its definition: gives its elements by their names, and finds what is wrong with them.

import { contentFault, expectedContent } from './element-content.ts';
import type { FindingName } from './findings.ts';
import type { FindingFacts } from './set-places.ts';
import { maskBits } from './specification.ts';
import type { ElementSpec, Note, SegmentSpec } from './specification.ts';
import type { Syntax } from './syntax.ts';

/** Told of each finding. */
export type Report = (name: FindingName, message: string, facts: FindingFacts) => void;

export type SegmentValue = Record<string, unknown>;

export class SegmentChecker {
  readonly #component: string;
  readonly #repetition: string | undefined;
  readonly #plain: boolean;

  /** `plain`: there are no components and no repetitions in what will be read. */
  constructor({ component, repetition }: Pick<Syntax, 'component' | 'repetition'>, plain: boolean) {
    this.#plain = plain;
    this.#component = component;
    this.#repetition = repetition;
  }

  /** `elements` begin with the segment's name. */
  read({ id, elements: specs, notes }: SegmentSpec, elements: readonly string[], report: Report): SegmentValue {
    const value: SegmentValue = {};
    const plain = this.#plain;
    let given = 0;
    for (let index = 0; index < specs.length; index++) {
      const spec = specs[index] as ElementSpec;
      const text = elements[index + 1];
      if (text === undefined || text === '') {
        if (spec.required) missing(spec, id, index + 1, report);
        continue;
      }
      if (index < maskBits) given |= 1 << index;
      if (plain && spec.simple) {
        const fault = contentFault(spec, text);
        if (fault) tellContent(spec, text, fault, place(id, index + 1), { element: index + 1 }, report);
        value[spec.key] = text;
        continue;
      }
      const read = this.#element(spec, text, id, index + 1, report);
      if (read !== undefined) value[spec.key] = read;
    }
    for (let index = specs.length + 1; index < elements.length; index++) {
      if (elements[index] !== '' && index <= maskBits) given |= 1 << (index - 1);
      this.#surplus(elements, index, report);
    }
    for (let index = 0; index < notes.length; index++) {
      const note = notes[index] as Note;
      if (!(note.mask === 0 ? holds(note, elements) : holdsByMask(note, given))) checkNote(note, specs, elements, report);
    }
    return value;
  }

  #surplus(elements: readonly string[], index: number, report: Report): void {
    const text = elements[index] as string;
    if (text !== '')
      report('element-surplus', `${elements[0]} has an element ${index}; expected at most ${index - 1}.`, {
        element: index,
        value: text,
      });
  }

  #element(spec: ElementSpec, text: string, id: string, element: number, report: Report): unknown {
    if (spec.unused) {
      report('element-unused', `${place(id, element)} is not used with this partner; expected nothing.`, {
        element,
        reference: spec.reference,
        value: text,
      });
      return text;
    }
    if (spec.type === 'B') return text;
    const repetition = this.#repetition;
    if (this.#plain || repetition === undefined || (spec.repeat === 1 && !text.includes(repetition))) {
      const read = this.#once(spec, text, id, element, 0, report);
      return spec.repeat > 1 ? [read ?? ''] : read;
    }
    const texts = text.split(repetition);
    if (texts.length > spec.repeat) {
      const facts = { element, repetition: spec.repeat + 1, reference: spec.reference, value: text };
      report(
        'repetition-surplus',
        `${place(id, element)} has ${texts.length} repetitions; expected at most ${spec.repeat}.`,
        facts,
      );
    }
    return texts.map((one, index) => (one === '' ? '' : (this.#once(spec, one, id, element, index + 1, report) ?? '')));
  }

  /** `repetition` is 0 where the element is not repeated. */
  #once(spec: ElementSpec, text: string, id: string, element: number, repetition: number, report: Report): unknown {
    if (spec.components) return this.#composite(spec.components, spec.notes, text, id, at(element, repetition), report);
    if (!this.#plain && text.includes(this.#component)) {
      const facts = { ...at(element, repetition), component: 2, reference: spec.reference, value: text };
      report('component-surplus', `${place(id, element)} has components; expected one text.`, facts);
      return text;
    }
    const fault = contentFault(spec, text);
    if (fault) tellContent(spec, text, fault, place(id, element), at(element, repetition), report);
    return text;
  }

  #composite(
    specs: readonly ElementSpec[],
    notes: readonly Note[],
    text: string,
    id: string,
    around: FindingFacts & { readonly element: number },
    report: Report,
  ): unknown {
    const texts = text.split(this.#component);
    const value: SegmentValue = {};
    for (const [index, spec] of specs.entries()) {
      const one = texts[index] ?? '';
      const where = `${place(id, around.element)}-${index + 1}`;
      const facts = { ...around, component: index + 1 };
      if (one !== '') {
        const fault = contentFault(spec, one);
        if (fault) tellContent(spec, one, fault, where, facts, report);
        value[spec.key] = one;
      } else if (spec.required)
        report('element-missing', `${where} is missing, and required.`, { ...facts, reference: spec.reference });
    }
    if (texts.length > specs.length) {
      const value = texts[specs.length] ?? '';
      report(
        'component-surplus',
        `${place(id, around.element)} has ${texts.length} components; expected at most ${specs.length}.`,
        { ...around, component: specs.length + 1, value },
      );
    }
    const where = place(id, around.element);
    for (const note of notes.filter((one) => !holds(one, [where, ...texts]))) {
      checkNote(note, specs, [where, ...texts], (name, message, { element = 0, ...facts }) =>
        report(name, message, { ...facts, ...around, component: element }),
      );
    }
    return value;
  }
}

function at(element: number, repetition: number): FindingFacts & { readonly element: number } {
  return repetition === 0 ? { element } : { element, repetition };
}

function tellContent(
  spec: ElementSpec,
  text: string,
  fault: FindingName,
  where: string,
  facts: FindingFacts,
  report: Report,
): void {
  report(fault, `${where} is ${JSON.stringify(text.slice(0, 40))}; expected ${expectation(spec, fault)}.`, {
    ...facts,
    reference: spec.reference,
    value: text,
  });
}

function expectation(spec: ElementSpec, fault: FindingName): string {
  if ((fault === 'element-code' || fault === 'element-partner-code') && spec.codes)
    return `one of ${[...spec.codes].slice(0, 12).join(', ')}`;
  return expectedContent(spec);
}

function missing({ reference, demanded }: ElementSpec, id: string, element: number, report: Report): void {
  const name = demanded ? 'element-demanded' : 'element-missing';
  report(name, `${place(id, element)} is missing, and required.`, { element, reference });
}

/** The same as `holds`, by the bits of the elements that are there. */
function holdsByMask({ kind, mask, firstMask }: Note, given: number): boolean {
  const there = given & mask;
  if (there === 0) return kind !== 'R';
  if (kind === 'P') return there === mask;
  if (kind === 'R') return true;
  if (kind === 'E') return (there & (there - 1)) === 0;
  if ((there & firstMask) === 0) return true;
  return kind === 'C' ? there === mask : there !== firstMask;
}

/** Whether the elements that are there are those that a note allows. */
function holds({ kind, elements: places }: Note, elements: readonly string[]): boolean {
  let there = 0;
  for (let index = 0; index < places.length; index++) {
    const text = elements[places[index] as number];
    if (text !== undefined && text !== '') there += 1;
  }
  if (there === 0) return kind !== 'R';
  if (kind === 'P') return there === places.length;
  if (kind === 'R') return true;
  if (kind === 'E') return there === 1;
  const first = elements[places[0] as number];
  if (first === undefined || first === '') return true;
  return kind === 'C' ? there === places.length : there > 1;
}

/** Notes of X12.6: paired, required, exclusive, conditional, list conditional. */
function checkNote(
  { kind, elements: places }: Note,
  specs: readonly ElementSpec[],
  elements: readonly string[],
  report: Report,
): void {
  const given = (at: number): boolean => (elements[at] ?? '') !== '';
  const tell = (at: number | undefined, name: FindingName, why: string): void => {
    const element = at ?? 0;
    report(name, `${noted(elements[0] ?? '', element)} ${why}.`, {
      element,
      reference: specs[element - 1]?.reference ?? '',
      ...(given(element) ? { value: elements[element] ?? '' } : {}),
    });
  };
  const [first = 0, ...others] = places;
  const listed = places.map((one) => String(one).padStart(2, '0')).join(', ');
  if (kind === 'P') {
    if (places.some(given))
      for (const at of places.filter((one) => !given(one)))
        tell(at, 'element-condition', `is missing: elements ${listed} stand together`);
  } else if (kind === 'R') {
    if (!places.some(given)) tell(first, 'element-condition', `is missing: one of the elements ${listed} is required`);
  } else if (kind === 'E') {
    const all = places.filter(given);
    if (all.length > 1) tell(all[1], 'element-exclusion', `stands beside another: only one of the elements ${listed} may stand`);
  } else if (given(first)) {
    if (kind === 'C')
      for (const at of others.filter((one) => !given(one)))
        tell(at, 'element-condition', `is missing: element ${first} needs it`);
    else if (!others.some(given))
      tell(others[0], 'element-condition', `is missing: element ${first} needs one of the elements ${listed}`);
  }
}

/** An element of a segment, or a component of an element. */
function noted(of: string, at: number): string {
  return of.length > 3 ? `${of}-${at}` : place(of, at);
}

function place(id: string, element: number): string {
  return id + String(element).padStart(2, '0');
}
