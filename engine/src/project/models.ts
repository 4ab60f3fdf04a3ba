// Reads models/*.schema.json: JSON Schema 2020-12, by name and version, which may refer to each other by name.

import type { JsonSchema, Path } from '@mortise/sdk';
import type { ModelDefinition } from '../flow/definitions.ts';
import type { ProjectFolder } from './folder.ts';
import { JsonFile } from './json-file.ts';
import { ModelSchemas } from './model-schemas.ts';
import { unknownName } from './names.ts';
import { isMapping } from './planned.ts';
import { fault, startOf } from './problems.ts';
import type { Fault, ProblemList } from './problems.ts';

/** `order.schema.json` is version 1, `order@2.schema.json` version 2: both may be there, and a diff shows both. */
const fileName = /^([a-z0-9][a-z0-9-]*)(?:@([1-9]\d*))?\.schema\.json$/;

/** The models of a project, by name with version. */
export interface ModelShelf {
  readonly models: ReadonlyMap<string, ModelDefinition>;
  /** The model, or what is wrong with the reference. */
  find(reference: string, path: Path): { readonly model?: ModelDefinition; readonly fault?: Fault };
}

export function readModels(folder: ProjectFolder, problems: ProblemList): ModelShelf {
  const written = new Map<string, JsonFile>();
  for (const file of folder.filesIn('models', /^[^/]+\.schema\.json$/)) {
    const name = modelName(file, problems);
    if (name === undefined) continue;
    const known = written.get(name);
    if (known) problems.error('MORTISE_PROJECT_NAME_TAKEN', startOf(file), `${name} is in ${known.file} already.`);
    else written.set(name, new JsonFile(file, folder.readText(file)));
  }
  return shelfOf(compileModels(written, problems));
}

function modelName(file: string, problems: ProblemList): string | undefined {
  const parts = fileName.exec(file.slice('models/'.length));
  if (parts) return `${parts[1]}@${parts[2] ?? '1'}`;
  const remedy =
    'Call it order.schema.json (which is order@1) or order@2.schema.json, in lower-case letters, digits and hyphens.';
  problems.error('MORTISE_PROJECT_NAME', startOf(file), `${file} is no name of a model.`, remedy);
  return undefined;
}

function compileModels(written: ReadonlyMap<string, JsonFile>, problems: ProblemList): ReadonlyMap<string, ModelDefinition> {
  const schemas = new ModelSchemas();
  for (const [name, file] of written) if (addSchema(name, file, schemas, problems)) schemas.add(name, file.value as JsonSchema);
  return new Map([...written].map(([name, file]) => [name, modelOf(name, file, schemas, problems)]));
}

function addSchema(name: string, file: JsonFile, schemas: ModelSchemas, problems: ProblemList): boolean {
  if (file.fault) {
    problems.error('MORTISE_PROJECT_MODEL', file.fault.place, `Not valid JSON: ${file.fault.message}`, 'Mend the JSON.');
    return false;
  }
  if (!isMapping(file.value)) {
    problems.error('MORTISE_PROJECT_MODEL', file.place([]), `${name} is no schema: expected a JSON object.`);
    return false;
  }
  const faults = schemas.faultsOf(file.value as JsonSchema);
  for (const { path, message } of faults)
    problems.error('MORTISE_PROJECT_MODEL', file.place(path), `Not a valid JSON Schema: ${message}.`);
  return faults.length === 0;
}

/** A model is one even where its schema has problems: it then takes everything, and the project is not run. */
function modelOf(name: string, file: JsonFile, schemas: ModelSchemas, problems: ProblemList): ModelDefinition {
  const { check = () => undefined, fault: broken } = schemas.compile(name);
  if (broken) problems.error('MORTISE_PROJECT_MODEL', file.place(broken.path), broken.message, broken.remedy);
  const schema = isMapping(file.value) ? (file.value as JsonSchema) : {};
  return { name, file: file.file, schema, check };
}

function shelfOf(models: ReadonlyMap<string, ModelDefinition>): ModelShelf {
  return {
    models,
    find(reference, path) {
      const model = models.get(reference);
      if (model) return { model };
      const versions = [...models.keys()].filter((name) => name.startsWith(`${reference}@`));
      if (versions.length === 0) return { fault: unknownName('model', reference, models.keys(), path) };
      const remedy = `Write ${versions.map((name) => `"${name}"`).join(' or ')}.`;
      return {
        fault: fault('MORTISE_PROJECT_UNKNOWN_NAME', path, `The model "${reference}" is named without its version.`, remedy),
      };
    },
  };
}
