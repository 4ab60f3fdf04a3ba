// Acknowledgements: which code, to whom, and whether at all.

import { readFields } from '@mortise/sdk';
import { describe, expect, it } from 'vitest';
import { acknowledge } from './acknowledge.ts';
import type { Outcome } from './acknowledge.ts';
import { decoder } from './decode.ts';
import { encoder } from './encode.ts';
import format from './format.ts';

const options = readFields(format.options, {}).values;
const controlId = 'R1';
const time = '20261126101501';

/** MSH of a message, its version, and what MSH-15 and MSH-16 say. */
function header(version: string, accept = '', application = ''): string {
  return `MSH|^~\\&|ADT1|GHH^1.2^ISO|LAB|KIS|20261126101500||ADT^A01^ADT_A01|00471|P|${version}|||${accept}|${application}`;
}

function acknowledged(bytes: string, outcome: Partial<Outcome>): string | undefined {
  const [decoded] = decoder.decodeWhole(Buffer.from(`${bytes}\r`), options);
  if (!decoded || !('value' in decoded)) throw new Error('That is no message.');
  const reply = acknowledge(decoded.value, { outcome: 'accepted', controlId, time, ...outcome });
  return reply && Buffer.from(encoder.encodeWhole([reply], options)).toString();
}

describe('an acknowledgement of the original mode', () => {
  it('goes back to the sender, with the control id of the message', () => {
    expect(acknowledged(header('2.5.1'), {})).toBe(
      'MSH|^~\\&|LAB|KIS|ADT1|GHH^1.2^ISO|20261126101501||ACK^A01^ACK|R1|P|2.5.1\rMSA|AA|00471\r',
    );
  });

  it.each([
    ['accepted', 'MSA|AA|00471'],
    ['error', 'MSA|AE|00471'],
    ['rejected', 'MSA|AR|00471'],
  ] as const)('says %s', (outcome, says) => {
    expect(acknowledged(header('2.5.1'), { outcome })).toContain(says);
  });

  it('says where and what in ERR, from 2.5 on', () => {
    const location = { segment: 'PID', field: 8, component: 2 };
    expect(acknowledged(header('2.7'), { outcome: 'error', text: 'No | such sex', errorCode: '103', location })).toContain(
      'MSA|AE|00471\rERR||PID^1^8^^2|103^^HL70357|E||||No \\F\\ such sex\r',
    );
  });

  it('says it in MSA-3 before', () => {
    const said = acknowledged(header('2.3'), { outcome: 'error', text: 'No such sex' });
    expect(said).toContain('|ACK^A01|R1|P|2.3\rMSA|AE|00471|No such sex\r');
    expect(said).not.toContain('ERR');
  });

  it('is written with the delimiters and in the character set of the message', () => {
    const said = acknowledged('MSH#*~\\&#A#B#C#D#1##ADT*A01#7#P#2.5######8859/1', {});
    expect(said).toBe('MSH#*~\\&#C#D#A#B#20261126101501##ACK*A01*ACK#R1#P#2.5######8859/1\rMSA#AA#7\r');
  });
});

describe('an acknowledgement of the enhanced mode', () => {
  it.each([
    ['AL', 'accepted', 'CA'],
    ['AL', 'error', 'CE'],
    ['AL', 'rejected', 'CR'],
    ['NE', 'error', undefined],
    ['ER', 'accepted', undefined],
    ['ER', 'rejected', 'CR'],
    ['SU', 'accepted', 'CA'],
    ['SU', 'error', undefined],
  ] as const)('of acceptance, where MSH-15 is %s: %s gives %s', (condition, outcome, code) => {
    expect(codeIn(acknowledged(header('2.5', condition, 'NE'), { outcome, stage: 'accept' }))).toBe(code);
    expect(codeIn(acknowledged(header('2.5', 'NE', condition), { outcome, stage: 'application' }))).toBe(code?.replace('C', 'A'));
  });

  it('is not given for what was not asked', () => {
    expect(acknowledged(header('2.5', '', 'AL'), { stage: 'accept' })).toBeUndefined();
    expect(acknowledged(header('2.5', 'AL', ''), { stage: 'application' })).toBeUndefined();
  });
});

it('is given for anything at all', () => {
  for (const value of [undefined, null, 'x', {}, { segments: [] }, { segments: [1], syntax: 2 }])
    expect(codeIn(JSON.stringify(acknowledge(value, { outcome: 'rejected', controlId, time })))).toBe('AR');
});

function codeIn(said: string | undefined): string | undefined {
  return said && /MSA\|(\w\w)|"acknowledgmentCode":"(\w\w)"/.exec(said)?.slice(1).find(Boolean);
}
