// Checks what stands in the elements of a segment by its definition: presence, length, kind of characters, codes.

import { excerpt } from '@mortise/sdk';
import type { SubElementDefinition, ElementDefinition, SegmentDefinition, ValueFormat } from './definitions.ts';
import type { SyntaxError } from './faults.ts';
import { textsOf, isRepeated, repetitionsOf } from './segment.ts';
import type { Element, Repeats, Segment } from './segment.ts';

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
  let context: Context | undefined;
  for (let index = 0; index < places.length; index += 1) {
    const known = places[index] as ElementDefinition;
    const element = elements[index];
    if (element === undefined || isEmpty(element)) {
      if (!known.mandatory) continue;
      context ??= newContext(tag, withCodes);
      context.faults.push({ code: '13', element: index + 1, what: `${tag} has no ${known.id}` });
      continue;
    }
    context ??= newContext(tag, withCodes);
    context.id = known.id;
    context.element = index + 1;
    context.repetition = undefined;
    if (isRepeated(element)) checkRepeated(element, known, context);
    else checkOne(element, known, context);
  }
  if (elements.length > places.length && elements.slice(places.length).some((element) => !isEmpty(element))) {
    context ??= newContext(tag, withCodes);
    context.faults.push({ code: '16', what: `${tag} has ${elements.length} elements; expected at most ${places.length}` });
  }
  return context ? context.faults : none;
}

const none: readonly ElementFault[] = [];

/** What is checked, and where it stands: one object for all of a segment, since hardly any element has a fault. */
interface Context {
  readonly tag: string;
  readonly withCodes: boolean;
  readonly faults: ElementFault[];
  id: string;
  element: number;
  repetition: number | undefined;
}

function newContext(tag: string, withCodes: boolean): Context {
  return { tag, withCodes, faults: [], id: '', element: 0, repetition: undefined };
}

function checkRepeated(element: Repeats, known: ElementDefinition, context: Context): void {
  const { length } = element.repeat;
  if (length > known.repeatMax) {
    const what = `${known.id} of ${context.tag} is there ${length} times; expected at most ${known.repeatMax}`;
    context.faults.push({ code: '35', element: context.element, what });
  }
  for (const [index, repetition] of element.repeat.entries()) {
    context.repetition = index + 1;
    checkOne(repetition, known, context);
  }
}

/** One repetition. */
function checkOne(texts: string | readonly string[], known: ElementDefinition, context: Context): void {
  if (known.components) return checkComposite(texts, known.components, context);
  const text = typeof texts === 'string' ? texts : (texts[0] ?? '');
  if (typeof texts !== 'string' && texts.some((one, index) => index > 0 && one !== ''))
    reportAt(context, undefined, '16', `${known.id} of ${context.tag} has components; expected one text`);
  if (known.format && text !== '') checkText(text, known.id, known.format, context.withCodes, undefined, context);
}

function reportAt(context: Context, component: number | undefined, code: SyntaxError, what: string): void {
  const { element, repetition } = context;
  context.faults.push({
    code,
    element,
    ...(component === undefined ? {} : { component }),
    ...(repetition === undefined ? {} : { repetition }),
    what,
  });
}

function checkComposite(texts: string | readonly string[], known: readonly SubElementDefinition[], context: Context): void {
  const { id, withCodes } = context;
  const foreign = withCodes && typeof texts !== 'string' && hasForeignList(texts, known);
  for (let index = 0; index < known.length; index += 1) {
    const component = known[index] as SubElementDefinition;
    const text = typeof texts === 'string' ? (index === 0 ? texts : '') : texts[index];
    if (text !== undefined && text !== '')
      checkText(text, component.id, component.format, withCodes && !(foreign && index === 0), index + 1, context);
    else if (component.mandatory) reportAt(context, index + 1, '13', `${id} of ${context.tag} has no ${component.id}`);
  }
  if (typeof texts !== 'string' && texts.length > known.length && texts.slice(known.length).some((text) => text !== ''))
    reportAt(context, undefined, '16', `${id} of ${context.tag} has more than ${known.length} components`);
}

function hasForeignList(texts: readonly string[], known: readonly SubElementDefinition[]): boolean {
  for (let index = 1; index < known.length && index < texts.length; index += 1)
    if (texts[index] !== '' && listQualifiers.has((known[index] as SubElementDefinition).id)) return true;
  return false;
}

function checkText(
  text: string,
  id: string,
  format: ValueFormat,
  withCodes: boolean,
  component: number | undefined,
  context: Context,
): void {
  const wrong = wrongWith(text, format, withCodes);
  if (!wrong) return;
  const name = component === undefined ? id : `${context.id}.${id}`;
  reportAt(context, component, wrong[0], `${name} of ${context.tag} is ${excerpt(text)}; expected ${wrong[1]}`);
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
  if (!isRepeated(element)) return areEmpty(element);
  return repetitionsOf(element).every((repetition) => areEmpty(textsOf(repetition)));
}

function areEmpty(texts: readonly string[]): boolean {
  for (let index = 0; index < texts.length; index += 1) if (texts[index] !== '') return false;
  return true;
}
