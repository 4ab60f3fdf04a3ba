// Checks what stands in the elements of a segment by its definition: presence, length, kind of characters, codes.

import { excerpt } from '@mortise/sdk';
import type { SubElementDefinition, ElementDefinition, SegmentDefinition, ValueFormat } from './definitions.ts';
import type { SyntaxError } from './faults.ts';
import { textsOf, isRepeated, repetitionsOf } from './segment.ts';
import type { Element, Segment } from './segment.ts';

export interface ElementFault {
  readonly code: SyntaxError;
  /** From 1; left out where the segment as a whole is meant. */
  readonly element?: number;
  readonly component?: number;
  readonly repetition?: number;
  readonly what: string;
}

/** Elements that say whose code list is used: then the standard's does not hold. */
const listQualifiers = new Set(['1131', '3055']);

export function checkElements(segment: Segment, definition: SegmentDefinition, withCodes: boolean): readonly ElementFault[] {
  const { elements, tag } = segment;
  const places = definition.elements;
  const context: Context = { tag, withCodes, faults: undefined };
  for (let index = 0; index < places.length; index += 1) {
    const known = places[index] as ElementDefinition;
    const element = elements[index];
    if (element === undefined || isEmpty(element)) {
      if (known.mandatory) report(context, { code: '13', element: index + 1, what: `${tag} has no ${known.id}` });
    } else if (typeof element === 'string') checkOne(element, known, index + 1, undefined, context);
    else checkElement(element, known, index + 1, context);
  }
  if (elements.length > places.length && elements.slice(places.length).some((element) => !isEmpty(element)))
    report(context, { code: '16', what: `${tag} has ${elements.length} elements; expected at most ${places.length}` });
  return context.faults ?? none;
}

const none: readonly ElementFault[] = [];

interface Context {
  readonly tag: string;
  readonly withCodes: boolean;
  faults: ElementFault[] | undefined;
}

function report(context: Context, fault: ElementFault): void {
  (context.faults ??= []).push(fault);
}

function checkElement(element: Element, known: ElementDefinition, number: number, context: Context): void {
  const repetitions = repetitionsOf(element);
  if (repetitions.length > known.repeatMax) {
    const what = `${known.id} of ${context.tag} is there ${repetitions.length} times; expected at most ${known.repeatMax}`;
    report(context, { code: '35', element: number, what });
  }
  for (const [index, repetition] of repetitions.entries())
    checkOne(repetition, known, number, isRepeated(element) ? index + 1 : undefined, context);
}

/** One repetition. Objects for places are made only where there is a fault: hardly any has one. */
function checkOne(
  texts: string | readonly string[],
  known: ElementDefinition,
  element: number,
  repetition: number | undefined,
  context: Context,
): void {
  if (known.components) return checkComposite(texts, known.components, { id: known.id, element, repetition, context });
  const text = typeof texts === 'string' ? texts : (texts[0] ?? '');
  const place = { id: known.id, element, repetition, context };
  if (typeof texts !== 'string' && texts.some((one, index) => index > 0 && one !== ''))
    reportAt(place, undefined, '16', `${known.id} of ${context.tag} has components; expected one text`);
  if (known.format) checkText(text, known.id, known.format, context.withCodes, undefined, place);
}

interface ElementPlace {
  readonly id: string;
  readonly element: number;
  readonly repetition: number | undefined;
  readonly context: Context;
}

function reportAt(place: ElementPlace, component: number | undefined, code: SyntaxError, what: string): void {
  const { element, repetition, context } = place;
  report(context, {
    code,
    element,
    ...(component === undefined ? {} : { component }),
    ...(repetition === undefined ? {} : { repetition }),
    what,
  });
}

function checkComposite(texts: string | readonly string[], known: readonly SubElementDefinition[], place: ElementPlace): void {
  const { context, id } = place;
  const textOf = (index: number): string => (typeof texts === 'string' ? (index === 0 ? texts : '') : (texts[index] ?? ''));
  let foreign = false;
  if (context.withCodes && typeof texts !== 'string')
    for (let index = 1; index < known.length; index += 1)
      if (listQualifiers.has((known[index] as SubElementDefinition).id) && textOf(index) !== '') foreign = true;
  for (let index = 0; index < known.length; index += 1) {
    const component = known[index] as SubElementDefinition;
    const text = textOf(index);
    if (text !== '')
      checkText(text, component.id, component.format, context.withCodes && !(foreign && index === 0), index + 1, place);
    else if (component.mandatory) reportAt(place, index + 1, '13', `${id} of ${context.tag} has no ${component.id}`);
  }
  if (typeof texts !== 'string' && texts.length > known.length && texts.slice(known.length).some((text) => text !== ''))
    reportAt(place, undefined, '16', `${id} of ${context.tag} has more than ${known.length} components`);
}

function checkText(
  text: string,
  id: string,
  format: ValueFormat,
  withCodes: boolean,
  component: number | undefined,
  place: ElementPlace,
): void {
  if (text === '') return;
  const wrong = wrongWith(text, format, withCodes);
  if (!wrong) return;
  const name = component === undefined ? id : `${place.id}.${id}`;
  reportAt(place, component, wrong[0], `${name} of ${place.context.tag} is ${excerpt(text)}; expected ${wrong[1]}`);
}

function wrongWith(text: string, format: ValueFormat, withCodes: boolean): readonly [SyntaxError, string] | undefined {
  const { type, lengthMin, lengthMax, codes } = format;
  if (type === 'n' && text.length <= lengthMax && text.length >= lengthMin && hasDigitsOnly(text)) return undefined;
  const length = text.length > lengthMax || (type === 'n' && lengthMin > 0) ? countedLength(text, type) : text.length;
  if (length > lengthMax) return ['39', `at most ${lengthMax} characters`];
  if (length < lengthMin) return ['40', `${lengthMin} characters`];
  if (type === 'n' && !/^-?[0-9]+([.,][0-9]+)?$/.test(text)) return wrongNumber(text);
  if (type === 'a' && /[0-9]/.test(text)) return ['37', 'no digits'];
  if (withCodes && codes && !codes.has(text)) return ['12', 'a code of its list'];
  return undefined;
}

function hasDigitsOnly(text: string): boolean {
  for (let at = 0; at < text.length; at += 1) {
    const code = text.charCodeAt(at);
    if (code < 0x30 || code > 0x39) return false;
  }
  return true;
}

/** Signs and decimal marks of numbers do not count (ISO 9735-1, section 10). */
function countedLength(text: string, type: ValueFormat['type']): number {
  return type === 'n' ? text.replace(/[-.,]/g, '').length : Array.from(text).length;
}

function wrongNumber(text: string): readonly [SyntaxError, string] {
  if (/^-?[.,][0-9]+$/.test(text)) return ['38', 'a digit before the decimal mark'];
  return /^[-0-9.,]+$/.test(text) ? ['19', 'one decimal mark, and digits on both sides of it'] : ['37', 'a number'];
}

function isEmpty(element: Element): boolean {
  if (typeof element === 'string') return element === '';
  if (!isRepeated(element)) return element.every((text) => text === '');
  return repetitionsOf(element).every((repetition) => textsOf(repetition).every((text) => text === ''));
}
