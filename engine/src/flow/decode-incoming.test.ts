// What an inbound hands over becomes messages: whole or refused where its sender waits, record by record where it polls.

import { defineFormat, defineInbound, formatError } from '@mortise/sdk';
import type { Decoded, InboundDeclaration } from '@mortise/sdk';
import { describe, expect, it } from 'vitest';
import { modelOf } from '../mesh.fixture.ts';
import { decodeIncoming } from './decode-incoming.ts';
import type { Part } from './decode-incoming.ts';
import type { InboundDefinition, ResolvedFormat } from './definitions.ts';

/** Lines; one that begins with "!" is broken, one that begins with "!!" breaks the rest too. */
function lines(records: 'one' | 'many'): ResolvedFormat {
  const read = (text: string): Decoded[] => text.split('\n').filter(Boolean).map(readLine);
  return {
    name: 'lines',
    declaration: defineFormat({ name: 'lines', doc: 'Lines.', contentType: 'text/plain', records, options: {} }),
    records,
    contentType: 'text/plain',
    decodeWhole: (bytes) => read(Buffer.from(bytes).toString()),
    async *decode(chunks) {
      for await (const chunk of chunks) yield* read(Buffer.from(chunk).toString());
    },
    schema: () => undefined,
    encodeWhole: () => new Uint8Array(),
    async *encode() {},
  };
}

function readLine(line: string, index: number): Decoded {
  const problem = formatError('MORTISE_FORMAT_SYNTAX', `line ${index + 1} is broken`, { details: { line: index + 1 } });
  if (line.startsWith('!!')) throw problem;
  const position = { line: index + 1 };
  return line.startsWith('!') ? { problem, position, raw: Buffer.from(line) } : { value: { line }, position };
}

function inbound(mode: InboundDeclaration['mode'], more: Partial<InboundDefinition> = {}): InboundDefinition {
  const connection = { system: 's', name: 'default', connector: 'c', values: {} };
  const declaration = defineInbound({ doc: 'Gives bytes.', mode, gives: 'bytes', options: {} });
  return { system: 's', name: 'i', connection, uses: 'i', declaration, options: {}, format: lines('many'), ...more };
}

async function partsOf(definition: InboundDefinition, body: unknown, bytesMax = 1000): Promise<readonly (readonly Part[])[]> {
  const batches: (readonly Part[])[] = [];
  for await (const batch of decodeIncoming(definition, [{ body }], bytesMax)) batches.push(batch);
  return batches;
}

async function* chunks(...texts: string[]): AsyncIterable<Uint8Array> {
  for (const text of texts) yield Buffer.from(text);
}

const summary = (parts: readonly Part[]) => parts.map(({ body, problem }) => problem?.code ?? body);

describe('a listening inbound', () => {
  it('gives a message for each record', async () => {
    expect((await partsOf(inbound('listening'), Buffer.from('a\nb'))).map(summary)).toEqual([[{ line: 'a' }, { line: 'b' }]]);
  });

  it('refuses the whole where any of it is broken, and keeps what came as it came', async () => {
    for (const text of ['a\n!b\nc', 'a\n!!b']) {
      const [[only, ...others] = []] = await partsOf(inbound('listening'), Buffer.from(text));
      expect(others).toEqual([]);
      expect(only?.problem?.code).toBe('MORTISE_FORMAT_SYNTAX');
      expect(Buffer.from(only?.body as Uint8Array).toString()).toBe(text);
    }
  });

  it('refuses what does not fit the model, with the record and the path', async () => {
    const [[only] = []] = await partsOf(inbound('listening', { model: modelOf('m@1', 'id') }), Buffer.from('a'));
    expect(only?.problem).toMatchObject({ code: 'MORTISE_STEP_INVALID', details: { position: { line: 1, path: '/id' } } });
  });

  it('refuses a stream that is longer than messages may be', async () => {
    const [[only] = []] = await partsOf(inbound('listening'), chunks('aaaa', 'bbbb'), 6);
    expect(only?.problem?.code).toBe('MORTISE_FLOW_TOO_LARGE');
  });

  it('finds a connector that hands over something else than it declares', async () => {
    await expect(partsOf(inbound('listening'), { no: 'bytes' })).rejects.toMatchObject({ code: 'MORTISE_FLOW_BODY' });
  });
});

describe('a polling inbound', () => {
  it('keeps the good records and the broken ones apart, in commits of five hundred', async () => {
    const text = Array.from({ length: 1200 }, (_, n) => (n === 700 ? '!x' : `r${n}`)).join('\n');
    const batches = await partsOf(inbound('polling'), chunks(text), 1e6);
    expect(batches.map((batch) => batch.length)).toEqual([500, 500, 200]);
    expect(batches.flat().filter(({ problem }) => problem)).toHaveLength(1);
    expect(batches[1]?.[200]?.problem?.code).toBe('MORTISE_FORMAT_SYNTAX');
  });

  it('records that the rest could not be read', async () => {
    expect((await partsOf(inbound('polling'), chunks('a\n', '!!b'))).flatMap(summary)).toEqual([
      { line: 'a' },
      'MORTISE_FORMAT_SYNTAX',
    ]);
  });

  it('records nothing of a stream that the connector itself could not read: it comes again', async () => {
    async function* broken(): AsyncIterable<Uint8Array> {
      yield Buffer.from('a\n');
      throw formatError('MORTISE_FORMAT_SYNTAX', 'the disk is gone');
    }
    await expect(partsOf(inbound('polling'), broken())).rejects.toThrow('the disk is gone');
  });
});
