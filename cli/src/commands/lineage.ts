// mortise lineage: where the fields come from that a flow gives to its targets.

import { nearest } from '@mortise/sdk';
import type { FieldOrigins } from '@mortise/engine';
import { jsonOption, printResult } from '../command.ts';
import type { AddCommand } from '../command.ts';
import { cliError } from '../errors.ts';
import { tableText } from '../table.ts';
import type { Terminal } from '../terminal.ts';
import { loadSound, sayUnknown } from './sound-project.ts';

interface Options {
  readonly dir: string;
  readonly env?: string;
  readonly json?: boolean;
}

export const addLineage: AddCommand = (program) => {
  const command = program
    .command('lineage')
    .description('where the fields come from that a flow gives to its targets')
    .argument('<flow>', 'the name of the flow')
    .argument('[field]', 'the path of one field, as customer.id');
  jsonOption(command)
    .option('--dir <dir>', "the project's folder", '.')
    .option('--env <name>', 'with the settings of this environment')
    .action(showLineage);
};

async function showLineage(flow: string, field: string | undefined, options: Options): Promise<void> {
  const { fieldOrigins } = await import('@mortise/engine');
  const project = await loadSound(options.dir, options.env);
  if (!project.compiled.has(flow)) throw sayUnknown('flow', flow, [...project.compiled.keys()]);
  const all = fieldOrigins(project, flow);
  const chosen = field === undefined ? all : all.filter((one) => isWithin(one.field, field));
  if (field !== undefined && chosen.length === 0) throw noField(field, flow, all);
  printResult(chosen, options, (terminal) => lineageText(chosen, terminal));
}

function isWithin(path: string, field: string): boolean {
  return path === field || path === '$' || path.startsWith(`${field}.`) || field.startsWith(`${path}.`);
}

function noField(field: string, flow: string, all: readonly FieldOrigins[]): Error {
  const known = [...new Set(all.map((one) => one.field))];
  const near = nearest(field, known);
  const remedy = near ? `Did you mean "${near}"?` : `Known are: ${known.join(', ') || 'none'}.`;
  return cliError('MORTISE_CLI_USAGE', `The flow ${flow} gives no field "${field}".`, { remedy });
}

function lineageText(fields: readonly FieldOrigins[], terminal: Terminal): string {
  if (fields.length === 0) return 'The flow gives nothing to any target.';
  const rows = fields.flatMap(({ target, field, origins }) =>
    origins.length === 0
      ? [{ target, field, from: 'the flow itself', path: '', through: '' }]
      : origins.map(({ from, path, through }) => ({ target, field, from, path, through: through.join(' < ') })),
  );
  return tableText(
    rows,
    [
      { title: 'TARGET', text: ({ target }) => target },
      { title: 'FIELD', text: ({ field }) => field },
      { title: 'FROM', text: ({ from }) => from },
      { title: 'PATH', text: ({ path }) => path },
      { title: 'THROUGH', text: ({ through }) => through },
    ],
    terminal,
  );
}
