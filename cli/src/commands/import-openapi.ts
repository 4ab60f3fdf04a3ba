// mortise import openapi: makes a system and its models out of a description that somebody else has written.

import { basename } from 'node:path';
import type { AddCommand } from '../command.ts';
import { jsonOption, printResult } from '../command.ts';
import { cliError } from '../errors.ts';
import type { Imported } from '../import/openapi/import-openapi.ts';
import type { Fate, PlannedFile } from '../import/plan.ts';
import { plain } from '../terminal.ts';
import type { Terminal } from '../terminal.ts';

interface Options {
  readonly system: string;
  readonly only?: readonly string[];
  readonly dryRun?: boolean;
  readonly project: string;
  readonly json?: boolean;
}

/** Of one file; `--json` holds all of it. */
const diffLinesMax = 60;
const warningsMax = 100;

export const addImportOpenApi: AddCommand = (command) => {
  const openapi = command
    .command('openapi <file|url>')
    .description('out of an OpenAPI description 3.0 or 3.1, in JSON or YAML')
    .requiredOption('--system <name>', 'what the system is called in the project')
    .option('--only <filter...>', 'tag:NAME, a path as /pets/*, or an operation id')
    .option('--dry-run', 'write nothing, and show what would be written')
    .option('--project <dir>', "the project's folder", '.');
  jsonOption(openapi).action(importDescription);
};

async function importDescription(place: string, { system, only, dryRun = false, project, json }: Options): Promise<void> {
  const { checkedName, openGround } = await import('../new/ground.ts');
  const { openDescription } = await import('../import/fetch.ts');
  const { importOpenApi } = await import('../import/openapi/import-openapi.ts');
  const { planFiles, writePlanned } = await import('../import/plan.ts');
  const { lineDiff } = await import('../import/line-diff.ts');
  checkedName(system);
  await openGround(project);
  const fetched = await openDescription(place);
  const name = basename(place.replace(/[?#].*$/, ''));
  const imported = importOpenApi(fetched.bytes, {
    system,
    name,
    ...(fetched.base === undefined ? {} : { base: fetched.base }),
    ...(only ? { only } : {}),
  });
  if (imported.outbounds + imported.inbounds === 0)
    throw cliError('MORTISE_CLI_FILE', `${name} describes no operation.`, {
      remedy: 'Name a description that has paths or webhooks.',
    });
  const planned = planFiles(project, system, imported.files);
  if (!dryRun) await writePlanned(project, planned);
  const { outbounds, inbounds, models, tests, warnings } = imported;
  const files = planned.map(({ path, fate, before, after }) => ({
    path,
    fate,
    ...(fate === 'changed' || fate === 'kept' ? { diff: lineDiff(before, after, json ? Infinity : diffLinesMax) } : {}),
  }));
  printResult(
    { system, outbounds, inbounds, models, tests, written: !dryRun, files, warnings },
    json ? { json } : {},
    (terminal) => reportText(system, imported, planned, files, dryRun, terminal),
  );
}

interface Told {
  readonly path: string;
  readonly fate: Fate;
  readonly diff?: readonly string[];
}

function reportText(
  system: string,
  imported: Imported,
  planned: readonly PlannedFile[],
  files: readonly Told[],
  dryRun: boolean,
  terminal: Terminal,
): string {
  const { outbounds, inbounds, models, tests } = imported;
  return [
    ...warningLines(imported, terminal),
    ...files.filter(({ fate }) => fate !== 'same').flatMap((file) => fileLines(file, dryRun, terminal)),
    `${system}: ${outbounds} outbounds, ${inbounds} inbounds, ${models} models, ${tests} tests. ${countsText(planned)}${dryRun ? ' Nothing was written.' : ''}`,
    ...(dryRun
      ? []
      : ['', 'Next: mortise check, mortise test', `      mortise new flow NAME --from SYSTEM.INBOUND --to ${system}.OUTBOUND`]),
  ].join('\n');
}

function warningLines({ warnings }: Imported, terminal: Terminal): readonly string[] {
  const lines = warnings
    .slice(0, warningsMax)
    .map(({ place, message }) => `${terminal.style('yellow', 'warning')} ${plain(place)}\n  ${plain(message)}`);
  const more = warnings.length - lines.length;
  return more > 0 ? [...lines, `… ${more} more warnings: --json shows all of them.`] : lines;
}

const wouldBe: Readonly<Record<Fate, string>> = {
  new: 'new',
  changed: 'changed',
  same: 'same',
  kept: 'kept, because it was edited',
  gone: 'of a former import and not in this one, kept',
};

function fileLines({ path, fate, diff = [] }: Told, dryRun: boolean, terminal: Terminal): readonly string[] {
  const head = `${terminal.style(fate === 'kept' || fate === 'gone' ? 'yellow' : 'bold', path)}: ${wouldBe[fate]}${dryRun && fate === 'new' ? ', would be written' : ''}`;
  return [head, ...diff.map((line) => `  ${plain(line)}`)];
}

function countsText(planned: readonly PlannedFile[]): string {
  const counts = (['new', 'changed', 'same', 'kept', 'gone'] as const).map(
    (fate) => [fate, planned.filter((one) => one.fate === fate).length] as const,
  );
  return `${counts
    .filter(([, count]) => count > 0)
    .map(([fate, count]) => `${count} ${fate}`)
    .join(', ')}.`;
}
