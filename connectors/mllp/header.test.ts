// The little of HL7 that the connector reads and writes itself.

import fc from 'fast-check';
import { expect, it } from 'vitest';
import { acknowledgementOf, controlIdOf, readAcknowledgement, readHeader } from './header.ts';

const told = { outcome: 'accepted', controlId: 'A1', nowMs: Date.UTC(2026, 10, 26, 9, 15) } as const;
const bytesOf = (text: string): Uint8Array => Buffer.from(text, 'latin1');

it.each([
  ['MSH|^~\\&|A|B|C|D|1||ADT^A01|M1|P|2.5\rPID|x', 'M1'],
  ['MSH#^~\\&#A#B#C#D#1##ADT^A01#M1\n', 'M1'],
  ['MSH|^~\\&|A|B|C|D|1||ADT^A01|M1', 'M1'],
  ['MSH|^~\\&|A', ''],
  ['MSHx', ''],
  ['MSH', ''],
  ['', ''],
  ['FHS|^~\\&|A|B|C|D|1||ADT^A01|M1', ''],
])('finds MSH-10 of %j', (message, controlId) => {
  expect(controlIdOf(readHeader(bytesOf(message)))).toBe(controlId);
});

it('acknowledges in the delimiters, the version and the character set of the message', () => {
  const header = readHeader(bytesOf('MSH#*~\\&#A\xfc#B#C#D#1##ADT*A01#M1#T#2.3######8859/1\rPID'));
  const said = Buffer.from(acknowledgementOf(header, { ...told, outcome: 'error', text: 'a#b*c' }) ?? []).toString('latin1');
  expect(said).toBe('MSH#*~\\&#C#D#A\xfc#B#20261126091500+0000##ACK*A01#A1#T#2.3######8859/1\rMSA#AE#M1#a\\F\\b\\S\\c\r');
});

it('acknowledges what has no header', () => {
  const said = Buffer.from(acknowledgementOf(undefined, { ...told, outcome: 'rejected' }) ?? []).toString();
  expect(said).toBe('MSH|^~\\&|||||20261126091500+0000||ACK|A1|P|2.5\rMSA|AR|\r');
});

it('reads what it wrote, whatever the message', () => {
  const field = fc.string({ unit: fc.constantFrom('a', 'B', '1', '^', '&', 'ü', ' '), maxLength: 5 });
  fc.assert(
    fc.property(fc.array(field, { minLength: 10, maxLength: 16 }), fc.string(), (fields, text) => {
      const header = readHeader(bytesOf(['MSH', '^~\\&', ...fields].join('|')));
      const said = acknowledgementOf(header, { ...told, outcome: 'rejected', text });
      if (!said) throw new Error('An unknown condition is none.');
      expect(readHeader(said)?.fields[9]?.startsWith('ACK')).toBe(true);
      const read = readAcknowledgement(Buffer.from(said));
      expect(Buffer.from(read?.controlId ?? '', 'utf8').length).toBeGreaterThanOrEqual(
        Buffer.from(fields[7] ?? '', 'latin1').length,
      );
      expect(read?.code).toMatch(/^[AC]R$/);
    }),
  );
});

it('survives any bytes', () => {
  fc.assert(
    fc.property(fc.uint8Array({ maxLength: 100 }), (bytes) => {
      readAcknowledgement(Buffer.concat([Buffer.from('MSH|^~\\&|\rMSA|'), bytes]));
      expect(acknowledgementOf(readHeader(bytes), told)).toBeInstanceOf(Uint8Array);
    }),
  );
});
