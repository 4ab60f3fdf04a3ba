// Long bodies of a test, in memory.

import { gather } from '../flow/body.ts';
import type { BlobFolder } from '../flow/body.ts';
import { storeError } from '../store/errors.ts';

export function memoryBlobs(): BlobFolder {
  const blobs = new Map<string, Uint8Array>();
  return {
    async write(chunks, bytesMax = Infinity) {
      const bytes = chunks instanceof Uint8Array ? chunks : await gather(chunks);
      if (bytes.length > bytesMax) throw storeError('MORTISE_STORE_VALUE', `The body is longer than ${bytesMax} bytes.`);
      const blob = `blob-${blobs.size}`;
      blobs.set(blob, bytes);
      return { blob, sizeBytes: bytes.length };
    },
    async *open(blob) {
      yield blobs.get(blob) ?? new Uint8Array();
    },
  };
}
