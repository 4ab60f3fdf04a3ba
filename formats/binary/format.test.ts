// The binary format: the kit.

import { readFileSync } from 'node:fs';
import { formatKit } from '@mortise/sdk/testing';
import fc from 'fast-check';
import { decoder } from './decode.ts';
import { encoder } from './encode.ts';
import format from './format.ts';

const head = new Uint8Array(readFileSync(new URL('fixtures/head.png.bin', import.meta.url)));

formatKit({
  format,
  decoder,
  encoder,
  folder: import.meta.dirname,
  samples: [
    { name: 'the head of a picture', bytes: head, values: [head], positions: [{ offsetBytes: 0 }], regular: true },
    { name: 'nothing', bytes: new Uint8Array(), values: [new Uint8Array()], regular: true },
  ],
  unwritable: [
    { name: 'no value', values: [], says: /one value, not 0/ },
    { name: 'two values', values: [head, head], says: /one value, not 2/ },
    { name: 'text', values: ['abc'], says: /type string is no bytes/ },
    { name: 'an array of numbers', values: [[1, 2]], says: /expected a Uint8Array/ },
  ],
  roundTrips: [{ name: 'any bytes', values: fc.uint8Array().map((bytes) => [bytes]) }],
  skip: { invalid: 'all bytes are valid' },
});
