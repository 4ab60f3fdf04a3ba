// Reads the bytes of an OpenAPI description, JSON or YAML, and says which version it is in.

import { parseDocument } from 'yaml';
import { importError } from '../errors.ts';
import { isMapping, wordOf } from '../values.ts';
import type { Mapping } from '../values.ts';

export interface Description {
  readonly document: Mapping;
  readonly version: '3.0' | '3.1';
  /** Faults of its writing that do not keep it from being read. */
  readonly faults: readonly string[];
}

/** Aliases of YAML that are followed: a bomb is made of many. */
const aliasesMax = 1000;
const faultsMax = 50;

/** Throws MORTISE_IMPORT_UNREADABLE or MORTISE_IMPORT_UNKNOWN. */
export function readDescription(bytes: Uint8Array, name: string): Description {
  const text = new TextDecoder().decode(bytes);
  const { value, faults } = /^\s*\{/.test(text) ? readJson(text, name) : readYaml(text, name);
  if (!isMapping(value)) throw importError('MORTISE_IMPORT_UNKNOWN', `${name} holds no mapping.`);
  const version = wordOf(value['openapi']);
  if (/^3\.0(\.|$)/.test(version)) return { document: value, version: '3.0', faults };
  if (/^3\.[12](\.|$)/.test(version)) return { document: value, version: '3.1', faults: [...faults, ...newer(version)] };
  const found = value['swagger'] === undefined ? `openapi: ${version || 'nothing'}` : `swagger: ${wordOf(value['swagger'])}`;
  throw importError('MORTISE_IMPORT_UNKNOWN', `${name} says "${found}"; expected OpenAPI 3.0 or 3.1.`);
}

function newer(version: string): readonly string[] {
  return version.startsWith('3.1') ? [] : [`#/openapi: ${version} is read as 3.1: what it has besides is not known.`];
}

interface Read {
  readonly value: unknown;
  readonly faults: readonly string[];
}

/** A file that begins with a brace may still be YAML in flow style. */
function readJson(text: string, name: string): Read {
  try {
    return { value: JSON.parse(text) as unknown, faults: [] };
  } catch (error) {
    const yaml = readYaml(text, name, error instanceof Error ? error.message : String(error));
    return { ...yaml, faults: ['It is no valid JSON, and was read as YAML.', ...yaml.faults] };
  }
}

function readYaml(text: string, name: string, before?: string): Read {
  const document = parsed(text, name);
  const said = document.errors.map(({ code, message }) => ({ code, message: firstLine(message) }));
  const fatal = said.find(({ code }) => code !== 'DUPLICATE_KEY');
  if (fatal) throw importError('MORTISE_IMPORT_UNREADABLE', `${name} cannot be read: ${before ?? fatal.message}`);
  const faults = said.slice(0, faultsMax).map(({ message }) => `${message} The last one counts.`);
  try {
    return { value: document.toJS({ maxAliasCount: aliasesMax }) as unknown, faults };
  } catch (error) {
    const message = error instanceof Error ? error.message : String(error);
    throw importError('MORTISE_IMPORT_UNREADABLE', `${name} cannot be read: ${message}`, { cause: error });
  }
}

/** What is nested without end overflows the stack of the parser. */
function parsed(text: string, name: string): ReturnType<typeof parseDocument> {
  try {
    return parseDocument(text, { merge: true, logLevel: 'silent', prettyErrors: true });
  } catch (error) {
    const message = error instanceof Error ? error.message : String(error);
    throw importError('MORTISE_IMPORT_UNREADABLE', `${name} cannot be read: ${message}`, { cause: error });
  }
}

function firstLine(message: string): string {
  return message.split('\n')[0]?.replace(/:$/, '.') ?? '';
}
