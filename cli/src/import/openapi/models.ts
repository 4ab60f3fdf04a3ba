// The models that an import makes: one for each schema that something in use names, found by following references.

import type { Json } from '@mortise/sdk';
import { sampleOf } from '../../new/sample.ts';
import { slug } from '../../new/ground.ts';
import { isMapping, listOf } from '../values.ts';
import { breakCircles } from './circles.ts';
import type { ApiDocument, Pointer } from './document.ts';
import { pointerText } from './document.ts';
import { SchemaConverter } from './schemas.ts';
import type { ModelSchema } from './schemas.ts';

/** A description in which more schemas are in use is imported in parts. */
const modelsMax = 20_000;

interface Model {
  readonly name: string;
  readonly schema: unknown;
  readonly at: Pointer;
}

export class ModelSet {
  readonly #document: ApiDocument;
  readonly #system: string;
  readonly #converter: SchemaConverter;
  readonly #byPlace = new Map<string, Model>();
  readonly #names = new Set<string>();
  readonly #waiting: Model[] = [];
  readonly #bodies = new Map<string, readonly Json[]>();

  constructor(document: ApiDocument, system: string) {
    this.#document = document;
    this.#system = system;
    this.#converter = new SchemaConverter(document, (reference, at) => this.#referred(reference, at));
  }

  /** The model of a body, as `crm-pet@1`; `called` is its name where it has none of its own. `examples` are bodies as described. */
  body(schema: unknown, at: Pointer, called: string, examples: readonly Json[]): string | undefined {
    if (schema === undefined || schema === true) return undefined;
    const reference = isMapping(schema) && Object.keys(schema).length === 1 ? schema['$ref'] : undefined;
    const name = typeof reference === 'string' ? this.#referred(reference, at) : this.#named(schema, at, called);
    if (name !== undefined) this.#bodies.set(name, [...(this.#bodies.get(name) ?? []), ...examples]);
    return name;
  }

  /** Converts all that is named, and what that names in turn. Schemas by the model's name. */
  finish(): ReadonlyMap<string, ModelSchema> {
    const finished = new Map<string, ModelSchema>();
    for (let model = this.#waiting.pop(); model; model = this.#waiting.pop()) {
      const converted = this.#converter.convert(model.schema, model.at);
      finished.set(model.name, typeof converted === 'boolean' ? (converted ? {} : { not: {} }) : converted);
    }
    breakCircles(finished, (name) =>
      this.#document.warn([], `The schema of ${name} is nothing but itself: anything is taken there.`),
    );
    for (const [name, examples] of this.#bodies) addExamples(name, examples, finished);
    return new Map([...finished].toSorted(([a], [b]) => (a < b ? -1 : 1)));
  }

  #referred(reference: string, at: Pointer): string | undefined {
    const target = this.#document.target(reference, at);
    if (!target) return undefined;
    const last = target.at.at(-1) ?? 'document';
    const isComponent = target.at.length === 3 && target.at[0] === 'components';
    return this.#named(target.value, target.at, isComponent ? String(last) : target.at.slice(-3).join('-'));
  }

  #named(schema: unknown, at: Pointer, called: string): string | undefined {
    const place = pointerText(at);
    const known = this.#byPlace.get(place);
    if (known) return known.name;
    if (this.#byPlace.size >= modelsMax) {
      this.#document.warn(
        at,
        `More than ${modelsMax} schemas are in use: anything is taken there. Import it in parts, with --only.`,
      );
      return undefined;
    }
    const model = { name: this.#freeName(called), schema, at };
    this.#byPlace.set(place, model);
    this.#waiting.push(model);
    return model.name;
  }

  /** Names of components may be anything; two may differ by nothing but capitals. */
  #freeName(called: string): string {
    const base = `${this.#system}-${slug(called).slice(0, 100).replace(/-+$/, '') || 'model'}`;
    let name = base;
    for (let count = 2; this.#names.has(name); count++) name = `${base}-${count}`;
    this.#names.add(name);
    return `${name}@1`;
  }
}

/** Bodies have an example, for tests to begin from: those of the description, else one that is made. */
function addExamples(name: string, described: readonly Json[], models: ReadonlyMap<string, ModelSchema>): void {
  const schema = models.get(name);
  if (!schema || listOf(schema['examples']).length > 0) return;
  const made = (): Json =>
    sampleOf(schema, (reference) => {
      const found = models.get(reference);
      return found && { schema: found, root: found };
    });
  schema['examples'] = described.length > 0 ? [...described] : [made()];
}
