// Reads a list that comes in pages, one after the other, within limits; the result is one list.

import { Rejected } from '@mortise/sdk';
import { firstPage, listIn, nextPage, pageValue } from './page.ts';
import type { Paging } from './page.ts';
import { addressOf } from './request.ts';
import type { Answer } from './sending.ts';

/** Reads one page: an answer of success, with a body of at most so many bytes. */
export type ReadPage = (url: URL, bytesMax: number) => Promise<Answer>;

export interface Pages {
  /** All items, as a JSON array. */
  readonly body: Uint8Array;
  readonly pages: number;
  readonly items: number;
  readonly status: number;
}

/**
 * Reads every page. A list that is longer than a limit, that leads back to a page which was read, or to another origin, is
 * `Rejected`: half a list would pass for the whole.
 */
export async function readPages(read: ReadPage, first: URL, paging: Paging, bytesMax: number): Promise<Pages> {
  const { pagesMax, itemsMax } = paging;
  const address = addressOf(first);
  const seen = new Set<string>();
  const items: unknown[] = [];
  let restBytes = bytesMax;
  let status = 200;
  for (let url: URL | undefined = firstPage(first, paging); url; ) {
    checkNext(url, first, seen);
    if (seen.size === pagesMax) throw new Rejected(`${address} has more than ${pagesMax} pages: raise "pagesMax".`);
    seen.add(url.href);
    const answer: Answer = await read(url, restBytes);
    restBytes -= answer.body.byteLength;
    status = answer.status;
    const value = pageValue(answer, address);
    const found = listIn(value, paging.items, address);
    if (items.length + found.length > itemsMax)
      throw new Rejected(`${address} has more than ${itemsMax} items: raise "itemsMax".`);
    for (const item of found) items.push(item);
    url = nextPage(url, answer, { value, items: found.length }, paging, { pages: seen.size, items: items.length });
  }
  return { body: Buffer.from(JSON.stringify(items)), pages: seen.size, items: items.length, status };
}

/** A page says where the next one is, and what a system says is not to be trusted. */
function checkNext(url: URL, first: URL, seen: ReadonlySet<string>): void {
  const address = addressOf(first);
  if (url.origin !== first.origin || url.username || url.password)
    throw new Rejected(`${address} says that its next page is at ${url.origin}: expected the same origin.`);
  if (seen.has(url.href)) throw new Rejected(`${address} leads back to a page that was read: its pages have no end.`);
}
