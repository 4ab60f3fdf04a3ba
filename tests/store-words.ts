// What the process of a crash test writes under a number, so that the process that checks it knows what to expect.

/** Blobs are rarer: each costs an fsync of its file and of its folder. */
export function hasBlob(seq: number): boolean {
  return seq % 7 === 0;
}

export function textOf(seq: number): string {
  return JSON.stringify({ n: seq, note: 'x'.repeat((seq * 131) % 3000) });
}

export function blobBytes(seq: number): Buffer {
  return Buffer.alloc(30_000 + (seq % 100), `blob ${seq} `);
}
