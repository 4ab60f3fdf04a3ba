// The JSON Schema of what decode gives: the envelope always, documents as far as the options tell which ones there are.

import type { JsonSchema } from '@mortise/sdk';
import { definitionsOf } from './definitions.ts';
import type { DefinitionOptions } from './definitions.ts';
import { gsFields, isaFields } from './envelope.ts';
import { kindOf } from './findings.ts';
import type { FindingName } from './findings.ts';
import type { ElementSpec, LoopPart, Part, SegmentSpec, SetSpec } from './specification.ts';

/** The options that the shape of values depends on. */
interface ShapeOptions extends DefinitionOptions {
  readonly sets?: readonly string[];
  readonly version?: string;
  readonly structure: 'definition' | 'segments';
  readonly faults: 'record' | 'value' | 'file';
  readonly noted: readonly string[];
  readonly acknowledge: 'no' | '997' | '999';
  readonly ta1: 'no' | 'requested' | 'always';
}

interface Strictness {
  /** Whether what is required is there, and codes are those of the list. */
  readonly strict: boolean;
}

const text: JsonSchema = { type: 'string' };
const count: JsonSchema = { type: 'integer', minimum: 0 };
const anyText: JsonSchema = { anyOf: [text, { type: 'array', items: text }] };

export function schemaOf(options: ShapeOptions): JsonSchema {
  const answers = options.acknowledge !== 'no' || options.ta1 !== 'no';
  const isaNames = isaFields.map(([name]) => name as string);
  return {
    type: 'object',
    properties: {
      set: text,
      interchange: objectOf(isaNames, answers ? [] : isaNames.filter((name) => name !== 'standard')),
      group: objectOf(
        gsFields.map(([name]) => name),
        answers ? [] : gsFields.map(([name]) => name),
      ),
      transaction: objectOf(['controlNumber', 'implementation'], ['controlNumber']),
      document: documents(options),
      segments: {
        type: 'array',
        items: {
          type: 'array',
          items: {
            anyOf: [
              text,
              { type: 'array', items: text },
              {
                type: 'object',
                properties: { repeats: { type: 'array', items: anyText } },
                required: ['repeats'],
                additionalProperties: false,
              },
            ],
          },
        },
      },
      syntax: syntaxSchema(),
      position: {
        type: 'object',
        properties: { interchange: count, group: count, set: count, offsetBytes: count, line: count },
        required: ['interchange', 'offsetBytes', 'line'],
        additionalProperties: false,
      },
      findings: { type: 'array', items: findingSchema() },
      raw: text,
      acknowledges: objectOf(['interchange', 'group', 'functionalCode', 'status'], ['interchange', 'status']),
    },
    required: ['set', 'interchange', 'syntax', ...(answers ? [] : ['position'])],
    additionalProperties: false,
  };
}

function syntaxSchema(): JsonSchema {
  const names = ['element', 'component', 'repetition', 'terminator', 'newline', 'final'];
  const properties = Object.fromEntries(names.map((name) => [name, text]));
  return {
    type: 'object',
    properties: { ...properties, bom: { const: true } },
    required: ['element', 'component', 'terminator', 'newline'],
    additionalProperties: false,
  };
}

function findingSchema(): JsonSchema {
  const numbers = ['offsetBytes', 'line', 'segmentNumber', 'element', 'component', 'repetition'];
  const texts = ['name', 'message', 'segment', 'loop', 'reference', 'value'];
  const properties = Object.fromEntries([
    ...numbers.map((name) => [name, count] as const),
    ...texts.map((name) => [name, text] as const),
  ]);
  return { type: 'object', properties, required: ['name', 'message', 'offsetBytes', 'line'], additionalProperties: false };
}

/** One schema where one definition counts; any of several; any object where nothing tells. */
function documents(options: ShapeOptions): JsonSchema {
  const { sets, version, structure, faults, noted } = options;
  if (!sets || structure === 'segments') return { type: 'object' };
  const definitions = definitionsOf(options);
  const versions = version === undefined ? definitions.versions : [version];
  const specs = sets
    .flatMap((set) => versions.map((one) => definitions.set(one, set)))
    .filter((spec): spec is SetSpec => spec !== undefined);
  const strict = faults !== 'value' && !noted.some((name) => /^(segment|element)$/.test(levelOf(name)));
  const schemas = specs.map(({ root }) => loopSchema(root, { strict }));
  const unique = [...new Map(schemas.map((schema) => [JSON.stringify(schema), schema] as const)).values()];
  if (unique.length === 0) return { type: 'object' };
  return unique.length === 1 ? (unique[0] as JsonSchema) : { anyOf: unique };
}

function levelOf(name: string): string {
  return kindOf(name as FindingName)?.level ?? '';
}

function loopSchema(loop: LoopPart, strictness: Strictness): JsonSchema {
  const properties = Object.fromEntries(loop.parts.map((part) => [part.key, partSchema(part, strictness)]));
  const required = strictness.strict ? loop.parts.filter(({ minimum }) => minimum > 0).map(({ key }) => key) : [];
  // Levels hold levels; a schema without references says so only once.
  const levels: Record<string, JsonSchema> = loop.hierarchy ? { [loop.key]: { type: 'array', items: { type: 'object' } } } : {};
  return {
    type: 'object',
    properties: { ...properties, ...levels },
    ...(required.length > 0 ? { required } : {}),
    additionalProperties: false,
  };
}

function partSchema(part: Part, strictness: Strictness): JsonSchema {
  const one = part.kind === 'loop' ? loopSchema(part, strictness) : segmentSchema(part.segment, strictness);
  return part.maximum === 1 ? one : { type: 'array', items: one };
}

function segmentSchema({ elements }: SegmentSpec, strictness: Strictness): JsonSchema {
  return elementsSchema(elements, strictness);
}

function elementsSchema(elements: readonly ElementSpec[], strictness: Strictness): JsonSchema {
  const properties = Object.fromEntries(elements.map((spec) => [spec.key, elementSchema(spec, strictness)]));
  const required = strictness.strict ? elements.filter((spec) => spec.required).map(({ key }) => key) : [];
  return { type: 'object', properties, ...(required.length > 0 ? { required } : {}), additionalProperties: false };
}

function elementSchema(spec: ElementSpec, strictness: Strictness): JsonSchema {
  const codes: JsonSchema = spec.codes && strictness.strict ? { enum: [...spec.codes] } : text;
  const one = spec.components ? elementsSchema(spec.components, strictness) : codes;
  return spec.repeat > 1 ? { type: 'array', items: spec.components ? { anyOf: [one, text] } : text } : one;
}

function objectOf(names: readonly string[], required: readonly string[]): JsonSchema {
  return {
    type: 'object',
    properties: Object.fromEntries(names.map((name) => [name, text])),
    ...(required.length > 0 ? { required } : {}),
    additionalProperties: false,
  };
}
