// Bodies as a description has them: which media type is used, its schema and examples, and the format that reads or writes it.

import type { Json } from '@mortise/sdk';
import { isMapping, listOf, mappingOf } from '../values.ts';
import type { ApiDocument, Located, Pointer } from './document.ts';
import type { ModelSet } from './models.ts';

export interface Content {
  readonly mediaType: string;
  /** What a file of the project says of it; nothing for JSON, which is the default. */
  readonly format: string | undefined;
  /** The model of the body, where it is JSON and is described. */
  readonly model: string | undefined;
}

const json = /^(application\/([\w.+-]*\+)?json|\*\/\*|application\/\*)/i;

/** The best of the media types under `content`; nothing where there is none. */
export function contentOf(document: ApiDocument, found: Located, called: string, models: ModelSet): Content | undefined {
  const entries = document.entries(found.value['content'], [...found.at, 'content']);
  const best = entries.find(({ name }) => json.test(name)) ?? entries[0];
  if (!best) return undefined;
  // It will stand where templates are: it must be none.
  const mediaType = best.name.replaceAll('${', '$');
  const media = document.mapping(best.value, best.at);
  if (json.test(best.name)) {
    const model = media && models.body(media.value['schema'], [...media.at, 'schema'], called, examplesOf(document, media));
    return { mediaType, format: undefined, model };
  }
  const isText = /^text\//i.test(best.name);
  const isForm = /^(application\/x-www-form-urlencoded|multipart\/|.*xml)/i.test(best.name);
  if (isForm)
    document.warn(best.at, `The body is ${best.name}: it passes as the text that it is, which a step has to read or write.`);
  return { mediaType, format: isText || isForm ? 'text' : 'binary', model: undefined };
}

function examplesOf(document: ApiDocument, { value, at }: Located): readonly Json[] {
  const several = document.entries(value['examples'], [...at, 'examples']).flatMap((one) => {
    const example = document.mapping(one.value, one.at);
    return example?.value['value'] === undefined ? [] : [example.value['value']];
  });
  return [...(value['example'] === undefined ? [] : [value['example']]), ...several] as Json[];
}

/** What is answered where it works: the first status of 2xx that has a body. */
export function replyOf(
  document: ApiDocument,
  written: unknown,
  at: Pointer,
  called: string,
  models: ModelSet,
): Content | undefined {
  const entries = document.entries(written, at).filter(({ name }) => /^2(\d\d|XX)$/i.test(name));
  for (const { value, at: place } of entries) {
    const response = document.mapping(value, place);
    const content = response && contentOf(document, response, called, models);
    if (content) return content;
  }
  return undefined;
}

/** What a schema says in a word or two, for comments. */
export function typeWord(document: ApiDocument, value: unknown, at: Pointer): string {
  const { type, enum: choices, format } = mappingOf(isMapping(value) ? document.mapping(value, at)?.value : undefined);
  if (Array.isArray(choices))
    return `one of ${listOf(choices).slice(0, 12).map(String).join(', ')}${choices.length > 12 ? ', …' : ''}`;
  const word =
    [type]
      .flat()
      .filter((one) => one !== 'null' && typeof one === 'string')
      .join(' or ') || 'any value';
  return typeof format === 'string' ? `${word}, ${format}` : word;
}
