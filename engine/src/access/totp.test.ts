// Codes of the second factor: those of RFC 6238, each good once.

import { describe, expect, it } from 'vitest';
import { newTotpSecret, totpCode, totpStep, totpUri } from './totp.ts';

/** RFC 6238, appendix B: the secret "12345678901234567890", of its eight digits the last six. */
const secret = 'GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ';

describe('a code', () => {
  it.each([
    [59, '287082'],
    [1_111_111_109, '081804'],
    [1_111_111_111, '050471'],
    [1_234_567_890, '005924'],
    [2_000_000_000, '279037'],
    [20_000_000_000, '353130'],
  ])('is at %i s what RFC 6238 says', (seconds, code) => {
    expect(totpCode(secret, Math.floor(seconds / 30))).toBe(code);
    expect(totpStep(secret, code, seconds * 1000, 0)).toBe(Math.floor(seconds / 30));
  });

  it('is good a step earlier and later, once, and no longer', () => {
    const step = 1000;
    const code = totpCode(secret, step);
    const at = (steps: number): number => (step + steps) * 30_000;
    expect([-2, -1, 0, 1, 2].map((steps) => totpStep(secret, code, at(steps), 0))).toEqual([
      undefined,
      step,
      step,
      step,
      undefined,
    ]);
    expect(totpStep(secret, code, at(0), step)).toBeUndefined();
    for (const wrong of ['', '12345', `${code}0`, `${code} `, 'abcdef'])
      expect(totpStep(secret, wrong, at(0), 0)).toBeUndefined();
  });

  it('is of a secret that is new each time', () => {
    expect(newTotpSecret()).toMatch(/^[A-Z2-7]{32}$/);
    expect(newTotpSecret()).not.toBe(newTotpSecret());
    expect(totpUri(secret, 'ann', 'Mortise acme')).toBe(
      `otpauth://totp/Mortise%20acme:ann?secret=${secret}&issuer=Mortise%20acme`,
    );
  });
});
