// Values to test an import with: of parameters, and of bodies that fit their models.

import { ModelSchemas } from '@mortise/engine';
import type { Json, JsonSchema } from '@mortise/sdk';
import { sampleOf } from '../../new/sample.ts';
import { isMapping, listOf } from '../values.ts';
import type { ApiDocument } from './document.ts';
import type { Parameter } from './operations.ts';
import type { ModelSchema } from './schemas.ts';

/** What a parameter may be: as it is described, else by its type. Never nothing, and never a list of lists. */
export function parameterSample(document: ApiDocument, { name, value, at }: Parameter): Json {
  const [several] = document.entries(value['examples'], [...at, 'examples']);
  const described = value['example'] ?? (several && document.mapping(several.value, several.at)?.value['value']);
  const found = described ?? schemaSample(document, value['schema']);
  const flat = plain((Array.isArray(found) ? found.flat(Infinity).filter(isSome) : found) as Json);
  return isSome(flat) && !(Array.isArray(flat) && flat.length === 0) ? flat : name;
}

function isSome(value: unknown): boolean {
  return value !== null && value !== undefined && value !== '';
}

function schemaSample(document: ApiDocument, schema: unknown): unknown {
  if (!isMapping(schema)) return undefined;
  const withExample = (found: unknown): unknown =>
    isMapping(found) && found['example'] !== undefined ? { ...found, examples: [found['example']] } : found;
  return sampleOf(withExample(schema) as JsonSchema, (reference, root) => {
    const target = document.target(reference, ['#']);
    return target && { schema: withExample(target.value), root };
  });
}

/** Without what JSON cannot hold, or writes in two ways. */
function plain(value: Json): Json {
  return JSON.parse((JSON.stringify(value) ?? 'null').replaceAll(/\\u[dD][89a-fA-F][\da-fA-F]{2}/g, '?')) as Json;
}

/** Samples of models, checked as an engine checks them. */
export class BodySamples {
  readonly #models: ReadonlyMap<string, ModelSchema>;
  readonly #schemas = new ModelSchemas({ isBrief: true });

  constructor(models: ReadonlyMap<string, ModelSchema>) {
    this.#models = models;
    for (const [name, schema] of models) this.#schemas.add(name, schema as JsonSchema);
  }

  /** A value that fits the model; undefined where none was found. */
  of(name: string): Json | undefined {
    return this.#candidates(name).find((one) => this.#schemas.fits(name, one));
  }

  /** A value that fits as well as can be had. */
  nearest(name: string): Json {
    const candidates = this.#candidates(name);
    return candidates.find((one) => this.#schemas.fits(name, one)) ?? candidates[0] ?? null;
  }

  /** Those that are described, then one that is made. */
  #candidates(name: string): readonly Json[] {
    const { examples, ...bare } = this.#models.get(name) ?? {};
    return [...listOf(examples), this.#made(bare as JsonSchema)].map((one) => plain(one as Json));
  }

  #made(schema: JsonSchema): Json {
    return sampleOf(schema, (reference) => {
      const found = this.#models.get(reference) as JsonSchema | undefined;
      return found && { schema: found, root: found };
    });
  }
}
