// Bytes that are refused, with the place of the fault, and values that cannot be written; short messages to make them of.

import type { InvalidSample, UnwritableSample } from '@mortise/sdk/testing';

/** Segments of a message whose header is as short as can be. */
export const head = 'MSH|^~\\&|A|B\r';
export const header = { segment: 'MSH', sendingApplication: { namespaceId: 'A' }, sendingFacility: { namespaceId: 'B' } };
export const syntax = { delimiters: '|^~\\&', terminator: 'cr' };
export const message = (...segments: readonly unknown[]): unknown => ({ segments: [header, ...segments], syntax });
export const note = (comment: string): unknown => ({ segment: 'NTE', comment: [comment] });

export const invalid: readonly InvalidSample[] = [
  {
    name: 'no message',
    bytes: `hello|world\r${head}`,
    code: 'MORTISE_FORMAT_SYNTAX',
    position: { offsetBytes: 0, line: 1, record: 1 },
    values: [message()],
    raw: 'hello|world\r',
  },
  {
    name: 'delimiters that cannot be any',
    bytes: `${head}MSH||||A\rEVN|A01\r${head}`,
    code: 'MORTISE_FORMAT_SYNTAX',
    position: { offsetBytes: 13, line: 2, record: 2, segment: 'MSH', field: '2' },
    values: [message(), message()],
    raw: 'MSH||||A\rEVN|A01\r',
  },
  {
    name: 'a header without fields',
    bytes: `MSH|^~\\&\r${head}`,
    code: 'MORTISE_FORMAT_SYNTAX',
    position: { offsetBytes: 0, line: 1, record: 1, segment: 'MSH', field: '3' },
    values: [message()],
  },
  {
    name: 'a header without fields, and with blank lines',
    bytes: `MSH|^~\r\u000b\r${head}`,
    code: 'MORTISE_FORMAT_SYNTAX',
    position: { offsetBytes: 0, line: 1, record: 1, segment: 'MSH', field: '3' },
    values: [message()],
  },
  {
    name: 'a line that is no segment',
    bytes: `${head}NTE|||ü\nand so on\r${head}`,
    code: 'MORTISE_FORMAT_SYNTAX',
    position: { offsetBytes: 22, line: 3, record: 1 },
    values: [message()],
  },
  {
    name: 'the whole file for one message',
    options: { refuse: 'file' },
    bytes: `${head}MSH|^~\r${head}`,
    code: 'MORTISE_FORMAT_SYNTAX',
    position: { offsetBytes: 13, line: 2, record: 2, segment: 'MSH', field: '3' },
  },
  {
    name: 'bytes that are no UTF-8',
    bytes: Buffer.from(`${head}${head}NTE|||M\xfcller\r${head}`, 'latin1'),
    code: 'MORTISE_FORMAT_ENCODING',
    position: { offsetBytes: 33, line: 2, record: 2 },
    values: [message(), message()],
  },
  {
    name: 'an unknown character set, and characters in it',
    bytes: 'MSH|^~\\&|ü|||||||||||||||KLINGON\r',
    code: 'MORTISE_FORMAT_ENCODING',
    position: { offsetBytes: 0, line: 1, record: 1, segment: 'MSH', field: '18' },
    values: [],
  },
  {
    name: 'bytes that are no ISO 2022',
    bytes: 'MSH|^~\\&|\u001b$Bü|||||||||||||||ISO IR87\r',
    code: 'MORTISE_FORMAT_ENCODING',
    position: { offsetBytes: 0, line: 1, record: 1 },
    values: [],
  },
  {
    name: 'a message too long',
    options: { messageBytesMax: '20B' },
    bytes: `${head}MSH|^~\\&|A|B|LONGER THAN THAT\rEVN|A01\r${head}`,
    code: 'MORTISE_FORMAT_LIMIT',
    position: { offsetBytes: 13, line: 2, record: 2 },
    values: [message(), message()],
    raw: 'MSH|^~\\&|A|B|LONGER ',
  },
  {
    name: 'too many delimiters',
    options: { elementsMax: 10 },
    bytes: `${head}MSH|^~\\&|||||||||||A\r${head}`,
    code: 'MORTISE_FORMAT_LIMIT',
    position: { offsetBytes: 13, line: 2, record: 2 },
    values: [message(), message()],
  },
  {
    name: 'a batch of another number of messages',
    bytes: `BHS|^~\\&|B\r${head}BTS|2\r`,
    code: 'MORTISE_HL7_COUNT',
    position: { offsetBytes: 24, line: 3, segment: 'BTS', field: '1' },
    values: [
      {
        ...Object(message()),
        envelope: { batch: { ...batchPart(1, 'B'), trailer: { segment: 'BTS', batchMessageCount: '2' } } },
      },
    ],
    raw: 'BTS|2\r',
  },
  {
    name: 'a file of another number of batches',
    bytes: `FHS|^~\\&|F\rBHS|^~\\&|B\r${head}BTS|1\rFTS|7\r`,
    code: 'MORTISE_HL7_COUNT',
    position: { offsetBytes: 41, line: 5, segment: 'FTS', field: '1' },
    values: [
      {
        ...Object(message()),
        envelope: {
          file: { ...filePart(), trailer: { segment: 'FTS', fileBatchCount: '7' } },
          batch: { ...batchPart(1, 'B'), trailer: { segment: 'BTS', batchMessageCount: '1' } },
        },
      },
    ],
  },
  {
    name: 'a segment behind a batch header',
    bytes: `BHS|^~\\&|B\rPID|1\r${head}`,
    code: 'MORTISE_FORMAT_SYNTAX',
    position: { offsetBytes: 0, line: 1, segment: 'BHS' },
    values: [message()],
  },
];

export const unwritable: readonly UnwritableSample[] = [
  { name: 'no message', values: [{ name: 'x' }], says: /array of "segments"/ },
  { name: 'no header', values: [{ segments: [{ segment: 'PID' }] }], says: /PID as its segment 1; expected MSH/ },
  { name: 'an empty header', values: [{ segments: [{ segment: 'MSH' }] }], says: /empty MSH/ },
  { name: 'a header further down', values: [message({ segment: 'BTS' })], says: /BTS as its segment 2/ },
  { name: 'no name', values: [message({ segment: 'pid' })], says: /"pid" as its "segment"/ },
  {
    name: 'an unknown field',
    values: [message({ segment: 'PID', name: 'x' })],
    says: /PID has "name", which is no field of it; expected setId/,
  },
  {
    name: 'an unknown component',
    values: [message({ segment: 'PV1', visitNumber: { id: 1 } })],
    says: /PV1-19 \(visitNumber\) has "id".*CX; expected idNumber/,
  },
  {
    name: 'an unknown segment by name',
    values: [message({ segment: 'ZDS', name: 'x' })],
    says: /expected all its fields among the positions/,
  },
  {
    name: 'a position that is none',
    values: [message({ segment: 'ZDS', positions: { f0: 'x' } })],
    says: /"f0" among its positions/,
  },
  { name: 'a position far away', values: [message({ segment: 'ZDS', positions: { f10001: 'x' } })], says: /"f10001"/ },
  {
    name: 'a field twice',
    values: [message({ segment: 'PID', setId: '1', positions: { f1: '2' } })],
    says: /position 1 twice/,
  },
  {
    name: 'an array of what does not repeat',
    values: [message({ segment: 'PID', setId: ['1', '2'] })],
    says: /does not repeat/,
  },
  { name: 'delimiters as fields', values: [message({ segment: 'MSH', fieldSeparator: '|' })], says: /MSH as its segment 2/ },
  {
    name: 'delimiters of a header as fields',
    values: [{ segments: [{ segment: 'MSH', fieldSeparator: '|' }] }],
    says: /expected them in the syntax/,
  },
  {
    name: 'an object as a text',
    values: [message({ segment: 'PID', setId: { a: 1 } })],
    says: /PID-1 \(setId\) has a value of type object/,
  },
  {
    name: 'delimiters that cannot be any',
    values: [{ segments: [header], syntax: { delimiters: 'aaa' } }],
    says: /"aaa" as "delimiters"/,
  },
  {
    name: 'an unknown terminator',
    values: [{ segments: [header], syntax: { terminator: 'cr lf' } }],
    says: /"cr lf" as "terminator"/,
  },
  { name: 'too many empty fields', values: [message({ segment: 'PID', emptyFields: 1e9 })], says: /"emptyFields"/ },
  {
    name: 'an envelope that is none',
    values: [{ segments: [header], envelope: { batch: 'x' } }],
    says: /"x" as the batch of its envelope/,
  },
  {
    name: 'a delimiter, and no escape character',
    values: [{ segments: [header, note('a|b')], syntax: { delimiters: '|^~' } }],
    says: /"a\|b"; the delimiters "\|\^~" have no escape character/,
  },
  {
    name: 'a repetition, and no delimiter for it',
    values: [{ segments: [{ segment: 'MSH', positions: { f40: ['a', 'b'] } }], syntax: { delimiters: '|^' } }],
    says: /is repeated/,
  },
  {
    name: 'a character that the declared set has not',
    values: [{ segments: [{ segment: 'MSH', characterSet: ['8859/1'] }, note('山')] }],
    says: /U\+5C71.*latin1/,
  },
  {
    name: 'a character that Japanese has not',
    values: [{ segments: [{ segment: 'MSH', characterSet: ['', 'ISO IR87'] }, note('é😀')] }],
    says: /iso-2022-jp cannot write/,
  },
];

export function filePart(): object {
  return { number: 1, delimiters: '|^~\\&', header: { segment: 'FHS', fileSendingApplication: { namespaceId: 'F' } } };
}

export function batchPart(number: number, name: string): object {
  return { number, delimiters: '|^~\\&', header: { segment: 'BHS', batchSendingApplication: { namespaceId: name } } };
}
