// The schemas of a project's models, checked and compiled together.

import addFormats from 'ajv-formats';
import type { FormatName } from 'ajv-formats';
import { Ajv2020 } from 'ajv/dist/2020.js';
import type { ErrorObject, ValidateFunction } from 'ajv/dist/2020.js';
import type { JsonSchema, Path } from '@mortise/sdk';
import type { ModelDefinition, ModelFault } from '../flow/definitions.ts';
import { didYouMean } from './names.ts';
import { findCircle } from './schema-circles.ts';
import { sureModels } from './schema-walk.ts';

/** How many faults are told of one value. */
const faultsMax = 10;
/** In values of up to so many parts all faults are looked for, in larger ones the first: a million of them would fill the memory. */
const partsMax = 10_000;

export interface SchemaFault {
  readonly path: Path;
  readonly message: string;
  readonly remedy?: string;
}

/**
 * The formats that are checked: those of JSON Schema 2020-12 that ajv-formats has. Its others are not for texts from
 * outside: `url` takes minutes for some of a megabyte.
 */
const checkedFormats: FormatName[] = [
  'date-time',
  'date',
  'time',
  'duration',
  'email',
  'hostname',
  'ipv4',
  'ipv6',
  'uri',
  'uri-reference',
  'uri-template',
  'uuid',
  'json-pointer',
  'relative-json-pointer',
  'regex',
];

/** So much of a name that came from outside is told. */
const nameCharactersMax = 100;

export class ModelSchemas {
  private readonly first: Ajv2020;
  private readonly all: Ajv2020;
  private readonly schemas = new Map<string, JsonSchema>();
  /** Those that Ajv does not even take: an anchor that is none, an identity that another has. */
  private readonly refused = new Map<string, unknown>();
  private sure: ReadonlySet<string> | undefined;

  /** `isBrief`: where few values are checked by many models, those are compiled in less time, to checks that take more. */
  constructor({ isBrief = false }: { readonly isBrief?: boolean } = {}) {
    this.first = newAjv(false, isBrief);
    this.all = newAjv(true, isBrief);
  }

  /** In what a schema is none, by the meta-schema of JSON Schema 2020-12. */
  faultsOf(schema: JsonSchema): readonly SchemaFault[] {
    const dialect = JSON.stringify(schema['$schema']);
    if (dialect !== undefined && !dialect.includes('2020-12')) {
      return [{ path: ['$schema'], message: `found ${dialect}; models are written in JSON Schema 2020-12` }];
    }
    if (this.all.validateSchema(withoutIdentity(schema)) === true) return [];
    const faults = (this.all.errors ?? []).map((error) => ({ path: pathOf(error.instancePath), message: sentenceOf(error) }));
    return faults.filter(({ path }, index) => faults.findIndex((other) => other.path.join('/') === path.join('/')) === index);
  }

  add(name: string, schema: JsonSchema): void {
    this.schemas.set(name, schema);
    this.sure = undefined;
    try {
      for (const ajv of [this.first, this.all]) ajv.addSchema({ ...withoutIdentity(schema), $id: name }, name);
    } catch (error) {
      this.refused.set(name, error);
    }
  }

  /**
   * The check of a model that was added, or why its references lead nowhere; nothing for others. What is sure to compile
   * is compiled when a value is checked for the first time.
   */
  compile(name: string): { readonly check?: ModelDefinition['check']; readonly fault?: SchemaFault } {
    const schema = this.schemas.get(name);
    if (!schema) return {};
    const circle = findCircle(name, this.schemas);
    if (circle) {
      const message = 'This reference leads back to itself, without going into the value: checking a value would never end.';
      return { fault: { path: circle, message, remedy: 'Let it lead into a property or an item, or leave it out.' } };
    }
    this.sure ??= sureModels(new Map([...this.schemas].filter(([one]) => !this.refused.has(one))));
    const check = checkOf(
      () => compiledBy(this.first, name),
      () => compiledBy(this.all, name),
    );
    if (this.sure.has(name)) return { check };
    try {
      if (this.refused.has(name)) throw this.refused.get(name);
      compiledBy(this.first, name);
      return { check };
    } catch (error) {
      const message = error instanceof Error ? error.message : String(error);
      return { fault: { path: blamedPath(schema, message), message: `${message}.`, ...this.remedyFor(message) } };
    }
  }

  /** Whether a value fits a model that was added; false also where the model does not compile. */
  fits(name: string, value: unknown): boolean {
    try {
      return compiledBy(this.first, name)(value) === true;
    } catch {
      return false;
    }
  }

  /** Of a reference to a model that does not exist. */
  private remedyFor(message: string): { readonly remedy?: string } {
    const reference = /can't resolve reference (\S+) from/.exec(message)?.[1];
    return reference === undefined ? {} : { remedy: didYouMean(reference, this.schemas.keys()) };
  }
}

function newAjv(allErrors: boolean, isBrief: boolean): Ajv2020 {
  const brief = isBrief ? { inlineRefs: false, code: { optimize: false } } : {};
  const ajv = new Ajv2020({ strict: false, allErrors, ownProperties: true, logger: false, validateSchema: false, ...brief });
  addFormats.default(ajv, checkedFormats);
  return ajv;
}

/** The name of a model is that of its file; what the schema calls itself elsewhere would only get in the way. */
function withoutIdentity(schema: JsonSchema): JsonSchema {
  const { $id: _id, $schema: _schema, ...rest } = schema;
  return rest;
}

/** Throws Ajv's error where it does not compile. */
function compiledBy(ajv: Ajv2020, name: string): ValidateFunction {
  const validate = ajv.getSchema(name);
  if (!validate) throw new Error(`There is no model ${name}.`);
  return validate;
}

function checkOf(first: () => ValidateFunction, all: () => ValidateFunction): ModelDefinition['check'] {
  let quick: ValidateFunction | undefined;
  return (value) => {
    quick ??= first();
    if (quick(value)) return undefined;
    const validate = isSmall(value) ? all() : quick;
    validate(value);
    return onceEach((validate.errors ?? []).map(toFault)).slice(0, faultsMax);
  };
}

function toFault(error: ErrorObject): ModelFault {
  return { path: shortened(error.instancePath), message: sentenceOf(error) };
}

/** Ajv's sentence, with the value that it leaves out. */
function sentenceOf({ keyword, message, params }: ErrorObject): string {
  const given: Readonly<Record<string, unknown>> = params;
  if (keyword === 'additionalProperties' || keyword === 'unevaluatedProperties') {
    const name = given['additionalProperty'] ?? given['unevaluatedProperty'];
    return `must not have the property "${shortened(String(name))}"`;
  }
  if (keyword === 'enum') return `must be one of ${JSON.stringify(given['allowedValues'])}`;
  if (keyword === 'const') return `must be ${JSON.stringify(given['allowedValue'])}`;
  return message ?? `fails "${keyword}"`;
}

function shortened(text: string): string {
  return text.length > nameCharactersMax ? `${text.slice(0, nameCharactersMax)}…` : text;
}

function onceEach<T>(faults: readonly T[]): readonly T[] {
  return [...new Map(faults.map((one) => [JSON.stringify(one), one])).values()];
}

function pathOf(pointer: string): Path {
  return pointer
    .split('/')
    .slice(1)
    .map((part) => part.replaceAll('~1', '/').replaceAll('~0', '~'));
}

/** The reference or pattern that Ajv's message quotes; the schema as a whole where there is none. */
function blamedPath(part: unknown, message: string, path: Path = []): Path {
  if (typeof part !== 'object' || part === null) return [];
  for (const [key, value] of Object.entries(part)) {
    const inner = [...path, key];
    if ((key === '$ref' || key === 'pattern') && typeof value === 'string' && message.includes(value)) return inner;
    const found = blamedPath(value, message, inner);
    if (found.length > 0) return found;
  }
  return [];
}

function isSmall(value: unknown): boolean {
  const open = [value];
  for (let count = 0; count < partsMax; count++) {
    const part = open.pop();
    if (typeof part === 'object' && part !== null) for (const inner of Object.values(part)) open.push(inner);
    if (open.length === 0) return true;
  }
  return false;
}
