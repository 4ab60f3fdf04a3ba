// Which addresses nothing is sent to, whatever a name leads to.

import { lookup as dnsLookup } from 'node:dns';
import type { LookupFunction } from 'node:net';
import { isRefusedAddress } from '@mortise/sdk';
import { mllpError } from './errors.ts';

/** Throws MORTISE_MLLP_ADDRESS_REFUSED where `host` is a refused address; a name is let through, `guardedLookup` sees to it. */
export function refuseAddress(host: string): void {
  if (!isRefusedAddress(host)) return;
  throw mllpError(
    'MORTISE_MLLP_ADDRESS_REFUSED',
    `Messages are not sent to ${host}: expected no link-local or metadata address.`,
  );
}

/** A lookup for `net.connect`: the connection is made to the very addresses that were checked. */
export const guardedLookup: LookupFunction = (name, options, done) => {
  dnsLookup(name, { ...options, all: true }, (error, found) => {
    const refused = error ?? refusalOf((found ?? []).map(({ address }) => address));
    const [first] = found ?? [];
    if (refused || !first) done(refused ?? new Error(`${name} has no address.`), '', 0);
    else if (options.all) done(null, found);
    else done(null, first.address, first.family);
  });
};

function refusalOf(addresses: readonly string[]): Error | undefined {
  try {
    for (const address of addresses) refuseAddress(address);
    return undefined;
  } catch (error) {
    return error as Error;
  }
}
