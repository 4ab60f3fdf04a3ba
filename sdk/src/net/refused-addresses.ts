// Which addresses are not asked unless that is said: link-local ones and those of cloud metadata services, however written.

import { BlockList, isIP } from 'node:net';

/** `BlockList` sees through IPv4 addresses that are mapped into IPv6, `::ffff:169.254.169.254`. */
const refused = new BlockList();
refused.addSubnet('169.254.0.0', 16, 'ipv4');
refused.addSubnet('fe80::', 10, 'ipv6');
refused.addAddress('fd00:ec2::254', 'ipv6');
// The same through a NAT64 gateway (RFC 6052, the well-known prefix).
refused.addSubnet('64:ff9b::a9fe:0', 112, 'ipv6');

/** Whether `host`, with or without brackets, is such an address. A name is none: what it leads to has to be looked at too. */
export function isRefusedAddress(host: string): boolean {
  const address = host.replace(/^\[|\]$/g, '');
  const family = isIP(address);
  return family !== 0 && refused.check(address, family === 6 ? 'ipv6' : 'ipv4');
}
