// Refused addresses, however they are written and whatever a name leads to.

import type { LookupAddress, LookupOptions } from 'node:dns';
import { promisify } from 'node:util';
import { describe, expect, it } from 'vitest';
import { guardedLookup, refuseAddress } from './address.ts';

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
  ])('refuses %s', (address) => {
    expect(() => refuseAddress(address)).toThrow(refusal);
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
    expect(() => refuseAddress(address)).not.toThrow();
  });

  it.each(['http://0xA9FEA9FE/', 'http://2852039166/', 'http://0251.0376.0251.0376/', 'http://169.254.43518/'])(
    'refuses what %s means',
    (url) => {
      expect(() => refuseAddress(new URL(url).hostname)).toThrow(refusal);
    },
  );
});

describe('names', () => {
  const lookup = (found: readonly LookupAddress[], options: LookupOptions = {}, error: Error | null = null) => {
    const guarded = guardedLookup((_, __, done) => done(error, [...found]));
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
    expect(['127.0.0.1', '::1']).toContain(await promisify(guardedLookup())('localhost', {}));
  });
});
