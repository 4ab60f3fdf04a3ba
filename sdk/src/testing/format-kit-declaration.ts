// The checks of what a format declares, and of its README.

import { readFileSync, writeFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import { expect } from 'vitest';
import { optionTable } from '../field-docs.ts';
import type { Field, Fields } from '../field.ts';
import type { FormatDeclaration } from '../format.ts';

const [tableStart, tableEnd] = ['<!-- options -->', '<!-- /options -->'];

export function expectCompleteFormat(
  format: Pick<FormatDeclaration, 'name' | 'doc' | 'contentType' | 'options'>,
  folder: string,
): void {
  expect(format.name, 'the name equals the folder').toBe(basename(folder));
  expect(format.contentType, 'a media type').toMatch(/^[a-z]+\/[a-z0-9.+-]+(;.*)?$/);
  for (const [what, doc] of [['the format', format.doc], ...documented(format.options, '')]) {
    expect(doc, `${what} is documented by a sentence that ends with a period`).toMatch(/^\S.*\.$/s);
  }
}

/** The table between the two markers is what the declaration says. With MORTISE_UPDATE_README=1 it is written instead. */
export function expectFreshFormatReadme(format: Pick<FormatDeclaration, 'options'>, folder: string): void {
  const path = join(folder, 'README.md');
  const readme = readFileSync(path, 'utf8');
  const from = readme.indexOf(tableStart);
  const to = readme.indexOf(tableEnd, from);
  expect(from >= 0 && to >= 0, `README.md has ${tableStart} and, after it, ${tableEnd}`).toBe(true);
  const fresh = `${readme.slice(0, from)}${tableStart}\n${optionTable(format.options)}\n${readme.slice(to)}`;
  if (process.env['MORTISE_UPDATE_README'] === '1') writeFileSync(path, fresh);
  else expect(readme, 'the option table is stale: run again with MORTISE_UPDATE_README=1').toBe(fresh);
}

function documented(fields: Fields, prefix: string): [string, string][] {
  return Object.entries(fields).flatMap(([name, spec]) => documentedField(`${prefix}${name}`, spec));
}

function documentedField(what: string, spec: Field): [string, string][] {
  const inner = [...(spec.forms ?? []), ...(spec.of ? [spec.of] : [])].flatMap((of) => documentedField(`${what}[]`, of));
  return [[what, spec.doc], ...documented(spec.fields ?? {}, `${what}.`), ...inner];
}
