// What kind of address one is: link-local or metadata, loopback, private, or public. Pure.

import { BlockList, isIPv6 } from 'node:net';

export type AddressKind = 'link-local or metadata' | 'loopback' | 'private' | 'public';

/** The ranges of each kind; the first kind that fits counts. IANA's registries of special addresses, and vendors' manuals. */
const ranges: readonly (readonly [AddressKind, string])[] = [
  ['link-local or metadata', '169.254.0.0/16 fe80::/10'],
  // The metadata services of AWS, Alibaba, Azure and Oracle, as far as they are elsewhere.
  ['link-local or metadata', 'fd00:ec2::254/128 100.100.100.200/32 168.63.129.16/32 192.0.0.192/32'],
  // What is sent to the unspecified address arrives at this machine.
  ['loopback', '127.0.0.0/8 0.0.0.0/8 ::1/128 ::/128'],
  ['private', '10.0.0.0/8 172.16.0.0/12 192.168.0.0/16 100.64.0.0/10 fc00::/7 fec0::/10'],
  // For protocols, documentation, benchmarks, multicast and broadcast: no system of others is there.
  ['private', '192.0.0.0/24 192.0.2.0/24 198.18.0.0/15 198.51.100.0/24 203.0.113.0/24 224.0.0.0/4 240.0.0.0/4'],
  ['private', 'ff00::/8 100::/64 2001:db8::/32'],
];

const lists = ranges.map(([kind, subnets]) => [kind, listOf(subnets.split(' '))] as const);

/** The kind of an address. One that holds an IPv4 address, to which it leads, is of that one's kind. */
export function kindOfAddress(address: string): AddressKind {
  const plain = address.replace(/%.*$/, '');
  if (!isIPv6(plain)) return kindIn(plain, 'ipv4');
  const inner = embeddedIpv4(plain);
  const own = kindIn(plain, 'ipv6');
  return own === 'public' && inner !== undefined ? kindIn(inner, 'ipv4') : own;
}

function kindIn(address: string, family: 'ipv4' | 'ipv6'): AddressKind {
  return lists.find(([, list]) => list.check(address, family))?.[0] ?? 'public';
}

/**
 * The IPv4 address within an IPv6 one: mapped (RFC 4291, section 2.5.5.2), compatible (2.5.5.1), translated (RFC 2765), through
 * NAT64 (RFC 6052, RFC 8215), or 6to4 (RFC 3056).
 */
function embeddedIpv4(address: string): string | undefined {
  const groups = groupsOf(address);
  const [first = 0, second = 0, third = 0] = groups;
  const last = dotted(groups[6] ?? 0, groups[7] ?? 0);
  if (first === 0x2002) return dotted(second, third);
  if (first === 0x64 && second === 0xff9b) return last;
  const isZeroTo = (end: number) => groups.slice(0, end).every((group) => group === 0);
  const isMapped = isZeroTo(5) && (groups[5] === 0xffff || groups[5] === 0);
  const isTranslated = isZeroTo(4) && groups[4] === 0xffff && groups[5] === 0;
  return isMapped || isTranslated ? last : undefined;
}

/** The eight groups; a URL writes every IPv6 address in one way. */
function groupsOf(address: string): readonly number[] {
  const written = new URL(`http://[${address}]`).hostname.slice(1, -1);
  const [head = [], tail] = written.split('::').map((part) => part.split(':').filter(Boolean));
  const zeros = tail ? Array.from({ length: 8 - head.length - tail.length }, () => '0') : [];
  return [...head, ...zeros, ...(tail ?? [])].map((group) => Number.parseInt(group, 16));
}

function dotted(high: number, low: number): string {
  return [high >> 8, high & 255, low >> 8, low & 255].join('.');
}

function listOf(subnets: readonly string[]): BlockList {
  const list = new BlockList();
  for (const subnet of subnets) {
    const [address = '', bits] = subnet.split('/');
    list.addSubnet(address, Number(bits), isIPv6(address) ? 'ipv6' : 'ipv4');
  }
  return list;
}
