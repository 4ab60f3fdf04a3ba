// What a message quotes of a text or another value: enough to recognise it by, and never all of a long one.

const shownCharacters = 40;

/** A text in quotes, its first 40 characters at most; numbers, bigints and booleans as they are; of all others the type. */
export function excerpt(value: unknown): string {
  if (typeof value === 'number' || typeof value === 'bigint' || typeof value === 'boolean') return String(value);
  if (typeof value !== 'string') return `a value of type ${typeof value}`;
  return JSON.stringify(value.length > shownCharacters ? `${value.slice(0, shownCharacters)}…` : value);
}
