// mortise schema: JSON Schemas for the files of a project, by which editors complete and check them.

import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { AddCommand } from '../command.ts';
import { openTerminal } from '../terminal.ts';

/** The files that each schema is for, as editors match them. */
const files: Readonly<Record<string, readonly string[]>> = {
  mortise: ['mortise.yaml'],
  system: ['systems/*.yaml'],
  flow: ['flows/*.yaml'],
  channel: ['channels/*.yaml'],
  alert: ['alerts/*.yaml'],
  format: ['formats/*.yaml'],
  test: ['tests/*.yaml'],
  environment: ['environments/*.yaml'],
};

export const addSchema: AddCommand = (program) => {
  program
    .command('schema')
    .description('print JSON Schemas for the files of a project, by which editors complete and check them')
    .argument('[dir]', "the project's folder", '.')
    .option('--write', 'write them into .mortise/schemas, and say how an editor finds them')
    .action(schema);
};

async function schema(folder: string, { write }: { readonly write?: boolean }): Promise<void> {
  const { loadProject, openCatalog, projectSchemas } = await import('@mortise/engine');
  const schemas = await projectSchemas(await loadProject(folder, { catalog: openCatalog() }));
  const terminal = openTerminal();
  if (!write) {
    terminal.print(JSON.stringify(schemas, null, 2));
    return;
  }
  const target = join(folder, '.mortise', 'schemas');
  await mkdir(target, { recursive: true });
  await Promise.all(
    Object.entries(schemas).map(([name, one]) => writeFile(join(target, `${name}.json`), `${JSON.stringify(one, null, 2)}\n`)),
  );
  terminal.print(`Wrote ${Object.keys(schemas).length} schemas into ${target}.\n\n${editorText(Object.keys(schemas))}`);
}

function editorText(names: readonly string[]): string {
  const settings = Object.fromEntries(names.map((name) => [`.mortise/schemas/${name}.json`, files[name] ?? []]));
  return [
    'In Visual Studio Code, with the extension "YAML" of Red Hat, put this into .vscode/settings.json of the project:',
    '',
    JSON.stringify({ 'yaml.schemas': settings }, null, 2),
    '',
    'In other editors with yaml-language-server, begin a file with:',
    '',
    '# yaml-language-server: $schema=../.mortise/schemas/flow.json',
  ].join('\n');
}
