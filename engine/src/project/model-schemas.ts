// The schemas of a project's models, checked and compiled together.

import addFormats from 'ajv-formats';
import type { FormatName } from 'ajv-formats';
import { Ajv2020 } from 'ajv/dist/2020.js';
import type { ErrorObject, ValidateFunction } from 'ajv/dist/2020.js';
import type { JsonSchema, Path } from '@mortise/sdk';
import type { ModelDefinition, ModelFault } from '../flow/definitions.ts';
import { didYouMean } from './names.ts';

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
  private readonly first = newAjv(false);
  private readonly all = newAjv(true);
  private readonly schemas = new Map<string, JsonSchema>();

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
    for (const ajv of [this.first, this.all]) ajv.addSchema({ ...withoutIdentity(schema), $id: name }, name);
  }

  /** The check of a model that was added, or why its references lead nowhere; nothing for others. */
  compile(name: string): { readonly check?: ModelDefinition['check']; readonly fault?: SchemaFault } {
    const schema = this.schemas.get(name);
    if (!schema) return {};
    try {
      const first = this.first.getSchema(name);
      return first ? { check: checkOf(first, () => this.all.getSchema(name) ?? first) } : {};
    } catch (error) {
      const message = error instanceof Error ? error.message : String(error);
      return { fault: { path: blamedPath(schema, message), message: `${message}.`, ...this.remedyFor(message) } };
    }
  }

  /** Of a reference to a model that does not exist. */
  private remedyFor(message: string): { readonly remedy?: string } {
    const reference = /can't resolve reference (\S+) from/.exec(message)?.[1];
    return reference === undefined ? {} : { remedy: didYouMean(reference, this.schemas.keys()) };
  }
}

function newAjv(allErrors: boolean): Ajv2020 {
  const ajv = new Ajv2020({ strict: false, allErrors, ownProperties: true, logger: false, validateSchema: false });
  addFormats.default(ajv, checkedFormats);
  return ajv;
}

/** The name of a model is that of its file; what the schema calls itself elsewhere would only get in the way. */
function withoutIdentity(schema: JsonSchema): JsonSchema {
  const { $id: _id, $schema: _schema, ...rest } = schema;
  return rest;
}

function checkOf(first: ValidateFunction, all: () => ValidateFunction): ModelDefinition['check'] {
  return (value) => {
    if (first(value)) return undefined;
    const validate = isSmall(value) ? all() : first;
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
