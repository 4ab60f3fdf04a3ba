// Checks what a connector's or format's file exports before anything believes it.

import { reservedOptionNames } from '@mortise/sdk';
import type { ConnectorDeclaration, FormatDeclaration } from '@mortise/sdk';
import { catalogError } from './errors.ts';

type Values = Readonly<Record<string, unknown>>;

/** The declaration, or MORTISE_CATALOG_BROKEN with the part that is not as it should be. */
export function checkConnector(name: string, exported: unknown): ConnectorDeclaration {
  const declared = checkDeclaration('connector', name, exported, ['connection', 'inbounds', 'outbounds']);
  const ends = [...Object.entries(declared['inbounds'] as Values), ...Object.entries(declared['outbounds'] as Values)];
  for (const [end, declaration] of ends) {
    const options = isRecord(declaration) ? declaration['options'] : undefined;
    if (!isRecord(options)) throw broken('connector', name, `"${end}" has no options`);
    const word = Object.keys(options).find((option) => reservedOptionNames.includes(option));
    if (word !== undefined) throw broken('connector', name, `"${end}" has an option "${word}", a word that Mortise uses itself`);
  }
  return declared as unknown as ConnectorDeclaration;
}

export function checkFormat(name: string, exported: unknown): FormatDeclaration {
  const declared = checkDeclaration('format', name, exported, ['options']);
  // In a file of its own a format's options stand beside the word that names it.
  if (Object.hasOwn(declared['options'] as Values, 'format'))
    throw broken('format', name, 'it has an option "format", a word that Mortise uses itself');
  return declared as unknown as FormatDeclaration;
}

function checkDeclaration(kind: 'connector' | 'format', name: string, exported: unknown, parts: readonly string[]): Values {
  if (!isRecord(exported)) throw broken(kind, name, 'its default export is no declaration');
  if (exported['name'] !== name) throw broken(kind, name, `it calls itself "${String(exported['name'])}", unlike its folder`);
  const missing = parts.find((part) => !isRecord(exported[part]));
  if (missing !== undefined) throw broken(kind, name, `it has no "${missing}"`);
  return exported;
}

function broken(kind: string, name: string, what: string): Error {
  return catalogError('MORTISE_CATALOG_BROKEN', `The ${kind} ${name} is not declared as it should be: ${what}.`);
}

export function isRecord(value: unknown): value is Values {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

export function isFunction(value: unknown): value is (...given: never[]) => unknown {
  return typeof value === 'function';
}
