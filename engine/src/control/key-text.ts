// A business key as the API takes it: NAME=VALUE.

export function keyOf(key: string): { readonly name: string; readonly value: string } {
  const equals = key.indexOf('=');
  return { name: key.slice(0, equals), value: key.slice(equals + 1) };
}
