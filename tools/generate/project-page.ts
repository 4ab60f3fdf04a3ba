// The reference of a project's own files: what may stand in each, from the JSON Schemas that editors complete them by.

import type { JsonSchema } from '@mortise/sdk';
import { codeList, page, table } from './markdown.ts';

/** The schemas of a project by their names, as `mortise schema` prints them. */
export type ProjectSchemas = Readonly<Record<string, JsonSchema>>;

/** What a part is called where its content is written about elsewhere. */
const elsewhere: Readonly<Record<string, string>> = {
  expression: 'an [expression](../guides/expressions.md), or `{ file: maps/….jsonata }`',
  model: 'a model, as `order@1`',
  format: 'a [format](formats.md), or a mapping of it to its options',
  steps: 'a list of [steps](steps.md)',
  targets: 'a target, or a list of targets',
  target: 'a target',
};

const files: readonly (readonly [string, string])[] = [
  ['mortise', 'The project itself.'],
  [
    'system',
    "One system that is joined. What stands in `connection`, and beside `uses`, is the connector's: see [connectors](connectors.md).",
  ],
  ['flow', 'One flow. In TypeScript it is the same object: `export default defineFlow({ … })`.'],
  ['channel', 'One channel. An empty file is one, too.'],
  ['alert', 'One rule that raises alerts: see the [guide](../guides/alerts.md).'],
  ['format', 'A format with its options, under a name of your own.'],
  ['test', 'A test, or several by name under `tests`: of a flow, an inbound or an outbound, as below.'],
  ['environment', 'What is another in this environment: settings, connections and limits of systems, never logic.'],
];

export function projectPage(schemas: ProjectSchemas): string {
  const definitions = (schemas['flow']?.['$defs'] ?? {}) as Readonly<Record<string, JsonSchema>>;
  const tests = (schemas['test']?.['$defs'] ?? {}) as Readonly<Record<string, JsonSchema>>;
  return page(
    "A project's files",
    'A project is a folder; beside these files it has `models/*.schema.json` (JSON Schema 2020-12), `maps/*.jsonata` and `tables/*.csv`. `mortise schema --write` writes schemas by which an editor completes and checks them; `mortise check` says everything that is wrong.',
    ...files.map(([name, doc]) => filePart(schemas[name] ?? {}, doc)),
    `## A target\n\nWhere something goes.\n\n${optionTable(definitions['target'] ?? {})}`,
    ...testForms(tests['test'] ?? {}).map(([title, form]) => `## A test of ${title}\n\n${optionTable(form)}`),
  );
}

/** What is named tells which kind of test it is: an outbound, an inbound, else a flow. */
function testForms(test: JsonSchema): readonly (readonly [string, JsonSchema])[] {
  const [outbound, others] = listedSchemas([test['then'] ?? {}, test['else'] ?? {}]);
  return [
    ['a flow', (others?.['else'] ?? {}) as JsonSchema],
    ['an inbound', (others?.['then'] ?? {}) as JsonSchema],
    ['an outbound', outbound ?? {}],
  ];
}

function filePart(schema: JsonSchema, doc: string): string {
  const rows = rowsOf(schema, '', 0);
  const body = rows.length > 0 ? `\n\n${tableOf(rows)}` : '';
  return `## ${textOf(schema['title'])}\n\n${doc}${body}`;
}

function optionTable(schema: JsonSchema): string {
  return tableOf(rowsOf(schema, '', 0));
}

function tableOf(rows: readonly (readonly string[])[]): string {
  return table(['key', 'takes', 'default', 'what it is for'], rows);
}

/** What refers to something else of the project, which needs no more than its name. */
const names: Readonly<Record<string, string>> = {
  channel: 'The name of a channel.',
  system: 'The name of a system.',
  inbound: 'The name of an inbound of the system.',
  outbound: 'The name of an outbound of the system.',
  format: 'The format, by its name.',
  systems:
    'Systems by name: `connection` (or `connections` by name) and `limits`, of which each key replaces that of the system.',
};

/** Two levels: what lies deeper is a connector's or a step's. */
const depthMax = 2;

function rowsOf(schema: JsonSchema, prefix: string, depth: number): readonly string[][] {
  const required = listed(schema['required']);
  const conditional = listedSchemas([schema['then'], schema['else']].filter((form) => form !== undefined));
  const forms = [...listedSchemas(schema['anyOf']), ...conditional].filter((form) => form['properties']);
  const own = schema['properties'] || forms.length === 0 ? [schema, ...conditional] : forms;
  const properties = new Map(own.flatMap((form) => Object.entries((form['properties'] ?? {}) as Record<string, JsonSchema>)));
  return [...properties].flatMap(([name, property]) => {
    const key = `${prefix}${name}`;
    const byDefault = required.includes(name) ? '**required**' : shown(property['default']);
    const row = [`\`${key}\``, takes(property), byDefault, textOf(property['description']) || (names[name] ?? '')];
    return depth + 1 < depthMax ? [row, ...rowsOf(property, `${key}.`, depth + 1)] : [row];
  });
}

/** A default that is empty says nothing. */
function shown(value: unknown): string {
  if (value === undefined || ['{}', '[]'].includes(JSON.stringify(value))) return 'none';
  return `\`${typeof value === 'string' ? value : JSON.stringify(value)}\``;
}

const texts: readonly (readonly [string, string])[] = [
  ['ms|s|m|h|d)\\.\\.', 'two durations, as 1s..5m'],
  ['ms|s|m|h|d)$', 'a duration such as 250ms, 5s, 15m, 7d'],
  ['KiB|MiB', 'a size such as 64KiB, 20MiB'],
  ['/(s|m|h|d)$', 'a rate such as 10/s, 600/m'],
  ['\\d{1,5}$', 'host and port, as `127.0.0.1:8081`'],
];

function takes(schema: JsonSchema): string {
  const reference = schema['$ref'];
  if (typeof reference === 'string') return elsewhere[reference.replace('#/$defs/', '')] ?? reference.replace('#/$defs/', '');
  if (Array.isArray(schema['enum'])) return enumerated(schema['enum'].map(String));
  const forms = listedSchemas(schema['anyOf']);
  if (forms.length > 0) return [...new Set(forms.map(takes))].join(', or ');
  const types = listed(schema['type']);
  if (types.includes('string')) return texts.find(([end]) => textOf(schema['pattern']).includes(end))?.[1] ?? 'text';
  if (types.includes('integer')) return 'a whole number';
  if (types.includes('boolean')) return 'true or false';
  if (types.includes('array')) return 'a list';
  return types.includes('object') || schema['properties'] ? 'a mapping' : 'anything';
}

/** Names of a project's own are not choices that a page can list. */
function enumerated(values: readonly string[]): string {
  return values.length === 0 ? 'a name' : `one of ${codeList(values)}`;
}

function listed(value: unknown): readonly string[] {
  return (Array.isArray(value) ? value : [value]).filter((one) => typeof one === 'string');
}

function listedSchemas(value: unknown): readonly JsonSchema[] {
  return Array.isArray(value) ? (value as readonly JsonSchema[]) : [];
}

function textOf(value: unknown): string {
  return typeof value === 'string' ? value : '';
}
