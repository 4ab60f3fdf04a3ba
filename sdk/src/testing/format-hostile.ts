// Input as an attacker or a broken line would send it: random bytes, and samples that were cut, changed and interspersed.

import fc from 'fast-check';

const poison = [
  '__proto__',
  '"__proto__"',
  'constructor',
  '{"__proto__":{"polluted":1}}',
  'prototype',
  '\u0000',
  '\ufeff',
  '\r\n',
  '"',
  '[[[[',
  '-',
  '1e999',
];

/** Bytes that are hardly of the format; about half of them are a sample after a few changes. */
export function hostileBytes(samples: readonly Uint8Array[]): fc.Arbitrary<Uint8Array> {
  const random = fc.uint8Array({ maxLength: 200 });
  const short = samples.map((sample) => sample.subarray(0, 2000));
  if (short.length === 0) return random;
  const changed = fc
    .tuple(fc.constantFrom(...short), fc.array(change, { minLength: 1, maxLength: 4 }))
    .map(([sample, changes]) => changes.reduce((bytes, apply) => apply(bytes), sample));
  return fc.oneof({ weight: 1, arbitrary: random }, { weight: 3, arbitrary: changed });
}

/** Values of every sort that JavaScript knows, `__proto__` keys among them. */
export function hostileValues(): fc.Arbitrary<unknown[]> {
  const anything = fc.anything({
    maxDepth: 3,
    withBigInt: true,
    withDate: true,
    withMap: true,
    withSet: true,
    withNullPrototype: true,
    withObjectString: true,
    withSparseArray: true,
    withTypedArray: true,
    withUnicodeString: true,
  });
  const poisoned = fc.constantFrom<unknown>(
    JSON.parse('{"__proto__":{"polluted":1}}'),
    Symbol('s'),
    () => 1,
    Object.create(null),
    cyclic(),
  );
  return fc.array(fc.oneof({ weight: 4, arbitrary: anything }, { weight: 1, arbitrary: poisoned }), { maxLength: 3 });
}

type Change = (bytes: Uint8Array) => Uint8Array;

const place = fc.nat(2000);

const change: fc.Arbitrary<Change> = fc.oneof(
  place.map(
    (at): Change =>
      (bytes) =>
        bytes.subarray(0, at % (bytes.length + 1)),
  ),
  fc.tuple(place, fc.nat(255)).map(
    ([at, byte]): Change =>
      (bytes) =>
        splice(bytes, at, 1, Uint8Array.of(byte)),
  ),
  fc.tuple(place, fc.nat(8)).map(
    ([at, count]): Change =>
      (bytes) =>
        splice(bytes, at, count, new Uint8Array()),
  ),
  fc.tuple(place, fc.constantFrom(...poison)).map(
    ([at, text]): Change =>
      (bytes) =>
        splice(bytes, at, 0, Buffer.from(text)),
  ),
  fc.tuple(place, place).map(
    ([from, to]): Change =>
      (bytes) =>
        splice(bytes, to, 0, bytes.subarray(from % (bytes.length + 1))),
  ),
);

function splice(bytes: Uint8Array, at: number, count: number, inserted: Uint8Array): Uint8Array {
  const from = at % (bytes.length + 1);
  return Buffer.concat([bytes.subarray(0, from), inserted, bytes.subarray(from + count)]);
}

function cyclic(): unknown {
  const loop: Record<string, unknown> = {};
  loop['loop'] = loop;
  return loop;
}
