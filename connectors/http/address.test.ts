// Refused addresses, however they are written and whatever a name leads to.

import type { LookupAddress, LookupOptions } from 'node:dns';
import { promisify } from 'node:util';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { kindOfAddress } from '@mortise/sdk';
import { guardedLookup, refuseAddress } from './address.ts';

const onPremises = { allowLinkLocal: false, allowPrivate: true };
const refusal = expect.objectContaining({ code: 'MORTISE_HTTP_ADDRESS_REFUSED' }) as Error;

describe('addresses', () => {
  it.each([
    '169.254.169.254',
    '169.254.0.1',
    '::ffff:169.254.169.254',
    '::ffff:a9fe:a9fe',
    '[::ffff:a9fe:a9fe]',
    'fe80::1',
    'fe80::1%eth0',
    'febf:ffff::1',
    'fd00:ec2::254',
    '[fd00:ec2::254]',
    '64:ff9b::a9fe:a9fe',
    '64:ff9b:1::169.254.169.254',
    '2002:a9fe:a9fe::1',
    '::169.254.169.254',
    '::ffff:0:169.254.169.254',
    '100.100.100.200',
    '168.63.129.16',
    '192.0.0.192',
  ])('refuses %s', (address) => {
    expect(() => refuseAddress(address, onPremises)).toThrow(refusal);
  });

  it.each([
    '127.0.0.1',
    '10.0.0.1',
    '192.168.1.1',
    '169.253.255.255',
    '::1',
    'fd00::1',
    'fd00:ec2::253',
    'fec0::1',
    'crm.example',
    '',
  ])('lets %s through', (address) => {
    expect(() => refuseAddress(address, onPremises)).not.toThrow();
  });

  it.each(['http://0xA9FEA9FE/', 'http://2852039166/', 'http://0251.0376.0251.0376/', 'http://169.254.43518/'])(
    'refuses what %s means',
    (url) => {
      expect(() => refuseAddress(new URL(url).hostname, onPremises)).toThrow(refusal);
    },
  );
});

describe('where only public addresses are allowed', () => {
  const rules = { allowLinkLocal: false, allowPrivate: false };
  const refused = [
    '10.1.2.3 172.16.0.1 172.31.255.255 192.168.0.1 100.64.0.1 198.18.0.1 224.0.0.1 255.255.255.255',
    '127.0.0.1 127.255.255.255 0.0.0.0 ::1 :: fc00::1 fdff::1 fec0::1 ff02::1 2001:db8::1',
    '::ffff:10.0.0.1 ::ffff:7f00:1 64:ff9b::7f00:1 2002:a00:1:: ::127.0.0.1 ::ffff:0:192.168.0.1',
  ].flatMap((line) => line.split(' '));

  it.each(refused)('%s is refused', (address) => {
    expect(() => refuseAddress(address, rules)).toThrow(refusal);
    expect(() => refuseAddress(`[${address}]`, rules)).toThrow(refusal);
  });

  it.each(['8.8.8.8', '172.32.0.1', '100.128.0.1', '2606:4700::1111', '64:ff9b::808:808', '2002:808:808::', '::ffff:8.8.8.8'])(
    '%s is let through',
    (address) => {
      expect(() => refuseAddress(address, rules)).not.toThrow();
    },
  );

  it('this machine is, where that is said', () => {
    for (const address of ['127.0.0.1', '::1', '::ffff:127.0.0.1']) {
      expect(() => refuseAddress(address, { ...rules, allowLoopback: true })).not.toThrow();
    }
    expect(() => refuseAddress('10.0.0.1', { ...rules, allowLoopback: true })).toThrow(refusal);
    expect(() => refuseAddress('127.0.0.1', { ...onPremises, allowLoopback: false })).toThrow(refusal);
  });

  it('an IPv4 address is of one kind, however it is put into IPv6', () => {
    fc.assert(
      fc.property(fc.ipV4(), (address) => {
        const [a = 0, b = 0, c = 0, d = 0] = address.split('.').map(Number);
        const hex = `${((a << 8) | b).toString(16)}:${((c << 8) | d).toString(16)}`;
        const kind = kindOfAddress(address);
        for (const inner of [`::ffff:${address}`, `::ffff:${hex}`, `64:ff9b::${hex}`, `2002:${hex}::1`, `::ffff:0:${hex}`]) {
          expect(kindOfAddress(inner)).toBe(kind);
        }
      }),
    );
  });
});

describe('names', () => {
  const lookup = (found: readonly LookupAddress[], options: LookupOptions = {}, error: Error | null = null) => {
    const guarded = guardedLookup(onPremises, (_, __, done) => done(error, [...found]));
    return new Promise<unknown>((resolve, reject) => {
      guarded('crm.example', options, (failure, address, family) => (failure ? reject(failure) : resolve([address, family])));
    });
  };
  const [fine, metadata] = [
    { address: '10.0.0.1', family: 4 },
    { address: '169.254.169.254', family: 4 },
  ];

  it('leads to what it was checked with', async () => {
    expect(await lookup([fine])).toEqual(['10.0.0.1', 4]);
    expect(await lookup([fine], { all: true })).toEqual([[fine], undefined]);
  });

  it('is refused where any of its addresses is', async () => {
    await expect(lookup([fine, metadata], { all: true })).rejects.toThrow(refusal);
    await expect(lookup([metadata])).rejects.toThrow(refusal);
  });

  it('fails as the resolver does', async () => {
    await expect(lookup([], {}, new Error('ENOTFOUND'))).rejects.toThrow('ENOTFOUND');
    await expect(lookup([])).rejects.toThrow('has no address');
  });

  it('is asked of the machine’s resolver', async () => {
    expect(['127.0.0.1', '::1']).toContain(await promisify(guardedLookup(onPremises))('localhost', {}));
  });
});
