// CONTRL: what is wrong in an interchange is told by code and place, and nothing that answers is answered.

import { describe, expect, it } from 'vitest';
import { bound, decoded } from './bound.fixture.ts';
import { encoder } from './encode.ts';
import { interchangeOf, orders } from './samples.fixture.ts';

type Segments = readonly string[];

/** The answer to an interchange, as segments without terminators; and whether it is accepted. */
function answerTo(text: string, options: Readonly<Record<string, unknown>> = {}): { segments: Segments; accepted: unknown } {
  const { values } = decoded(text, { acknowledge: true, ...options });
  const answer = values.at(-1) as { acknowledges: { accepted: unknown }; message: { type: string } };
  expect(answer.message.type).toBe('CONTRL');
  const written = Buffer.from(encoder.encodeWhole([answer], bound({ acknowledge: true, ...options }))).toString();
  // What is sent has to be sound itself, but for what it repeats of a header that was not.
  const { problems } = decoded(written, { check: 'codes', messages: ['CONTRL'] });
  expect(problems.filter(() => !written.includes('ORDERS::'))).toEqual([]);
  return { segments: written.split("'\n").slice(1), accepted: answer.acknowledges.accepted };
}

const envelope = 'UCI+4711+5412345000013:14+4012345500004:14';
const ucm = 'UCM+1+ORDERS:D:96A:UN:EAN008+4';

/** The segments of the answer between UNH and UNT. */
function found(message: Segments, options = {}, version = '3'): Segments {
  return answerTo(interchangeOf([message], version), options).segments.slice(2, -3);
}

function change(segments: Segments, at: number, count: number, ...inserted: string[]): Segments {
  return segments.toSpliced(at, count, ...inserted);
}

/** With a UNT that counts right. */
function counted(segments: Segments): Segments {
  const reference = segments[0]?.split('+')[1] ?? '';
  return [...segments.slice(0, -1), `UNT+${segments.length}+${reference}`];
}

describe('an interchange without faults', () => {
  it('is acknowledged, with sender and recipient changed', () => {
    const { segments, accepted } = answerTo(interchangeOf([orders(1, 2), orders(2, 1)]));
    expect(segments).toEqual([
      'UNB+UNOC:3+4012345500004:14+5412345000013:14+261126:1421+4711',
      'UNH+1+CONTRL:D:3:UN',
      `${envelope}+7`,
      'UNT+3+1',
      'UNZ+1+4711',
      '',
    ]);
    expect(accepted).toBe(true);
  });

  it('of version 4 is answered by version 4', () => {
    expect(answerTo(interchangeOf([orders(1, 1)], '4')).segments[1]).toBe('UNH+1+CONTRL:4:1:UN');
  });

  it('is answered in the shape that was asked for', () => {
    expect(answerTo(interchangeOf([orders(1, 1)]), { shape: 'groups' }).segments[2]).toBe(`${envelope}+7`);
  });
});

const good = orders(1, 2);
const place = (tag: string): number => good.findIndex((segment) => segment.startsWith(tag));

describe('a fault in a message', () => {
  it.each<[string, Segments, Segments]>([
    ['a segment left out', counted(change(good, place('BGM'), 1)), ['UCS+1+13']],
    ['a segment left out, and counted still', change(good, place('BGM'), 1), [`${ucm}+29+UNT+2`, 'UCS+1+13']],
    ['a mandatory section left out', counted(change(good, place('UNS'), 1)), ['UCS+18+13']],
    ['two segments swapped', counted(change(good, 1, 2, good[2] ?? '', good[1] ?? '')), ['UCS+1+13', 'UCS+3+15']],
    [
      'the number of a line and a date swapped',
      counted(change(good, place('UNS'), 2, good.at(-2) ?? '', 'UNS+S')),
      ['UCS+18+13', 'UCS+20+15'],
    ],
    ['a segment that the message has not', counted(change(good, place('CUX'), 0, 'STS+1')), ['UCS+8+15']],
    [
      'a segment too often',
      counted(change(good, place('CUX'), 1, 'CUX+2:EUR:9', ...Array.from({ length: 5 }, () => 'CUX+2:EUR:9'))),
      ['UCS+13+36'],
    ],
    ['a text too long', change(good, place('BGM'), 1, `BGM+220+${'9'.repeat(36)}+9`), ['UCS+2', 'UCD+39+3']],
    ['a component too long', change(good, place('LIN'), 1, `LIN+1++${'5'.repeat(36)}:EN`), ['UCS+9', 'UCD+39+4:1']],
    ['a code that there is not', change(good, place('NAD'), 1, 'NAD+QQQ+5412345000013::9'), ['UCS+6', 'UCD+12+2']],
    ['a code that there is not, in a composite', change(good, place('QTY'), 1, 'QTY+ZZ9:5:PCE'), ['UCS+11', 'UCD+12+2:1']],
    ['an element left out', change(good, place('NAD'), 1, 'NAD++5412345000013::9'), ['UCS+6', 'UCD+13+2']],
    ['a component left out', change(good, place('DTM'), 1, 'DTM+:20261126:102'), ['UCS+3', 'UCD+13+2:1']],
    ['letters in a number', change(good, place('QTY'), 1, 'QTY+21:five:PCE'), ['UCS+11', 'UCD+37+2:2']],
    ['a number without a digit before its mark', change(good, place('QTY'), 1, 'QTY+21:.5:PCE'), ['UCS+11', 'UCD+38+2:2']],
    ['two decimal marks', change(good, place('QTY'), 1, 'QTY+21:1.5.2:PCE'), ['UCS+11', 'UCD+19+2:2']],
    ['an element too many', change(good, place('BGM'), 1, 'BGM+220+PO17+9++x'), ['UCS+2+16']],
    ['a component too many', change(good, place('RFF+CT'), 1, 'RFF+CT:1:2:3:4:5'), ['UCS+4', 'UCD+16+2']],
    ['a wrong count', change(good, -1, 1, 'UNT+99+1'), [`${ucm}+29+UNT+2`]],
    ['a wrong reference', change(good, -1, 1, `UNT+${good.length}+7`), [`${ucm}+28+UNT+3`]],
    ['no UNT', good.slice(0, -1), [`${ucm}+13+UNT`]],
    ['no version in UNH', change(good, 0, 1, 'UNH+1+ORDERS::96A:UN'), ['UCM+1+ORDERS::96A:UN+4+13+UNH+3:2']],
  ])('%s', (_what, message, expected) => {
    const whole = expected[0]?.startsWith('UCM') ? expected : [ucm, ...expected];
    expect(found(message)).toEqual([`${envelope}+7`, ...whole]);
  });

  it('a message that is not expected is told by its type', () => {
    expect(found(good, { messages: ['INVOIC'] })).toEqual([`${envelope}+7`, `${ucm}+14+UNH+3:1`]);
  });

  it('other messages are acknowledged', () => {
    const { segments, accepted } = answerTo(interchangeOf([orders(1, 1), change(orders(2, 1), -1, 1, 'UNT+1+2'), orders(3, 1)]));
    expect(segments.slice(2, -3)).toEqual([`${envelope}+7`, 'UCM+2+ORDERS:D:96A:UN:EAN008+4+29+UNT+2']);
    expect(accepted).toBe(false);
  });

  it('of version 4 has the codes of version 4', () => {
    const message = change(good, place('QTY'), 1, 'QTY+21:.5:PCE');
    expect(found(message, {}, '4').slice(2)).toEqual(['UCS+11', 'UCD+37+2:2']);
  });

  it('of version 4 names the repetition', () => {
    const message = change(good, place('QTY'), 1, 'QTY+21:5:PCE*22:x:PCE');
    expect(found(message, {}, '4').slice(2)).toEqual(['UCS+11', 'UCD+35+2', 'UCD+37+2:2:2']);
  });
});

describe('a fault of the envelope', () => {
  const text = interchangeOf([good]);

  it.each<[string, string, string]>([
    ['a wrong count', text.replace('UNZ+1', 'UNZ+2'), '+4+29+UNZ+2'],
    ['a wrong reference', text.replace('UNZ+1+4711', 'UNZ+1+4712'), '+4+28+UNZ+3'],
    ['no UNZ', text.replace("UNZ+1+4711'\n", ''), '+4+13+UNZ'],
    ['no time', text.replace('261126:1421', '261126'), '+4+13+UNB+5:2'],
    ['a version that there is not', text.replace('UNOC:3', 'UNOC:7'), '+4+2+UNB+2:2'],
    ['a segment outside of messages', text.replace('UNZ+1', "XYZ'\nUNZ+1"), '+4+33'],
    ['no message', interchangeOf([]), '+4+32+UNZ'],
  ])('%s', (_what, interchange, expected) => {
    expect(answerTo(interchange).segments[2]).toBe(`${envelope}${expected}`);
  });

  it('of a group is told by its group', () => {
    const group = (reference: string, count: number) => [
      'UNG+ORDERS+A+B+261126:1421+' + reference + '+UN+D:96A',
      ...orders(1, 1),
      `UNE+${count}+${reference}`,
    ];
    const { segments } = answerTo(interchangeOf([group('G1', 1), group('G2', 2)]));
    expect(segments.slice(2, -3)).toEqual([`${envelope}+7`, 'UCF+G2+A+B+4+29+UNE+2']);
  });
});

describe('what is not answered', () => {
  const text = interchangeOf([good]);

  it('an answer', () => {
    const answer = answerTo(text).segments.join("'\n");
    expect(decoded(answer, { acknowledge: true }).values).toHaveLength(1);
    expect(decoded(answer.replace('UNT+3', 'UNT+4'), { acknowledge: true })).toMatchObject({ values: [], problems: [{}] });
  });

  it('what nobody asks to be answered', () => {
    expect(decoded(text, { acknowledge: 'requested' }).values).toHaveLength(1);
    expect(decoded(text.replace("+4711'", "+4711++++1'"), { acknowledge: 'requested' }).values).toHaveLength(2);
  });

  it.each([
    ['sender', '5412345000013:14'],
    ['reference', '4711'],
  ])('an interchange without its %s', (_what, part) => {
    expect(decoded(text.replace(part, ''), { acknowledge: true, faults: 'keep' }).values).toHaveLength(1);
  });

  it('a message without an interchange', () => {
    expect(decoded(`${good.join("'")}'`, { acknowledge: true }).values).toHaveLength(1);
  });
});
