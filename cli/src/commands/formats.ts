// mortise formats: which formats there are, and the options of one.

import { fieldsToJsonSchema, readFields } from '@mortise/sdk';
import type { Field, Fields, FormatDeclaration, JsonSchema } from '@mortise/sdk';
import { jsonOption, printResult } from '../command.ts';
import type { AddCommand } from '../command.ts';
import { cliError } from '../errors.ts';
import { collectOption, writtenOptions } from '../formats/format-options.ts';
import { tableText } from '../table.ts';
import { openTerminal } from '../terminal.ts';
import type { Terminal } from '../terminal.ts';
import { sayUnknown } from './sound-project.ts';

interface OptionRow {
  readonly name: string;
  readonly field: Field;
}

export const addFormats: AddCommand = (program) => {
  const command = program
    .command('formats')
    .description('list the formats, or show what one is and the options that it takes')
    .argument('[name]', 'the name of one');
  jsonOption(command)
    .option('--schema', 'print the JSON Schema of what it reads, for a model')
    .option('--option <name=value>', 'an option of the format, on which the schema depends', collectOption)
    .action(showFormats);
};

interface Options {
  readonly json?: boolean;
  readonly schema?: boolean;
  readonly option?: readonly string[];
}

async function showFormats(name: string | undefined, options: Options): Promise<void> {
  const { openCatalog } = await import('@mortise/engine/formats');
  const catalog = openCatalog();
  if (name !== undefined) {
    if (!catalog.formats.includes(name)) throw sayUnknown('format', name, catalog.formats);
    const format = await catalog.format(name);
    if (options.schema) {
      openTerminal().print(JSON.stringify(schemaOf(format, options.option), null, 2));
      return;
    }
    printResult({ ...summary(format), options: fieldsToJsonSchema(format.options) }, options, (terminal) =>
      formatText(format, terminal),
    );
    return;
  }
  const formats = await Promise.all(catalog.formats.map(async (one) => catalog.format(one)));
  printResult(formats.map(summary), options, (terminal) =>
    tableText(
      formats,
      [
        { title: 'NAME', text: (one) => one.name, whole: true },
        { title: 'RECORDS', text: (one) => one.records },
        { title: 'WHAT IT IS', text: (one) => one.doc },
      ],
      terminal,
    ),
  );
}

/** Throws MORTISE_CLI_USAGE where the options are wrong, or tell no schema. */
function schemaOf(format: FormatDeclaration, given: readonly string[] = []): JsonSchema {
  const { values, problems } = readFields(format.options, writtenOptions(given, format.options));
  const [problem] = problems;
  if (problem)
    throw cliError('MORTISE_CLI_USAGE', `${problem.path.join('.')}: expected ${problem.expected}.`, { remedy: problem.remedy });
  const schema = format.schema?.(values);
  if (schema) return { $schema: 'https://json-schema.org/draft/2020-12/schema', ...schema };
  throw cliError('MORTISE_CLI_USAGE', `The format ${format.name} tells no schema of what it reads.`);
}

function summary({ name, doc, contentType, records }: FormatDeclaration): object {
  return { name, doc, contentType, records };
}

function formatText(format: FormatDeclaration, terminal: Terminal): string {
  const { name, doc, contentType, records, options } = format;
  const head = [`${terminal.style('bold', name)}  ${contentType}, records: ${records}`, doc];
  const rows = rowsOf(options, '');
  if (rows.length === 0) return [...head, '', 'It takes no options.'].join('\n');
  const table = tableText(
    rows,
    [
      { title: 'OPTION', text: (row) => row.name, whole: true },
      { title: 'TAKES', text: ({ field }) => takes(field) },
      { title: 'DEFAULT', text: ({ field }) => defaultText(field) },
      { title: 'WHAT IT IS FOR', text: ({ field }) => field.doc },
    ],
    terminal,
  );
  return [...head, '', table].join('\n');
}

function rowsOf(fields: Fields, prefix: string): OptionRow[] {
  return Object.entries(fields).flatMap(([name, field]) => {
    const inner = field.kind === 'list' ? field.of : field;
    const more =
      inner?.kind === 'group' ? rowsOf(inner.fields ?? {}, `${prefix}${name}${field.kind === 'list' ? '[]' : ''}.`) : [];
    return [{ name: prefix + name, field }, ...more];
  });
}

function takes(field: Field): string {
  if (field.choices) return field.choices.join(' ');
  if (field.kind === 'list' || field.kind === 'record') return `${field.kind} of ${field.of?.kind ?? 'values'}`;
  return field.kind === 'oneOf' ? (field.forms ?? []).map(({ kind }) => kind).join(' or ') : field.kind;
}

function defaultText(field: Field): string {
  if (field.default !== undefined) return typeof field.default === 'string' ? field.default : JSON.stringify(field.default);
  return field.optional ? '' : 'required';
}
