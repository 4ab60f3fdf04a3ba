// Notices: whatever an alert is about, a mail's subject is one line, and of very many alerts only some are told.

import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { StoredAlert } from '../access/alert-record.ts';
import { noticeOf, subjectOf, textOf } from './notice.ts';

const rule = { name: 'disk', kind: 'disk', severity: 'critical' as const, description: 'Make room.' };
const place = { project: 'acme', environment: 'production', consoleUrl: 'https://m.example/', nowMs: 1000 };

function alerts(count: number, subject = 'disk', text = 'little is free'): readonly StoredAlert[] {
  const one = { rule: 'disk', kind: 'disk', severity: 'critical', count: 1, text, beganAtMs: 0, seenAtMs: 0 };
  return Array.from({ length: count }, (_, index) => ({ ...one, number: index, subject: `${subject}${index || ''}` }));
}

describe('a notice', () => {
  it('says in its subject where, how bad, about what, and how many more', () => {
    expect(subjectOf(noticeOf('alert.raised', rule, alerts(3), place))).toBe(
      '[acme production] critical: disk: little is free, and 2 more',
    );
    expect(subjectOf(noticeOf('alert.resolved', rule, alerts(1), place))).toBe(
      '[acme production] over: critical: disk: little is free',
    );
  });

  it('tells twenty alerts of however many there are, with the number, the description and the way to the console', () => {
    const notice = noticeOf('alert.raised', rule, alerts(10_000), place);
    expect([notice.alertCount, notice.alerts.length, notice.url]).toEqual([10_000, 20, 'https://m.example/alerts']);
    const text = textOf(notice);
    expect(text.split('\n').length).toBeLessThan(60);
    for (const part of ['and 9980 more', 'Make room.', 'https://m.example/alerts']) expect(text).toContain(part);
  });

  it('has a subject of one line, whatever stands in it', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary' }), fc.string({ unit: 'binary' }), (subject, text) => {
        expect(subjectOf(noticeOf('alert.raised', rule, alerts(1, subject, text), place))).not.toMatch(/\p{Cc}/u);
      }),
    );
  });
});
