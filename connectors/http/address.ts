// Which addresses requests are not sent to: link-local ones and those of cloud metadata services, however written.

import type { LookupAddress, LookupOptions } from 'node:dns';
import { lookup as dnsLookup } from 'node:dns';
import type { LookupFunction } from 'node:net';
import { isRefusedAddress } from '@mortise/sdk';
import { httpError } from './errors.ts';

/** Throws MORTISE_HTTP_ADDRESS_REFUSED where `host` is a refused address; a name is let through, `guardedLookup` sees to it. */
export function refuseAddress(host: string): void {
  const address = host.replace(/^\[|\]$/g, '');
  if (!isRefusedAddress(address)) return;
  throw httpError(
    'MORTISE_HTTP_ADDRESS_REFUSED',
    `Requests are not sent to ${address}: expected no link-local or metadata address.`,
  );
}

/** As `lookup` of node:dns: all addresses of a name. */
export type Resolve = (
  name: string,
  options: LookupOptions & { all: true },
  done: (error: Error | null, found: LookupAddress[]) => void,
) => void;

/**
 * A lookup for `net.connect` that fails where a name leads to a refused address. The connection is made to the very
 * addresses that were checked, so that a name which resolves differently the next time gains nothing.
 */
export function guardedLookup(resolve: Resolve = dnsLookup): LookupFunction {
  return (name, options, done) => {
    resolve(name, { ...options, all: true }, (error, found) => {
      const failure = error ?? refusalOf(found);
      const [first] = found ?? [];
      if (failure || !first) done(failure ?? new Error(`${name} has no address.`), '', 0);
      else if (options.all) done(null, found);
      else done(null, first.address, first.family);
    });
  };
}

function refusalOf(found: readonly LookupAddress[]): Error | undefined {
  try {
    for (const { address } of found) refuseAddress(address);
    return undefined;
  } catch (error) {
    return error as Error;
  }
}
