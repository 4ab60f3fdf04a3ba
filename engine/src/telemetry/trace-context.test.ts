// Which trace a message belongs to, for whatever its sender wrote into the headers.

import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { spanIdOf, traceOf, traceParent } from './trace-context.ts';

const root = '01a208b0-c91f-70e4-a590-03aab1d987d1';
const traceId = '4bf92f3577b34da6a3ce929d0e0e4736';
const spanId = '00f067aa0ba902b7';

describe('the trace of a message', () => {
  it('is the sender’s, with its decision and state', () => {
    const headers = { traceparent: `00-${traceId}-${spanId}-01`, tracestate: 'vendor=1' };
    expect(traceOf({ headers, root })).toEqual({ traceId, parent: spanId, isSampled: true, state: 'vendor=1' });
    expect(traceOf({ headers: { traceparent: `00-${traceId}-${spanId}-00` }, root }).isSampled).toBe(false);
    expect(traceOf({ headers: { traceparent: `01-${traceId}-${spanId}-01-more` }, root }).parent).toBe(spanId);
  });

  it.each([
    ['nothing', ''],
    ['version ff', `ff-${traceId}-${spanId}-01`],
    ['a trace of zeros', `00-${'0'.repeat(32)}-${spanId}-01`],
    ['a span of zeros', `00-${traceId}-${'0'.repeat(16)}-01`],
    ['capitals', `00-${traceId.toUpperCase()}-${spanId}-01`],
    ['more than version 00 says', `00-${traceId}-${spanId}-01-more`],
    ['what is too short', `00-${traceId}-${spanId}`],
  ])('is one by the id of its root where the header holds %s', (_what, traceparent) => {
    expect(traceOf({ headers: { traceparent }, root })).toEqual({ traceId: root.replaceAll('-', '') });
  });

  it('is always one that is valid, whatever the header holds; and what is told of it is read back as it was', () => {
    fc.assert(
      fc.property(fc.string(), fc.uuid(), fc.boolean(), (traceparent, id, isSampled) => {
        const own = traceOf({ headers: { traceparent }, root: id });
        expect(own.traceId).toMatch(/^[0-9a-f]{32}$/);
        const span = spanIdOf(id, 1);
        const told = traceOf({ headers: { traceparent: traceParent(own.traceId, span, isSampled) }, root });
        expect(told).toEqual({ traceId: own.traceId, parent: span, isSampled });
      }),
    );
  });

  it('hands on no state that is too long or not printable', () => {
    const traceparent = `00-${traceId}-${spanId}-01`;
    for (const tracestate of ['x'.repeat(513), 'a=\u0000', 'a=\u00fc'])
      expect(traceOf({ headers: { traceparent, tracestate }, root }).state).toBeUndefined();
  });
});
