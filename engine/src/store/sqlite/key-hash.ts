// Hashes of keys, by which they are found: 32 bits, with a secret of the store, so that no sender can choose keys that collide.

/** FNV-1a over the parts, begun with the secret, mixed at the end as in MurmurHash3. A signed integer. */
export function hashKey(secret: number, ...parts: readonly string[]): number {
  let hash = secret;
  for (const part of parts) {
    for (let i = 0; i < part.length; i++) hash = Math.imul(hash ^ part.charCodeAt(i), 0x01000193);
    hash = Math.imul(hash ^ 0xffff, 0x01000193);
  }
  return mix(hash);
}

/** Another hash of the same key. */
export function rehash(hash: number): number {
  return mix(hash ^ 0x9e3779b9);
}

function mix(hash: number): number {
  let mixed = hash ^ (hash >>> 16);
  mixed = Math.imul(mixed, 0x85ebca6b);
  mixed ^= mixed >>> 13;
  mixed = Math.imul(mixed, 0xc2b2ae35);
  return mixed ^ (mixed >>> 16);
}
