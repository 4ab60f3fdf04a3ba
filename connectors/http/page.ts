// One page of a list: which items it holds, and where the next one is. Pure.

import { Rejected } from '@mortise/sdk';
import { linkTo } from './link-header.ts';
import type { RequestOptions } from './request.ts';
import type { Answer } from './sending.ts';

export type Paging = NonNullable<RequestOptions['paging']>;

declare global {
  interface JSON {
    /** Whether a value was made by `JSON.rawJSON`. TypeScript's library does not know it yet. */
    isRawJSON(value: unknown): boolean;
  }
}

/** How many pages and items came before this one. */
export interface Progress {
  readonly pages: number;
  readonly items: number;
}

/** A number that JavaScript would write otherwise than it came: long, with an exponent, with zeros at its end, or minus zero. */
const unlikeJavaScript = /\d[\d.]{14}|\d[eE]|\.\d*0(?!\d)|-0/;

/** The first page's URL. */
export function firstPage(url: URL, paging: Paging): URL {
  return paging.by === 'page' || paging.by === 'offset' ? withParameter(url, paging.parameter, String(paging.first)) : url;
}

/** The value of a page's body. Numbers keep their digits. Throws `Rejected` where it is no JSON. */
export function pageValue({ body }: Answer, address: string): unknown {
  try {
    const text = new TextDecoder('utf-8', { fatal: true }).decode(body);
    return unlikeJavaScript.test(text) ? JSON.parse(text, keepDigits) : JSON.parse(text);
  } catch (error) {
    throw new Rejected(`${address} gave a page that is no JSON: ${(error as Error).message}.`, { cause: error });
  }
}

/** The list of a page. Throws `Rejected` where there is none. */
export function listIn(value: unknown, pointer: string, address: string): readonly unknown[] {
  const items = valueAt(value, pointer);
  if (Array.isArray(items)) return items;
  throw new Rejected(`${address} gave a page without a list at "${pointer}": expected "items" to lead to one.`);
}

/** Where the next page is; undefined after the last one. `done` counts this page too. */
export function nextPage(
  url: URL,
  answer: Answer,
  page: { value: unknown; items: number },
  paging: Paging,
  done: Progress,
): URL | undefined {
  switch (paging.by) {
    case 'link':
      return leading(linkTo(answer.headers['link'], 'next'), url);
    case 'cursor': {
      const cursor = cursorOf(valueAt(page.value, paging.cursor));
      if (cursor === undefined) return undefined;
      return paging.parameter === undefined ? leading(cursor, url) : withParameter(url, paging.parameter, cursor);
    }
    case 'page':
      return isLast(page.items, paging) ? undefined : withParameter(url, paging.parameter, String(paging.first + done.pages));
    case 'offset':
      return isLast(page.items, paging) ? undefined : withParameter(url, paging.parameter, String(paging.first + done.items));
  }
}

function isLast(items: number, { size = 1 }: { readonly size?: number }): boolean {
  return items < size;
}

function leading(target: string | undefined, from: URL): URL | undefined {
  if (target === undefined) return undefined;
  const url = URL.parse(target, from);
  if (!url) throw new Rejected(`The next page is said to be at "${target.slice(0, 200)}", which is no URL.`);
  url.hash = '';
  return url;
}

function cursorOf(value: unknown): string | undefined {
  if (typeof value === 'string') return value === '' ? undefined : value;
  // Numbers, those that keep their digits among them, are written as they came.
  return typeof value === 'number' || JSON.isRawJSON(value) ? JSON.stringify(value) : undefined;
}

function withParameter(url: URL, name: string, value: string): URL {
  const next = new URL(url);
  next.searchParams.set(name, value);
  return next;
}

/** The value at a JSON pointer (RFC 6901): own properties only. */
function valueAt(value: unknown, pointer: string): unknown {
  const names = pointer
    .split('/')
    .slice(1)
    .map((name) => name.replaceAll('~1', '/').replaceAll('~0', '~'));
  return names.reduce<unknown>((at, name) => {
    const isHeld = typeof at === 'object' && at !== null && Object.hasOwn(at, name);
    return isHeld ? (at as Readonly<Record<string, unknown>>)[name] : undefined;
  }, value);
}

function keepDigits(_name: string, value: unknown, context?: { readonly source?: string }): unknown {
  const source = context?.source;
  return typeof value === 'number' && source !== undefined && String(value) !== source ? JSON.rawJSON(source) : value;
}
