// Which addresses are not asked unless that is said: link-local ones and those of cloud metadata services, however written.

import { isIP } from 'node:net';
import { kindOfAddress } from './address-kind.ts';

/** Whether `host`, with or without brackets, is such an address. A name is none: what it leads to has to be looked at too. */
export function isRefusedAddress(host: string): boolean {
  const address = host.replace(/^\[|\]$/g, '');
  return isIP(address) !== 0 && kindOfAddress(address) === 'link-local or metadata';
}
