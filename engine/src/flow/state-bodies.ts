// The bodies of a state's members: in memory where they are few, read from disk a page at a time where they are not.

import type { StateKey, StoredMember, Store } from '../store/store.ts';
import { loadBody } from './body.ts';
import type { BlobFolder } from './body.ts';

export interface MemberBody {
  readonly place: number;
  readonly body: unknown;
  readonly bytes: number;
}

/** By place, ascending. */
export interface Bodies {
  readonly list: MemberBody[];
  bytes: number;
}

/** The bodies of a group that are longer together are not kept in memory between its messages. */
export const bodiesBytesMax = 4 * 1024 * 1024;
const pageMembers = 1000;
const pageBytes = 4 * 1024 * 1024;

/** All of them, from disk. */
export async function readBodies(store: Store, key: StateKey, blobs: BlobFolder): Promise<Bodies> {
  const list: MemberBody[] = [];
  let bytes = 0;
  for (;;) {
    const page = await store.read.members(key, list.at(-1)?.place ?? 0, pageMembers, pageBytes);
    if (page.length === 0) return { list, bytes };
    for (const member of page) {
      const one = await bodyOf(member, blobs);
      list.push(one);
      bytes += one.bytes;
    }
  }
}

async function bodyOf({ place, message: { body } }: StoredMember, blobs: BlobFolder): Promise<MemberBody> {
  const bytes =
    body.kind === 'json'
      ? body.text.length
      : body.kind === 'bytes'
        ? body.bytes.length
        : body.kind === 'blob'
          ? body.sizeBytes
          : 0;
  return { place, body: await loadBody(body, blobs), bytes };
}
