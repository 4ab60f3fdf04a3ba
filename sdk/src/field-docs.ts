// Documentation from field specs: the option tables of READMEs and of the reference.

import { expectation } from './field-read.ts';
import type { Field, Fields } from './field.ts';

/**
 * A Markdown table of the options: name, what it takes, default, what it is for. The fields of groups follow them with dotted
 * names, those of groups in lists as `columns[].name`.
 */
export function optionTable(fields: Fields): string {
  const rows = rowsOf(fields, '');
  if (rows.length === 0) return 'No options.';
  return ['| option | takes | default | what it is for |', '|---|---|---|---|', ...rows].join('\n');
}

function rowsOf(fields: Fields, prefix: string): string[] {
  return Object.entries(fields).flatMap(([name, spec]) => [
    `| \`${prefix}${name}\` | ${cell(takes(spec))} | ${presence(spec)} | ${cell(spec.doc)} |`,
    ...innerRows(spec, `${prefix}${name}`),
  ]);
}

function innerRows(spec: Field, name: string): string[] {
  if (spec.kind === 'group') return rowsOf(spec.fields ?? {}, `${name}.`);
  return spec.kind === 'list' && spec.of ? innerRows(spec.of, `${name}[]`) : [];
}

function takes(spec: Field): string {
  if (spec.kind === 'group') return 'a group';
  return isListOfGroups(spec) ? 'a list of groups' : expectation(spec);
}

function isListOfGroups(spec: Field): boolean {
  return spec.kind === 'list' && spec.of?.kind === 'group';
}

function presence(spec: Field): string {
  if (spec.default !== undefined) return `\`${typeof spec.default === 'string' ? spec.default : JSON.stringify(spec.default)}\``;
  return spec.optional ? 'none' : '**required**';
}

function cell(text: string): string {
  return text.replaceAll('|', '\\|').replaceAll('\n', ' ');
}
