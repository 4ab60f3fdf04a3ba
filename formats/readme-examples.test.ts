// Runs the example of every format's README: its options read its bytes as its values, and write values that read the same.

import { globSync, readFileSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import { bindFormat, bindOptions, readFields } from '@mortise/sdk';
import type { Decoder } from '@mortise/sdk';
import { loadFormat, optionSupply } from '@mortise/sdk/testing';
import { describe, expect, it } from 'vitest';
import { parse } from 'yaml';

interface Example {
  readonly options: unknown;
  readonly bytes: Uint8Array;
  readonly values: unknown;
}

/** Formats whose values cannot be shown as JSON. */
const withoutExample: Readonly<Record<string, string>> = { binary: 'its values are bytes' };

const folders = globSync('*/format.ts', { cwd: import.meta.dirname }).map((path) => join(import.meta.dirname, dirname(path)));

/** What an example reads from `maps/` of a project is among the format's fixtures. */
const maps = Object.fromEntries(
  globSync('*/fixtures/*.cpy', { cwd: import.meta.dirname }).map((path) => [
    `maps/${basename(path)}`,
    readFileSync(join(import.meta.dirname, path)),
  ]),
);

const supply = Promise.all(folders.map(loadFormat)).then((formats) => optionSupply(formats, maps));

describe('the example of the README', () => {
  it.each(folders.filter((folder) => !Object.hasOwn(withoutExample, basename(folder))))('%s', async (folder) => {
    const name = basename(folder);
    const implementation = await loadFormat(folder);
    const { declaration: format, decoder, encoder } = implementation;
    const example = exampleIn(readFileSync(join(folder, 'README.md'), 'utf8'), name);
    const read = readFields(format.options, example.options);
    const { values: options, problems } = bindOptions(format.options, read.values, await supply);
    expect([...read.problems, ...problems]).toEqual([]);
    const expected = bindFormat(name, implementation, options).records === 'one' ? [example.values] : example.values;
    expect(valuesIn(decoder, example.bytes, options)).toEqual(expected);
    const written = encoder.encodeWhole(valuesIn(decoder, example.bytes, options), options);
    expect(valuesIn(decoder, written, options)).toEqual(expected);
  });
});

it('finds formats, and leaves out only such as are there', () => {
  const names = folders.map((folder) => basename(folder));
  expect(names.length).toBeGreaterThanOrEqual(6);
  expect(names).toEqual(expect.arrayContaining(Object.keys(withoutExample)));
});

/** Under "Example" stand three blocks: YAML with the options, the bytes as text or in hexadecimal, the values as JSON. */
function exampleIn(readme: string, name: string): Example {
  const section = readme.split(/^## /m).find((part) => part.startsWith('Example\n')) ?? '';
  const [yaml, bytes, json] = [...section.matchAll(/^```(\w+)\n(.*?)^```$/gms)].map(([, language = '', text = '']) => ({
    language,
    text,
  }));
  expect([yaml?.language, json?.language], `the blocks under "Example" in the README of ${name}`).toEqual(['yaml', 'json']);
  return {
    options: formatOptions(parse(yaml?.text ?? ''), name),
    bytes: bytes?.language === 'hex' ? Buffer.from(bytes.text.replaceAll('\n', ''), 'hex') : Buffer.from(bytes?.text ?? ''),
    values: JSON.parse(json?.text ?? ''),
  };
}

/** What stands behind `format: { NAME: … }`, at whatever depth. */
function formatOptions(yaml: unknown, name: string): unknown {
  if (typeof yaml !== 'object' || yaml === null) return undefined;
  for (const [key, value] of Object.entries(yaml)) {
    if (key === 'format') return value === name ? {} : Object(value)[name];
    const found = formatOptions(value, name);
    if (found !== undefined) return found;
  }
  return undefined;
}

function valuesIn(decoder: Decoder<unknown>, bytes: Uint8Array, options: unknown): unknown[] {
  return decoder.decodeWhole(bytes, options).map((decoded) => {
    if ('problem' in decoded) throw decoded.problem;
    return decoded.value;
  });
}
