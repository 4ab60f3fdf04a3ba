// Bodies and replies as columns: kind, size of a blob file, and the body or the blob's name.

import type { Headers } from '@mortise/sdk';
import type { StoredBody, StoredReply } from '../store.ts';
import type { Packed, Value } from './values.ts';
import { asNumber, asText, readJson } from './values.ts';

/** What stands in `body_kind`. The numbers are in files: never change one. Those over 1 are blob files. */
export const kinds = { erased: -1, json: 0, bytes: 1, jsonBlob: 2, bytesBlob: 3 };

interface ReplyAbout {
  readonly contentType?: string;
  readonly status?: number;
  readonly headers?: Headers;
}

/** Adds `body_kind, blob_bytes, body`. */
export function packBody(values: Packed[], body: StoredBody): void {
  if (body.kind === 'json') values.push(kinds.json, null, body.text);
  else if (body.kind === 'bytes') values.push(kinds.bytes, null, body.bytes);
  else if (body.kind === 'erased') values.push(kinds.erased, null, '');
  else values.push(body.holds === 'json' ? kinds.jsonBlob : kinds.bytesBlob, body.sizeBytes, body.blob);
}

export function readBody(kind: Value, blobBytes: Value, body: Value): StoredBody {
  if (kind === kinds.erased) return { kind: 'erased' };
  if (kind === kinds.json) return { kind: 'json', text: asText(body) };
  if (kind === kinds.bytes) return { kind: 'bytes', bytes: body instanceof Uint8Array ? body : new Uint8Array() };
  const holds = kind === kinds.jsonBlob ? 'json' : 'bytes';
  return { kind: 'blob', blob: asText(body), sizeBytes: asNumber(blobBytes), holds };
}

/** Adds `about, body_kind, blob_bytes, body`. */
export function packReply(values: Packed[], { body, ...about }: StoredReply): void {
  values.push(Object.keys(about).length === 0 ? null : JSON.stringify(about));
  packBody(values, body);
}

export function readReply(about: Value, kind: Value, blobBytes: Value, body: Value): StoredReply {
  return { ...(about === null ? {} : readJson<ReplyAbout>(about)), body: readBody(kind, blobBytes, body) };
}
