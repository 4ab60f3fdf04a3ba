// The checks of what a connector declares, and of its README.

import assert from 'node:assert/strict';
import { readFileSync, writeFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import type { ConnectorDeclaration } from '../connector.ts';
import { optionTable } from '../field-docs.ts';
import type { Field, Fields } from '../field.ts';
import { reservedOptionNames } from '../reserved-names.ts';

export function expectCompleteDeclaration(connector: ConnectorDeclaration, folder: string): void {
  assert.equal(connector.name, basename(folder), 'the name equals the folder');
  for (const [what, doc] of documented(connector)) {
    assert.match(doc, /^\S.*\.$/s, `${what} is documented by a sentence that ends with a period`);
  }
  for (const [what, { options }] of [...Object.entries(connector.inbounds), ...Object.entries(connector.outbounds)]) {
    const taken = Object.keys(options).filter((name) => reservedOptionNames.includes(name));
    assert.deepEqual(taken, [], `options of ${what} that are words of the flow language`);
  }
}

export function expectImplemented(
  declared: Readonly<Record<string, unknown>>,
  implemented: Readonly<Record<string, unknown>>,
): void {
  assert.deepEqual(new Set(Object.keys(implemented)), new Set(Object.keys(declared)));
}

/**
 * Every table between `<!-- options NAME -->` and `<!-- /options -->` is what the declaration says; NAME is `connection`
 * or the name of an inbound or outbound. With MORTISE_UPDATE_README=1 the tables are written instead.
 */
export function expectFreshReadme(connector: ConnectorDeclaration, folder: string): void {
  const path = join(folder, 'README.md');
  const readme = readFileSync(path, 'utf8');
  const fresh = tables(connector).reduce((text, [name, fields]) => withTable(text, name, fields), readme);
  if (process.env['MORTISE_UPDATE_README'] === '1') writeFileSync(path, fresh);
  else assert.ok(readme === fresh, 'The option tables of README.md are stale: run once with MORTISE_UPDATE_README=1.');
}

function tables(connector: ConnectorDeclaration): (readonly [string, Fields])[] {
  const options = [...Object.entries(connector.inbounds), ...Object.entries(connector.outbounds)];
  const connection = Object.keys(connector.connection).length > 0 ? [['connection', connector.connection] as const] : [];
  return [...connection, ...options.map(([name, declaration]) => [name, declaration.options] as const)];
}

function withTable(readme: string, name: string, fields: Fields): string {
  const [start, end] = [`<!-- options ${name} -->`, '<!-- /options -->'];
  const from = readme.indexOf(start);
  const to = readme.indexOf(end, from);
  assert.ok(from >= 0 && to >= 0, `README.md lacks ${start} and, after it, ${end}.`);
  return `${readme.slice(0, from)}${start}\n${optionTable(fields)}\n${readme.slice(to)}`;
}

function documented(connector: ConnectorDeclaration): [string, string][] {
  const inbounds = Object.entries(connector.inbounds).flatMap(([name, inbound]) => ofOptions(`inbound ${name}`, inbound));
  const outbounds = Object.entries(connector.outbounds).flatMap(([name, outbound]) => ofOptions(`outbound ${name}`, outbound));
  return [['the connector', connector.doc], ...ofFields('connection', connector.connection), ...inbounds, ...outbounds];
}

function ofOptions(what: string, { doc, options }: { readonly doc: string; readonly options: Fields }): [string, string][] {
  return [[what, doc], ...ofFields(what, options)];
}

function ofFields(what: string, fields: Fields): [string, string][] {
  return Object.entries(fields).flatMap(([name, spec]) => ofField(`${what}.${name}`, spec));
}

function ofField(what: string, spec: Field): [string, string][] {
  const forms = (spec.forms ?? []).flatMap((form, index) => ofField(`${what} (form ${index + 1})`, form));
  const inner = spec.of ? ofField(`${what}[]`, spec.of) : [];
  return [[what, spec.doc], ...ofFields(what, spec.fields ?? {}), ...forms, ...inner];
}
