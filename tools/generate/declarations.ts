// Loads what the reference is written from: the declarations of connectors, formats, steps and errors.

import { existsSync, globSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import type * as Engine from '@mortise/engine';
import type { ConnectorDeclaration, ErrorEntry } from '@mortise/sdk';
import type { DocumentedFormat } from './format-pages.ts';
import type { ProjectSchemas } from './project-page.ts';
import type { DocumentedStep } from './step-page.ts';

export interface Declarations {
  readonly connectors: readonly ConnectorDeclaration[];
  readonly formats: readonly DocumentedFormat[];
  readonly steps: readonly DocumentedStep[];
  readonly errors: Readonly<Record<string, ErrorEntry>>;
  /** Of a project that has nothing of its own yet; undefined where there is no engine. */
  readonly schemas: ProjectSchemas | undefined;
}

const errorFiles = ['{sdk,mapping,engine,cli}/src/**/errors.ts', '{connectors,formats}/*/**/errors.ts', 'sdk/src/format.ts'];
const stepFile = 'engine/src/flow/steps.ts';
const engineFile = 'engine/src/index.ts';

export async function loadDeclarations(root: string): Promise<Declarations> {
  const connectors = await loadAll(root, ['connectors/*/connector.ts']);
  const formats = await loadAll(root, ['formats/*/format.ts']);
  const errors = await loadAll(root, errorFiles);
  const steps = existsSync(join(root, stepFile)) ? await load(root, stepFile) : {};
  return {
    connectors: connectors.map(({ default: connector }) => connector as ConnectorDeclaration),
    formats: formats.map(({ default: format }) => format as DocumentedFormat),
    steps: [...((steps['stepDefinitions'] ?? new Map()) as ReadonlyMap<string, DocumentedStep>).values()],
    errors: Object.fromEntries(errors.flatMap((module) => Object.values(module).flatMap(tableEntries))),
    schemas: existsSync(join(root, engineFile)) ? await emptySchemas(root) : undefined,
  };
}

async function emptySchemas(root: string): Promise<ProjectSchemas> {
  const { loadProject, openCatalog, projectSchemas } = (await load(root, engineFile)) as unknown as typeof Engine;
  const folder = mkdtempSync(join(tmpdir(), 'mortise-reference-'));
  try {
    writeFileSync(join(folder, 'mortise.yaml'), 'name: reference\n');
    return await projectSchemas(await loadProject(folder, { catalog: openCatalog() }));
  } finally {
    rmSync(folder, { recursive: true });
  }
}

type Module = Readonly<Record<string, unknown>>;

async function loadAll(root: string, patterns: readonly string[]): Promise<readonly Module[]> {
  const paths = globSync([...patterns], { cwd: root, exclude: (name) => name === 'node_modules' }).sort();
  return Promise.all(paths.map(async (path) => load(root, path)));
}

async function load(root: string, path: string): Promise<Module> {
  return (await import(pathToFileURL(join(root, path)).href)) as Module;
}

/** The entries of an error table, where the export is what `defineErrors` made. */
function tableEntries(exported: unknown): [string, ErrorEntry][] {
  const isFactory = typeof exported === 'function' && 'table' in exported;
  return isFactory ? Object.entries(exported.table as Readonly<Record<string, ErrorEntry>>) : [];
}
