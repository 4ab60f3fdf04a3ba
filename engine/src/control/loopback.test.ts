// Which addresses the control listener may have.

import { describe, expect, it } from 'vitest';
import { isLoopback, refuseUnlessLoopback } from './loopback.ts';

describe('the control listener', () => {
  it.each(['127.0.0.1', '127.1.2.3', 'localhost', 'LOCALHOST', '::1', '[::1]', '0:0:0:0:0:0:0:1'])('may be at %s', (host) => {
    expect(isLoopback(host)).toBe(true);
  });

  it.each([
    '0.0.0.0',
    '::',
    '10.0.0.1',
    '127.0.0.1.evil.example',
    'localhost.evil.example',
    '::ffff:10.0.0.1',
    '1::1',
    '',
    '2130706433',
    '128.0.0.1',
  ])('may not be at "%s"', (host) => {
    expect(isLoopback(host)).toBe(false);
    expect(() => refuseUnlessLoopback({ host, port: 80 })).toThrow(expect.objectContaining({ code: 'MORTISE_ENGINE_ADDRESS' }));
  });
});
