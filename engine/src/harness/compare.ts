// Compares a value with what a test expects, and says in which places they differ.

/** More differences than this are not read by anyone. */
const differencesMax = 10;
const shownCharactersMax = 120;

/** Each difference with its path; empty where there is none. Without `exact`, a mapping may have more than is expected. */
export function differences(expected: unknown, found: unknown, path: string, exact: boolean): readonly string[] {
  const list: string[] = [];
  compare(expected, found, path, exact, list);
  return list.length > differencesMax ? [...list.slice(0, differencesMax), `… and ${list.length - differencesMax} more`] : list;
}

function compare(expected: unknown, found: unknown, path: string, exact: boolean, list: string[]): void {
  if (Array.isArray(expected) && Array.isArray(found)) return compareLists(expected, found, path, exact, list);
  if (isMapping(expected) && isMapping(found)) return compareMappings(expected, found, path, exact, list);
  if (!Object.is(expected, found)) list.push(`${path}: expected ${shown(expected)}, found ${shown(found)}`);
}

function compareLists(
  expected: readonly unknown[],
  found: readonly unknown[],
  path: string,
  exact: boolean,
  list: string[],
): void {
  for (const [index, one] of expected.entries()) {
    if (index < found.length) compare(one, found[index], `${path}[${index}]`, exact, list);
  }
  if (expected.length === found.length) return;
  list.push(`${path}: expected ${expected.length} ${expected.length === 1 ? 'element' : 'elements'}, found ${found.length}`);
}

function compareMappings(expected: Mapping, found: Mapping, path: string, exact: boolean, list: string[]): void {
  for (const [name, value] of Object.entries(expected)) {
    if (Object.hasOwn(found, name)) compare(value, found[name], pathTo(path, name), exact, list);
    else list.push(`${pathTo(path, name)}: expected ${shown(value)}, found nothing`);
  }
  if (!exact) return;
  for (const [name, value] of Object.entries(found)) {
    if (!Object.hasOwn(expected, name)) list.push(`${pathTo(path, name)}: expected nothing, found ${shown(value)}`);
  }
}

/** A value on one line, not too long. */
export function shown(value: unknown): string {
  if (value instanceof Uint8Array) return `${value.length} bytes`;
  const text = JSON.stringify(value) ?? 'nothing';
  return text.length <= shownCharactersMax ? text : `${text.slice(0, shownCharactersMax)}…`;
}

function pathTo(path: string, name: string): string {
  return /^[A-Za-z_$][\w$-]*$/.test(name) ? `${path}.${name}` : `${path}[${JSON.stringify(name)}]`;
}

type Mapping = Readonly<Record<string, unknown>>;

function isMapping(value: unknown): value is Mapping {
  return typeof value === 'object' && value !== null && !Array.isArray(value) && !(value instanceof Uint8Array);
}
