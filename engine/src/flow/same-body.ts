// Whether two stored bodies are the same, byte for byte.

import { createHash } from 'node:crypto';
import type { StoredBody } from '../store/store.ts';
import type { BlobFolder } from './body.ts';

export async function isSameBody(one: StoredBody, other: StoredBody, blobs: Pick<BlobFolder, 'open'>): Promise<boolean> {
  if (one.kind === 'json') return other.kind === 'json' && one.text === other.text;
  if (one.kind === 'bytes') return other.kind === 'bytes' && Buffer.from(one.bytes).equals(other.bytes);
  if (one.kind === 'erased' || other.kind !== 'blob' || one.sizeBytes !== other.sizeBytes || one.holds !== other.holds)
    return false;
  return one.blob === other.blob || (await digestOf(blobs.open(one.blob))) === (await digestOf(blobs.open(other.blob)));
}

async function digestOf(chunks: AsyncIterable<Uint8Array>): Promise<string> {
  const hash = createHash('sha256');
  for await (const chunk of chunks) hash.update(chunk);
  return hash.digest('hex');
}
