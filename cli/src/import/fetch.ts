// Gets a description from a file or by HTTP: of limited size, in limited time, and never from an address that is refused.

import { lookup } from 'node:dns';
import { once } from 'node:events';
import { stat, readFile } from 'node:fs/promises';
import { request as httpRequest } from 'node:http';
import type { IncomingMessage } from 'node:http';
import { request as httpsRequest } from 'node:https';
import type { LookupFunction } from 'node:net';
import { isRefusedAddress } from '@mortise/sdk';
import { importError } from './errors.ts';

export interface Limits {
  readonly bytesMax: number;
  readonly timeoutMs: number;
}

/** The largest descriptions that are known have 15 MB. */
export const limitsDefault: Limits = { bytesMax: 64 * 1024 ** 2, timeoutMs: 60_000 };
const redirectsMax = 3;

export interface Fetched {
  readonly bytes: Uint8Array;
  /** The URL that it came from in the end, where it was fetched; without credentials and query, which may be secret. */
  readonly base?: string;
}

/** Throws MORTISE_IMPORT_FETCH, MORTISE_IMPORT_UNREADABLE, or the error of the file system. */
export async function openDescription(place: string, limits: Limits = limitsDefault): Promise<Fetched> {
  if (/^https?:\/\//i.test(place)) return fetchDescription(place, limits);
  const { size } = await stat(place);
  if (size > limits.bytesMax) throw tooLong(place, limits);
  return { bytes: await readFile(place) };
}

async function fetchDescription(place: string, limits: Limits): Promise<Fetched> {
  const signal = AbortSignal.timeout(limits.timeoutMs);
  let url = urlOf(place);
  for (let hops = 0; hops <= redirectsMax; hops++) {
    const response = await ask(url, signal);
    const { statusCode = 0, headers } = response;
    if (statusCode === 200) return { bytes: await bytesOf(response, url, limits), base: `${url.origin}${url.pathname}` };
    response.destroy();
    if (statusCode < 300 || statusCode > 399 || headers.location === undefined)
      throw failed(url, `it answered HTTP ${statusCode}`);
    url = urlOf(headers.location, url);
  }
  throw failed(url, `it was redirected more than ${redirectsMax} times`);
}

function urlOf(text: string, base?: URL): URL {
  const url = URL.parse(text, base?.href);
  if (url && /^https?:$/.test(url.protocol)) return url;
  throw importError('MORTISE_IMPORT_FETCH', `"${text}" is no address of HTTP.`);
}

async function ask(url: URL, signal: AbortSignal): Promise<IncomingMessage> {
  if (isRefusedAddress(url.hostname)) throw refusedError(url);
  const request = url.protocol === 'https:' ? httpsRequest : httpRequest;
  try {
    const asking = request(url, {
      agent: false,
      signal,
      lookup: guardedLookup,
      headers: { accept: 'application/json, application/yaml, */*' },
    });
    asking.end();
    const [response] = (await once(asking, 'response')) as [IncomingMessage];
    return response;
  } catch (error) {
    throw failed(url, error instanceof Error ? error.message : String(error), error);
  }
}

/** The connection is made to the very addresses that were looked at. */
const guardedLookup: LookupFunction = (name, options, done) => {
  lookup(name, { ...options, all: true }, (error, found) => {
    const bad = found?.find(({ address }) => isRefusedAddress(address));
    const [first] = found ?? [];
    if (error || bad || !first)
      done(error ?? new Error(bad ? `${name} leads to ${bad.address}, which is link-local` : `${name} has no address`), '', 0);
    else if (options.all) done(null, found);
    else done(null, first.address, first.family);
  });
};

async function bytesOf(response: IncomingMessage, url: URL, limits: Limits): Promise<Uint8Array> {
  const chunks: Buffer[] = [];
  let bytes = 0;
  try {
    for await (const chunk of response as AsyncIterable<Buffer>) {
      bytes += chunk.length;
      if (bytes > limits.bytesMax) break;
      chunks.push(chunk);
    }
  } catch (error) {
    throw failed(url, error instanceof Error ? error.message : String(error), error);
  }
  if (bytes > limits.bytesMax) throw tooLong(url.href, limits);
  return Buffer.concat(chunks);
}

function refusedError(url: URL): Error {
  return failed(url, 'link-local and metadata addresses are not asked');
}

function failed(url: URL, reason: string, cause?: unknown): Error {
  return importError('MORTISE_IMPORT_FETCH', `${url.origin}${url.pathname} was not fetched: ${reason}.`, { cause });
}

function tooLong(place: string, { bytesMax }: Limits): Error {
  return importError('MORTISE_IMPORT_UNREADABLE', `${place} is longer than ${bytesMax} bytes.`);
}
