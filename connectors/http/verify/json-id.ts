// The sender's own id of an event, where it stands in the signed body.

/** The text under `name` in a body that is a JSON object; undefined where there is none. */
export function idInBody(body: Uint8Array, name: string): string | undefined {
  const value = parsed(body);
  if (typeof value !== 'object' || value === null || !Object.hasOwn(value, name)) return undefined;
  const id = (value as Readonly<Record<string, unknown>>)[name];
  return typeof id === 'string' && id !== '' && id.length <= 255 ? id : undefined;
}

function parsed(body: Uint8Array): unknown {
  try {
    return JSON.parse(Buffer.from(body.buffer, body.byteOffset, body.byteLength).toString('utf8'));
  } catch {
    return undefined;
  }
}
