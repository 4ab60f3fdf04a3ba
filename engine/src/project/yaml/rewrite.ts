// How a value is written so that YAML leaves it alone.

/** So much of a value is shown in a remedy. */
const valueCharactersMax = 200;

/** The value in quotes of the kind that it does not hold itself; in double quotes with escapes where it holds both. */
export function inQuotes(value: string): string {
  if (!value.includes("'")) return `'${value}'`;
  return value.includes('"') || value.includes('\\') ? JSON.stringify(value) : `"${value}"`;
}

/** A whole line: `filter: '%.total > 0'`. A long value, or one with both kinds of quotes, stands behind "|". */
export function lineFor(key: string | undefined, value: string): string {
  const before = key === undefined ? '' : `${key}: `;
  if (value.length <= 60 && !(value.includes("'") && value.includes('"'))) return `Write ${before}${inQuotes(value)}`;
  return blockFor(key, value);
}

/** The same with "|", which leaves everything alone. */
export function blockFor(key: string | undefined, value: string): string {
  const shown = value.length > valueCharactersMax ? `${value.slice(0, valueCharactersMax)}…` : value;
  return `Write ${key === undefined ? '' : `${key}: `}| and on the next line, indented: ${shown}`;
}
