// Makes segments of a document: goes through the definition and takes what the value has for each part.

import { isRecord } from './complete-value.ts';
import { elementText, unwritable } from './flat-segments.ts';
import type { WrittenSegment } from './flat-segments.ts';
import type { ElementSpec, LoopPart, Part, SegmentPart, SegmentSpec } from './specification.ts';
import type { Syntax } from './syntax.ts';

/** Levels of a hierarchy, and loops, are not nested deeper than this. */
const depthMax = 64;

export class DocumentWriter {
  readonly #syntax: Syntax;
  readonly #strict: boolean;
  readonly #segments: WrittenSegment[] = [];
  #levels = 0;

  /** `strict` is false where the segments are only compared with what once stood there. */
  constructor(syntax: Syntax, strict: boolean) {
    this.#syntax = syntax;
    this.#strict = strict;
  }

  write(root: LoopPart, document: unknown): readonly WrittenSegment[] {
    this.#loop(root, document, 'document', 0, undefined);
    return this.#segments;
  }

  #loop(loop: LoopPart, value: unknown, path: string, depth: number, parent: string | undefined): void {
    if (!isRecord(value)) throw unwritable(`${path} is ${kindOf(value)}; expected an object.`);
    if (depth > depthMax) throw unwritable(`${path} is nested deeper than ${depthMax} loops.`);
    this.#refuseOthers(value, loop, path);
    const level = loop.hierarchy ? this.#level(loop, value, parent) : undefined;
    for (const [index, part] of loop.parts.entries()) {
      const given =
        level && index === 0
          ? { ...(isRecord(value[part.key]) ? (value[part.key] as object) : {}), ...level.numbers }
          : own(value, part.key);
      this.#part(part, given, `${path}/${part.key}`, depth);
    }
    if (level)
      for (const [index, child] of listOf(own(value, loop.key)).entries())
        this.#loop(loop, child, `${path}/${loop.key}/${index}`, depth + 1, level.id);
  }

  #part(part: Part, given: unknown, path: string, depth: number): void {
    if (given === undefined || given === null) return;
    if (part.maximum === 1 && Array.isArray(given))
      throw unwritable(`${path} is a list; expected one object, since it may stand once.`);
    for (const [index, one] of listOf(given).entries()) {
      const where = Array.isArray(given) ? `${path}/${index}` : path;
      if (part.kind === 'segment') this.#segment(part, one, where);
      else this.#loop(part, one, where, depth + 1, undefined);
    }
  }

  /** Numbers that are not given are counted: HL01 in the order of the file, HL02 by the level around. */
  #level(
    loop: LoopPart,
    value: Readonly<Record<string, unknown>>,
    parent: string | undefined,
  ): { readonly id: string; readonly numbers: Readonly<Record<string, unknown>> } {
    const [first] = loop.parts as readonly [SegmentPart];
    const [own01, own02] = first.segment.elements as readonly [ElementSpec, ElementSpec];
    const given = isRecord(value[first.key]) ? (value[first.key] as Readonly<Record<string, unknown>>) : {};
    this.#levels += 1;
    const id = given[own01.key] ?? String(this.#levels);
    const above = given[own02.key] ?? parent;
    return {
      id: typeof id === 'string' ? id : '',
      numbers: { [own01.key]: id, ...(above === undefined ? {} : { [own02.key]: above }) },
    };
  }

  #segment({ id, segment }: SegmentPart, value: unknown, path: string): void {
    if (!isRecord(value)) throw unwritable(`${path} is ${kindOf(value)}; expected an object with the elements of ${id}.`);
    const keys = segment.elements.map(({ key }) => key);
    const other = Object.keys(value).find((key) => !keys.includes(key));
    if (other !== undefined)
      throw unwritable(`${path}/${other} is no element of ${id}; expected ${keys.slice(0, 12).join(', ')}.`);
    if (segment.elements.at(-1)?.type === 'B') {
      this.#segments.push(binary(id, segment, value, path));
      return;
    }
    const elements = [id, ...segment.elements.map((spec) => this.#element(spec, own(value, spec.key), `${path}/${spec.key}`))];
    while (elements.length > 1 && elements.at(-1) === '') elements.pop();
    this.#segments.push(elements);
  }

  #element(spec: ElementSpec, value: unknown, path: string): string {
    if (!Array.isArray(value)) return this.#once(spec, value, path);
    const { repetition } = this.#syntax;
    if (value.length > 1 && repetition === undefined)
      throw unwritable(
        `${path} repeats, which needs a repetition separator; expected one in "syntax", and version 00402 or later.`,
      );
    const texts = value.map((one: unknown, index) => this.#once(spec, one, `${path}/${index}`));
    while (texts.at(-1) === '') texts.pop();
    return texts.join(repetition ?? '');
  }

  #once(spec: ElementSpec, value: unknown, path: string): string {
    if (!spec.components || !isRecord(value)) return this.#text(value, path);
    const { components } = spec;
    const other = Object.keys(value).find((key) => !components.some((component) => component.key === key));
    if (other !== undefined)
      throw unwritable(`${path}/${other} is no component; expected ${components.map(({ key }) => key).join(', ')}.`);
    const texts = components.map(({ key }) => this.#text(own(value, key), `${path}/${key}`));
    while (texts.at(-1) === '') texts.pop();
    return texts.join(this.#syntax.component);
  }

  #text(value: unknown, path: string): string {
    return this.#strict || typeof value !== 'string' ? elementText(value, this.#syntax, path) : value;
  }

  #refuseOthers(value: Readonly<Record<string, unknown>>, loop: LoopPart, path: string): void {
    const keys = [...loop.parts.map(({ key }) => key), ...(loop.hierarchy ? [loop.key] : [])];
    const other = Object.keys(value).find((key) => !keys.includes(key));
    if (other !== undefined)
      throw unwritable(`${path}/${other} is nothing that stands there; expected ${keys.slice(0, 20).join(', ')}.`);
  }
}

/** The length is counted, whatever the value says. */
function binary(id: string, { elements }: SegmentSpec, value: Readonly<Record<string, unknown>>, path: string): WrittenSegment {
  const texts = elements.map(({ key }) => value[key]);
  const data = texts.at(-1);
  if (typeof data !== 'string' || !/^[A-Za-z0-9+/]*={0,2}$/.test(data))
    throw unwritable(`${path} has no data as base64; expected ${elements.at(-1)?.key ?? ''}.`);
  const bytes = Buffer.from(data, 'base64');
  return [id, ...texts.slice(0, -2).map((text) => (typeof text === 'string' ? text : '')), String(bytes.length), bytes];
}

function listOf(value: unknown): readonly unknown[] {
  if (value === undefined || value === null) return [];
  return Array.isArray(value) ? value : [value];
}

function own(value: Readonly<Record<string, unknown>>, key: string): unknown {
  return Object.hasOwn(value, key) ? value[key] : undefined;
}

function kindOf(value: unknown): string {
  return Array.isArray(value) ? 'a list' : value === null ? 'null' : `a value of type ${typeof value}`;
}
