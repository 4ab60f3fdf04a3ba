// Control totals: what all batches of a file count together is what the file holds.

import { defineFormat, defineInbound, formatError } from '@mortise/sdk';
import type { Decoded, InboundDeclaration, Incoming } from '@mortise/sdk';
import fc from 'fast-check';
import { expect, it } from 'vitest';
import type { FileCount } from '../store/balance-rows.ts';
import { decodeIncoming } from './decode-incoming.ts';
import type { Part } from './decode-incoming.ts';
import type { InboundDefinition, ResolvedFormat } from './definitions.ts';
import { fileCounts } from './file-counts.ts';

/** A byte a record; 0 is a broken one. */
const format: ResolvedFormat = {
  name: 'octets',
  declaration: defineFormat({ name: 'octets', doc: 'Octets.', contentType: 'text/plain', records: 'many', options: {} }),
  records: 'many',
  contentType: 'text/plain',
  decodeWhole: (bytes) => [...bytes].map(recordOf),
  async *decode(chunks) {
    for await (const chunk of chunks) yield* [...chunk].map(recordOf);
  },
  schema: () => undefined,
  encodeWhole: () => new Uint8Array(),
  async *encode() {},
};

function recordOf(byte: number): Decoded {
  const position = {};
  if (byte > 0) return { value: byte, position };
  return { problem: formatError('MORTISE_FORMAT_SYNTAX', 'a broken record'), position, raw: new Uint8Array([byte]) };
}

function inboundOf(mode: InboundDeclaration['mode']): InboundDefinition {
  const connection = { system: 's', name: 'default', connector: 'c', values: {} };
  const declaration = defineInbound({ doc: 'Gives bytes.', mode, gives: 'bytes', options: {} });
  return { system: 's', name: 'i', connection, uses: 'i', declaration, options: {}, format };
}

async function countsOf(inbound: InboundDefinition, incoming: Incoming, key: string | undefined): Promise<readonly FileCount[]> {
  const batches: (readonly Part[])[] = [];
  for await (const batch of decodeIncoming(inbound, [incoming], 1e6)) batches.push(batch);
  const handed = { inbound, scope: 's.i', key };
  return batches.flatMap((batch, n) => fileCounts(handed, batch, batches[n + 1]?.[0], 5));
}

it('add up to the file, whatever its length, and only the last says that it is whole', async () => {
  const content = fc.uint8Array({ minLength: 1, maxLength: 1700, max: 9 });
  await fc.assert(
    fc.asyncProperty(content, async (body) => {
      const counts = await countsOf(inboundOf('polling'), { body, subject: 'a.txt' }, 'k');
      const sum = (pick: (count: FileCount) => number) => counts.reduce((total, count) => total + pick(count), 0);
      const broken = body.filter((byte) => byte === 0).length;
      expect([sum(({ read }) => read), sum(({ accepted }) => accepted), sum(({ invalid }) => invalid)]).toEqual([
        body.length,
        body.length - broken,
        broken,
      ]);
      expect(counts).toHaveLength(Math.ceil(body.length / 500));
      expect(counts.map(({ whole }) => whole)).toEqual(counts.map((_, n) => n === counts.length - 1));
      expect(new Set(counts.map(({ scope, id, name, atMs }) => `${scope} ${id} ${name} ${atMs}`))).toEqual(
        new Set(['s.i k a.txt 5']),
      );
    }),
    { numRuns: 40 },
  );
});

it('are of what is fetched and has an identity only', async () => {
  const body = new Uint8Array([1, 2]);
  expect(await countsOf(inboundOf('listening'), { body }, 'k')).toEqual([]);
  expect(await countsOf(inboundOf('polling'), { body }, undefined)).toEqual([]);
  expect(await countsOf(inboundOf('polling'), { body }, 'k')).toMatchObject([{ id: 'k', read: 2 }]);
});
