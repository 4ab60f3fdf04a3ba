// Puts secrets in place of their references: `env:NAME` from the environment, `secret:NAME` from a file of the data folder.

import { readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import type { Fields } from '@mortise/sdk';
import type { Problem } from '../flow/definitions.ts';
import { projectError } from './errors.ts';
import { ProblemList } from './problems.ts';
import type { Place } from './problems.ts';
import { mapFields } from './walk.ts';

/** A longer secret is none: keys and certificates are shorter. */
const secretBytesMax = 65_536;
/** What others than the owner may do with a file. */
const othersMode = 0o077;

type Values = Readonly<Record<string, unknown>>;

/** One place of the project that refers to a secret. */
export interface SecretReference {
  readonly reference: string;
  readonly place: Place;
}

export interface Secrets {
  /** The text behind `env:NAME` or `secret:NAME`. Throws MORTISE_PROJECT_SECRET_UNSET or _EXPOSED; never with the secret. */
  text(reference: string): string;
  /** A copy of `values` with the text of every secret in it, at any depth. Throws as `text` does. */
  resolve(fields: Fields, values: Values): Values;
  /** The text, a line of JSON, without any secret that was given out before. */
  redact(text: string): string;
}

/**
 * What was handed over goes first, then what is stored encrypted (`stored`), then files: those are `secrets/NAME` in the data folder, with mode 0600; a line end behind the last line is no part of the secret.
 */
export function openSecrets(
  dataFolder: string,
  variables: Readonly<Record<string, string | undefined>> = process.env,
  stored: (name: string) => string | undefined = () => undefined,
): Secrets {
  const forms = new Set<string>();
  const text = (reference: string): string => {
    const colon = reference.indexOf(':');
    const name = reference.slice(colon + 1);
    const secret =
      reference.slice(0, colon) === 'env'
        ? variableText(name, variables)
        : secretText(name, secretFile(name, dataFolder, variables), stored);
    for (const form of formsOf(secret)) forms.add(form);
    return secret;
  };
  return {
    text,
    resolve: (fields, values) =>
      mapFields(fields, values, (spec, value) => (spec.kind === 'secret' && typeof value === 'string' ? text(value) : value)),
    redact: (line) => [...forms].reduce((left, form) => left.replaceAll(form, '[secret]'), line),
  };
}

/** A shorter one would take words out of every line; it is no secret either. */
const redactedLengthMin = 4;

/** How a secret may stand in a line of JSON: as it is, and as a part of an address. The longest first. */
function formsOf(secret: string): readonly string[] {
  if (secret.length < redactedLengthMin) return [];
  return [JSON.stringify(secret).slice(1, -1), encodeURIComponent(secret)].toSorted((a, b) => b.length - a.length);
}

/** systemd hands credentials over in a folder of its own, which only the service can read; what is there goes first. */
function secretFile(name: string, dataFolder: string, variables: Readonly<Record<string, string | undefined>>): SecretFile {
  const handed = variables['CREDENTIALS_DIRECTORY'];
  const path = handed && join(handed, name);
  if (path && statSync(path, { throwIfNoEntry: false })?.isFile()) return { path, isGuarded: true };
  return { path: join(dataFolder, 'secrets', name), isGuarded: false };
}

function secretText(name: string, file: SecretFile, stored: (name: string) => string | undefined): string {
  return (file.isGuarded ? undefined : stored(name)) ?? fileText(name, file);
}

interface SecretFile {
  readonly path: string;
  /** Who handed it over keeps others out, whatever the mode of the file says: systemd does by lists of access rights. */
  readonly isGuarded: boolean;
}

/** The references that have no usable value here: errors for whoever wants to run the project. */
export function missingSecrets(references: readonly SecretReference[], secrets: Secrets): readonly Problem[] {
  const problems = new ProblemList();
  for (const { reference, place } of references) {
    try {
      secrets.text(reference);
    } catch (error) {
      const { code, message, remedy } = error as ReturnType<typeof projectError>;
      problems.found.push({ code, severity: 'error', ...place, message, remedy });
    }
  }
  return problems.found;
}

/** Whether a reference is to a variable of the environment that is not set. */
export function isUnsetVariable(reference: string, variables: Readonly<Record<string, string | undefined>>): boolean {
  return reference.startsWith('env:') && !variables[reference.slice('env:'.length)];
}

function variableText(name: string, variables: Readonly<Record<string, string | undefined>>): string {
  const text = Object.hasOwn(variables, name) ? variables[name] : undefined;
  if (text) return text;
  const state = text === undefined ? 'is not set' : 'is empty';
  throw projectError('MORTISE_PROJECT_SECRET_UNSET', `The environment variable ${name} ${state}.`, {
    remedy: `Set ${name} where Mortise is started.`,
  });
}

function fileText(name: string, { path, isGuarded }: SecretFile): string {
  if (name.startsWith('.')) throw unset(`"secret:${name}" is no name of a secret.`, path);
  const stat = statSync(path, { throwIfNoEntry: false });
  if (!stat?.isFile()) throw unset(`There is no secret "${name}".`, path);
  if (!isGuarded && process.platform !== 'win32' && (stat.mode & othersMode) !== 0) {
    const message = `The file of the secret "${name}" has mode 0${(stat.mode & 0o777).toString(8)}; expected 0600.`;
    throw projectError('MORTISE_PROJECT_SECRET_EXPOSED', message, { remedy: `Run: chmod 600 ${path}` });
  }
  if (stat.size > secretBytesMax) throw unset(`The file of the secret "${name}" is longer than ${secretBytesMax} bytes.`, path);
  const text = readSecret(name, path);
  if (text === '') throw unset(`The file of the secret "${name}" is empty.`, path);
  return text;
}

function readSecret(name: string, path: string): string {
  try {
    return readFileSync(path, 'utf8').replace(/\r?\n$/, '');
  } catch (error) {
    throw unset(`The file of the secret "${name}" cannot be read (${(error as NodeJS.ErrnoException).code}).`, path);
  }
}

function unset(message: string, path: string): Error {
  const remedy = `Store it with "mortise secret set NAME", or write it into ${path}, with mode 0600.`;
  return projectError('MORTISE_PROJECT_SECRET_UNSET', message, { remedy });
}
