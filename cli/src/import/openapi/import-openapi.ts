// An OpenAPI description becomes a system with its outbounds and inbounds, and the models of their bodies.

import { textOf, mappingOf } from '../values.ts';
import { Connections } from './connections.ts';
import { ApiDocument } from './document.ts';
import type { Warning } from './document.ts';
import { Filter } from './filter.ts';
import { inboundsOf } from './inbounds.ts';
import { ModelSet } from './models.ts';
import type { ModelSchema } from './schemas.ts';
import { BodySamples } from './samples.ts';
import { testsCharactersMax, testText } from './tests.ts';
import { Names, operationsOf } from './operations.ts';
import { outboundOf } from './outbounds.ts';
import type { Entry } from './outbounds.ts';
import { readDescription } from './read.ts';
import { systemFile } from './system-file.ts';

export interface ImportOptions {
  /** The name of the system that is made. */
  readonly system: string;
  /** What the description is called, in messages. */
  readonly name: string;
  /** Where it came from, where that was a URL. */
  readonly base?: string;
  readonly only?: readonly string[];
}

export interface Imported {
  /** Texts by path in the project: the system's file, then tests and models. */
  readonly files: ReadonlyMap<string, string>;
  readonly warnings: readonly Warning[];
  readonly outbounds: number;
  readonly inbounds: number;
  readonly models: number;
  readonly tests: number;
}

/** Reads, converts, and writes nothing. Throws what cannot be read at all, and a usage error for an `only` that nothing meets. */
export function importOpenApi(bytes: Uint8Array, { system, name, base, only }: ImportOptions): Imported {
  const { document: root, version, faults } = readDescription(bytes, name);
  const document = new ApiDocument(root, version);
  for (const fault of faults) document.warn([], fault);
  const filter = new Filter(only);
  const [names, models, connections] = [new Names(), new ModelSet(document, system), new Connections(document, system, base)];
  const operations = operationsOf(document, filter, names);
  const outbounds = operations.map((operation) => outboundOf(document, operation, connections, models));
  const inbounds = inboundsOf(document, system, operations, filter, new Names(), models);
  filter.check();
  const schemas = models.finish();
  const info = mappingOf(root['info']);
  const title = `${textOf(info['title']) ?? system} ${textOf(info['version']) ?? ''}`.trim();
  const files = new Map([[`systems/${system}.yaml`, systemFile(title, connections, inbounds, outbounds)]]);
  const tests = testsOf(document, system, [...outbounds, ...inbounds], schemas);
  if (tests.length > 0) files.set(`tests/${system}.yaml`, `tests:\n${tests.join('')}`);
  for (const [model, schema] of schemas) files.set(`models/${model.replace(/@1$/, '')}.schema.json`, modelFile(schema));
  const counts = { outbounds: outbounds.length, inbounds: inbounds.length, models: schemas.size, tests: tests.length };
  return { files, warnings: document.warnings, ...counts };
}

/** The texts of the tests, as many as a file holds; what has none is told. */
function testsOf(
  document: ApiDocument,
  system: string,
  entries: readonly Entry[],
  models: ReadonlyMap<string, ModelSchema>,
): readonly string[] {
  const samples = new BodySamples(models);
  const texts = new Map<string, string>();
  let characters = 0;
  for (const [index, { name, at, test }] of entries.entries()) {
    const made = test(`${system}.${name}`, samples);
    const own = texts.has(name) ? `${name}-inbound` : name;
    const text = made && testText(own, made);
    if (text === undefined) document.warn(at, 'No sample of its body could be made: it has no test.');
    else texts.set(own, text);
    characters += text?.length ?? 0;
    if (characters <= testsCharactersMax) continue;
    texts.delete(own);
    const left = entries.length - index;
    document.warn(
      [],
      `Its tests fill a file: ${left} of its outbounds and inbounds have none. Import what is used, with --only.`,
    );
    break;
  }
  return [...texts.values()];
}

function modelFile(schema: object): string {
  return `${JSON.stringify({ $schema: 'https://json-schema.org/draft/2020-12/schema', ...schema }, null, 2)}\n`;
}
