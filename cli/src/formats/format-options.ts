// Reads `--option NAME=VALUE` by the fields of a format: each value as its field is written in a project.

import { nearest } from '@mortise/sdk';
import type { Field, Fields } from '@mortise/sdk';
import { cliError } from '../errors.ts';

type Written = Record<string, unknown>;

/** What is written as JSON, and is a text where it is none; all other kinds are texts. */
const jsonKinds: readonly string[] = ['integer', 'number', 'boolean', 'list', 'record', 'group', 'oneOf', 'value', 'format'];

/** Collects `--option`, which may be given several times. */
export function collectOption(text: string, former: readonly string[] = []): readonly string[] {
  return [...former, text];
}

/** The options as a project would write them. Whether they are right the fields say later. */
export function writtenOptions(given: readonly string[], fields: Fields): Readonly<Record<string, unknown>> {
  const written: Written = {};
  for (const text of given) {
    const equals = text.indexOf('=');
    if (equals <= 0) throw cliError('MORTISE_CLI_USAGE', `"${text}" is not NAME=VALUE.`);
    put(written, fields, text.slice(0, equals).split('.'), text.slice(equals + 1), text);
  }
  return written;
}

/** A name with points is one of a group or a record: `namespaces.c=urn:example:common`. */
function put(written: Written, fields: Fields, [name = '', ...inner]: readonly string[], value: string, whole: string): void {
  const spec = Object.hasOwn(fields, name) ? fields[name] : undefined;
  if (!spec) throw unknownOption(name, Object.keys(fields));
  const former = Object.hasOwn(written, name) ? written[name] : undefined;
  if (inner.length > 0) {
    const group = (former ?? {}) as Written;
    written[name] = group;
    if (spec.kind === 'group') return put(group, spec.fields ?? {}, inner, value, whole);
    const key = inner.join('.');
    if (spec.kind === 'record' && spec.of) return put(group, { [key]: spec.of }, [key], value, whole);
    throw cliError('MORTISE_CLI_USAGE', `The option "${name}" of the format has nothing within it; found "${whole}".`);
  }
  const read = readValue(spec, value);
  if (spec.kind === 'list' && !Array.isArray(read)) written[name] = [...((former ?? []) as unknown[]), read];
  else if (former === undefined) written[name] = read;
  else throw cliError('MORTISE_CLI_USAGE', `The option "${name}" of the format is given twice.`);
}

function readValue(spec: Field, value: string): unknown {
  if (!jsonKinds.includes(spec.kind)) return value;
  if (spec.kind === 'list' && spec.of && !value.startsWith('[')) return readValue(spec.of, value);
  try {
    return JSON.parse(value) as unknown;
  } catch {
    return value;
  }
}

function unknownOption(name: string, known: readonly string[]): Error {
  const near = nearest(name, known);
  const remedy = near ? `Did you mean "${near}"?` : `Known are: ${known.join(', ') || 'none'}.`;
  return cliError('MORTISE_CLI_USAGE', `The format has no option "${name}".`, { remedy });
}
