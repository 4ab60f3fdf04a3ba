// Which addresses requests are not sent to, however they are written, and whatever a name leads to.

import type { LookupAddress, LookupOptions } from 'node:dns';
import { lookup as dnsLookup } from 'node:dns';
import { isIP } from 'node:net';
import type { LookupFunction } from 'node:net';
import { kindOfAddress } from '@mortise/sdk';
import type { AddressKind } from '@mortise/sdk';
import { httpError } from './errors.ts';

/** What a connection says of addresses that are not public. */
export interface AddressRules {
  readonly allowLinkLocal: boolean;
  readonly allowPrivate: boolean;
  /** As `allowPrivate` unless given. */
  readonly allowLoopback?: boolean;
}

/** Throws MORTISE_HTTP_ADDRESS_REFUSED where `host` is a refused address; a name is let through, `guardedLookup` sees to it. */
export function refuseAddress(host: string, rules: AddressRules): void {
  const address = host.replace(/^\[|\]$/g, '');
  if (isIP(address) === 0) return;
  const kind = kindOfAddress(address);
  if (isAllowed(kind, rules)) return;
  throw httpError('MORTISE_HTTP_ADDRESS_REFUSED', `Requests are not sent to ${address}: expected no ${kind} address.`);
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
export function guardedLookup(rules: AddressRules, resolve: Resolve = dnsLookup): LookupFunction {
  return (name, options, done) => {
    resolve(name, { ...options, all: true }, (error, found) => {
      const failure = error ?? refusalOf(found, rules);
      const [first] = found ?? [];
      if (failure || !first) done(failure ?? new Error(`${name} has no address.`), '', 0);
      else if (options.all) done(null, found);
      else done(null, first.address, first.family);
    });
  };
}

function isAllowed(kind: AddressKind, { allowLinkLocal, allowPrivate, allowLoopback = allowPrivate }: AddressRules): boolean {
  const allowed = { 'link-local or metadata': allowLinkLocal, loopback: allowLoopback, private: allowPrivate, public: true };
  return allowed[kind];
}

function refusalOf(found: readonly LookupAddress[], rules: AddressRules): Error | undefined {
  try {
    for (const { address } of found) refuseAddress(address, rules);
    return undefined;
  } catch (error) {
    return error as Error;
  }
}
