// Bytes inside JSON: formats may give some, as a part of a form or an entry of an archive, and JSON has none.

const name = '$bytes';

/** The value with each run of bytes as `{ "$bytes": "…base64…" }`. */
export function withoutBytes(value: unknown): unknown {
  return holdsBytes(value) ? replaced(value, (one) => (isBytes(one) ? { [name]: base64(one) } : undefined)) : value;
}

/** The value with each such object as bytes again. */
export function withBytes(value: unknown): unknown {
  return replaced(value, (one) => {
    if (typeof one !== 'object' || one === null || !Object.hasOwn(one, name) || Object.keys(one).length !== 1) return undefined;
    const text = (one as Readonly<Record<string, unknown>>)[name];
    return typeof text === 'string' ? new Uint8Array(Buffer.from(text, 'base64')) : undefined;
  });
}

/** Asked of every value that is printed. */
function holdsBytes(value: unknown): boolean {
  if (typeof value !== 'object' || value === null) return false;
  if (isBytes(value)) return true;
  const inner: readonly unknown[] = Array.isArray(value) ? value : Object.values(value);
  for (let index = 0; index < inner.length; index += 1) {
    const one = inner[index];
    if (typeof one === 'object' && one !== null && holdsBytes(one)) return true;
  }
  return false;
}

function replaced(value: unknown, replace: (one: unknown) => unknown): unknown {
  const found = replace(value);
  if (found !== undefined || typeof value !== 'object' || value === null) return found ?? value;
  if (Array.isArray(value)) return value.map((one) => replaced(one, replace));
  return Object.fromEntries(Object.entries(value).map(([key, one]) => [key, replaced(one, replace)]));
}

function isBytes(value: unknown): value is Uint8Array {
  return value instanceof Uint8Array;
}

function base64(bytes: Uint8Array): string {
  return Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length).toString('base64');
}
