// Whatever is done to the entries of an audit up to a checkpoint is found: a thousand ways, and those of somebody who knows how it works.

import { generateKeyPairSync } from 'node:crypto';
import fc from 'fast-check';
import { beforeAll, describe, expect, it } from 'vitest';
import { Audit } from './audit.ts';
import { hashOf, verifyAudit } from './audit-chain.ts';
import type { AuditEntry, Checkpoint } from './audit-chain.ts';
import { openAccessDatabase } from './database.ts';
import { openSigningKey } from './signing-key.ts';

const count = 40;
const signed = 30;
let lines: readonly string[];
let checkpoint: Checkpoint;
let key: string;

beforeAll(() => {
  const signing = openSigningKey(':memory:');
  const audit = new Audit(openAccessDatabase(':memory:'), signing, () => 0);
  for (let n = 1; n <= count; n++) {
    audit.add({ who: n % 3 === 0 ? 'ann' : 'bob', action: 'discardDelivery', about: { id: `d${n}` } }, { result: 'done' });
    if (n === signed) checkpoint = audit.checkpoint() as Checkpoint;
  }
  lines = [...audit.lines()];
  key = signing.publicKey;
});

const findingsIn = async (changed: readonly string[], given = checkpoint) => (await verifyAudit(changed, given, key)).findings;

/** The entries from there on are written anew, each with the hash of the one before: as somebody would who knows the chain. */
function chainedAnew(changed: readonly string[]): readonly string[] {
  let previous = '0'.repeat(64);
  return changed.map((line, index) => {
    const entry = { ...(JSON.parse(line) as AuditEntry), n: index + 1, previous };
    const text = JSON.stringify(entry);
    previous = hashOf(text);
    return text;
  });
}

const place = fc.integer({ min: 0, max: signed - 1 });
const tampering = fc.oneof(
  fc.record({
    kind: fc.constant('letter' as const),
    at: place,
    offset: fc.nat(),
    letter: fc.string({ minLength: 1, maxLength: 1 }),
  }),
  fc.record({ kind: fc.constant('take out' as const), at: place, length: fc.integer({ min: 1, max: 5 }) }),
  fc.record({ kind: fc.constant('swap' as const), at: place, other: place }),
  fc.record({ kind: fc.constant('repeat' as const), at: place, other: place }),
  fc.record({ kind: fc.constant('cut off' as const), at: place }),
  fc.record({ kind: fc.constant('blame' as const), at: place, who: fc.constantFrom('eve', 'ann', 'bob', 'local') }),
);
type Tampering = typeof tampering extends fc.Arbitrary<infer Value> ? Value : never;

function tampered(how: Tampering): readonly string[] {
  const [line = '', head, tail] = [lines[how.at], lines.slice(0, how.at), lines.slice(how.at + 1)];
  switch (how.kind) {
    case 'letter': {
      const offset = how.offset % line.length;
      return [...head, line.slice(0, offset) + how.letter + line.slice(offset + 1), ...tail];
    }
    case 'take out':
      return [...head, ...lines.slice(how.at + how.length)];
    case 'swap':
      return lines.map((one, index) => (index === how.at ? lines[how.other] : index === how.other ? line : one) ?? '');
    case 'repeat':
      return [...lines.slice(0, how.other), line, ...lines.slice(how.other)];
    case 'cut off':
      return head;
    case 'blame':
      return [...head, line.replace(/"who":"\w+"/, `"who":"${how.who}"`), ...tail];
  }
}

describe('an audit', () => {
  it('verifies as it was written, and says what the checkpoint does not cover', async () => {
    expect(await verifyAudit(lines, checkpoint, key)).toEqual({ findings: [], entries: count, behind: count - signed });
    expect(await findingsIn(lines.slice(0, signed))).toEqual([]);
  });

  it('is found changed, in a thousand ways', async () => {
    const checked = await fc.check(
      fc.asyncProperty(tampering, async (how) => {
        const changed = tampered(how);
        fc.pre(changed.join('\n') !== lines.join('\n'));
        return (await findingsIn(changed)).length > 0;
      }),
      { numRuns: 1000 },
    );
    expect(checked).toMatchObject({ failed: false, numRuns: 1000 });
  });

  it('is found changed where all that follows was chained anew', async () => {
    const checked = await fc.check(
      fc.asyncProperty(tampering, async (how) => {
        fc.pre(how.kind !== 'letter');
        const changed = chainedAnew(tampered(how));
        // What is behind the checkpoint is not covered by it.
        fc.pre(changed.slice(0, signed).join('\n') !== lines.slice(0, signed).join('\n'));
        return (await findingsIn(changed)).length > 0;
      }),
      { numRuns: 300 },
    );
    expect(checked).toMatchObject({ failed: false, numRuns: 300 });
  });

  it('is not believed with a checkpoint that was changed, or signed by another', async () => {
    const forged = chainedAnew(lines.with(4, (lines[4] ?? '').replace('bob', 'eve')));
    const hash = hashOf(forged[signed - 1] ?? '');
    expect(await findingsIn(forged, { ...checkpoint, hash })).toEqual([expect.stringContaining('not signed')]);
    expect(await findingsIn(lines, { ...checkpoint, n: signed + 1 })).not.toEqual([]);
    expect(await findingsIn(lines, { ...checkpoint, signature: '' })).not.toEqual([]);
    const other = generateKeyPairSync('ed25519').publicKey.export({ type: 'spki', format: 'pem' }).toString();
    expect((await verifyAudit(lines, checkpoint, other)).findings).toHaveLength(1);
    expect((await verifyAudit(lines, checkpoint, 'no key')).findings).toHaveLength(1);
  });
});
