// Which folders and files a project has, and what nothing reads.

import { nearest } from '@mortise/sdk';
import { startOf } from './problems.ts';
import type { ProblemList } from './problems.ts';

interface FolderRule {
  /** What its files are called, without the folder. */
  readonly holds: RegExp;
  readonly example: string;
}

const name = '[^/]+';

/** What a project's folders hold. Whatever lies in folders of code, of data for tests and of mappings is theirs. */
const folders: Readonly<Record<string, FolderRule>> = {
  systems: { holds: new RegExp(`^${name}\\.yaml$`), example: 'systems/crm.yaml' },
  models: { holds: new RegExp(`^${name}\\.schema\\.json$`), example: 'models/order.schema.json' },
  channels: { holds: new RegExp(`^${name}\\.yaml$`), example: 'channels/orders.yaml' },
  flows: { holds: new RegExp(`^${name}\\.(yaml|ts)$`), example: 'flows/shop-orders.yaml' },
  maps: { holds: /\.jsonata$/, example: 'maps/order.jsonata' },
  tables: { holds: new RegExp(`^${name}\\.csv$`), example: 'tables/countries.csv' },
  formats: { holds: new RegExp(`^${name}\\.yaml$|^${name}/`), example: 'formats/pick-list.yaml' },
  connectors: { holds: /\//, example: 'connectors/mainframe/connector.ts' },
  tests: { holds: new RegExp(`^${name}\\.yaml$|^fixtures/`), example: 'tests/shop-orders.yaml' },
  environments: { holds: new RegExp(`^${name}\\.yaml$`), example: 'environments/test.yaml' },
  alerts: { holds: new RegExp(`^${name}\\.yaml$`), example: 'alerts/shop-is-silent.yaml' },
  partners: { holds: new RegExp(`^${name}\\.yaml$|^${name}/`), example: 'partners/acme/850.x12.json' },
  scripts: { holds: /./, example: 'scripts/price.ts' },
  fixtures: { holds: /./, example: 'fixtures/order.json' },
};

/** Folders that many projects have beside Mortise's own, and files that belong to tools. */
const foreign = /^(docs|node_modules|dist|data|deploy)$/;
const documentation = /(^|\/)(README|LICENSE|CHANGELOG|NOTICE)[^/]*$|\.md$/i;

/** Whether the files of a folder at the top of the project are looked at. */
export function isProjectFolder(folder: string): boolean {
  return Object.hasOwn(folders, folder);
}

/** Warns of files and folders that nothing reads. `files` are paths, `topFolders` names. */
export function reportUnknownFiles(files: readonly string[], topFolders: readonly string[], problems: ProblemList): void {
  for (const folder of topFolders) if (!isProjectFolder(folder) && !foreign.test(folder)) unknownFolder(folder, problems);
  for (const file of files) if (!documentation.test(file)) lookAtFile(file, problems);
}

/** What lies in a partner's own folder is named by options of formats; that a file describes a partner as a whole is planned. */
export function reportPartners(files: readonly string[], problems: ProblemList): void {
  for (const file of files.filter((one) => /^partners\/[^/]+$/.test(one) && !documentation.test(one))) {
    problems.error(
      'MORTISE_PROJECT_NOT_YET',
      startOf(file),
      'A file that describes a trading partner as a whole: this version cannot do that yet.',
      'Say what is agreed in a format of its own, formats/<partner>.yaml; files that it names may lie in partners/<partner>/.',
    );
  }
}

function lookAtFile(file: string, problems: ProblemList): void {
  const slash = file.indexOf('/');
  if (slash < 0) return lookAtTopFile(file, problems);
  const rule = folders[file.slice(0, slash)];
  if (!rule || rule.holds.test(file.slice(slash + 1))) return;
  problems.warn(
    'MORTISE_PROJECT_UNKNOWN_FILE',
    startOf(file),
    `Nothing reads ${file}.`,
    `Files there are called as ${rule.example}.`,
  );
}

function lookAtTopFile(file: string, problems: ProblemList): void {
  if (file === 'mortise.yaml' || !/\.ya?ml$/.test(file) || /compose/.test(file)) return;
  const near = nearest(file, ['mortise.yaml']);
  const remedy = near ? 'Did you mean mortise.yaml?' : `Put it into one of the folders ${Object.keys(folders).join(', ')}.`;
  problems.warn('MORTISE_PROJECT_UNKNOWN_FILE', startOf(file), `Nothing reads ${file}.`, remedy);
}

function unknownFolder(folder: string, problems: ProblemList): void {
  const near = nearest(folder, Object.keys(folders));
  const remedy = near ? `Did you mean "${near}"?` : `Folders are: ${Object.keys(folders).join(', ')}.`;
  problems.warn('MORTISE_PROJECT_UNKNOWN_FILE', startOf(folder), `Nothing reads the folder ${folder}.`, remedy);
}
