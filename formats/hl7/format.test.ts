// The hl7 format: the kit, what is refused, and laws.

import { readFileSync } from 'node:fs';
import { formatKit } from '@mortise/sdk/testing';
import { Ajv2020 } from 'ajv/dist/2020.js';
import type { ValidateFunction } from 'ajv/dist/2020.js';
import fc from 'fast-check';
import { decoder } from './decode.ts';
import { batchFile, namedMessage, positionedMessage } from './documents.fixture.ts';
import { encoder } from './encode.ts';
import { hl7Error } from './errors.ts';
import format from './format.ts';
import { batchPart, filePart, head, header, invalid, message, note, syntax, unwritable } from './refused.fixture.ts';

const fixture = (name: string): Buffer => readFileSync(new URL(`fixtures/${name}`, import.meta.url));
const validators = new Map<string, ValidateFunction>();

const positioned = { segment: 'MSH', positions: { f3: 'A', f4: 'B' } };

formatKit({
  format,
  decoder,
  encoder,
  errors: hl7Error,
  folder: import.meta.dirname,
  checkSchema: (schema, value) => {
    const name = JSON.stringify(schema);
    const validate = validators.get(name) ?? new Ajv2020({ strict: false, allErrors: true }).compile(schema);
    validators.set(name, validate);
    return validate(value) ? [] : (validate.errors ?? []).map((error) => `${error.instancePath} ${error.message}`);
  },
  samples: [
    {
      name: 'an admission',
      bytes: fixture('adt-a01.hl7'),
      values: [
        {
          segments: [
            {
              segment: 'MSH',
              sendingApplication: { namespaceId: 'ADT1' },
              sendingFacility: { namespaceId: 'GHH' },
              receivingApplication: { namespaceId: 'LAB' },
              receivingFacility: { namespaceId: 'GHH' },
              dateTimeOfMessage: '20261126101500+0100',
              messageType: { messageCode: 'ADT', triggerEvent: 'A01', messageStructure: 'ADT_A01' },
              messageControlId: '00471',
              processingId: { processingId: 'P' },
              versionId: { versionId: '2.5.1' },
              acceptAcknowledgmentType: 'AL',
              applicationAcknowledgmentType: 'NE',
            },
            { segment: 'EVN', eventTypeCode: 'A01', recordedDateTime: '20261126101500+0100' },
            {
              segment: 'PID',
              setId: '1',
              patientIdentifierList: [
                {
                  idNumber: '100200',
                  assigningAuthority: { namespaceId: 'GHH', universalId: '1.2.276.0.76.4.99', universalIdType: 'ISO' },
                  identifierTypeCode: 'MR',
                },
                { idNumber: '900100', assigningAuthority: { namespaceId: 'KVK' }, identifierTypeCode: 'NI' },
              ],
              patientName: [{ familyName: { surname: 'Musterfrau' }, givenName: 'Erika', nameTypeCode: 'L' }],
              dateTimeOfBirth: '19580412',
              administrativeSex: 'F',
              patientAddress: [
                {
                  streetAddress: { streetOrMailingAddress: 'Lindenweg 7' },
                  city: 'Musterstadt',
                  zipOrPostalCode: '12345',
                  country: 'DEU',
                  addressType: 'H',
                },
              ],
              phoneNumberHome: [
                {
                  telecommunicationUseCode: 'PRN',
                  telecommunicationEquipmentType: 'PH',
                  countryCode: '49',
                  areaCityCode: '30',
                  localNumber: '901820',
                },
              ],
            },
            {
              segment: 'PV1',
              setId: '1',
              patientClass: 'I',
              assignedPatientLocation: { pointOfCare: '2W', room: '214', bed: '1', facility: { namespaceId: 'GHH' } },
              attendingDoctor: [{ idNumber: '1234', familyName: { surname: 'Arzt' }, givenName: 'Anna', prefix: 'Dr.' }],
            },
            {
              segment: 'AL1',
              setId: '1',
              allergenTypeCode: { identifier: 'DA' },
              allergenCodeMnemonicDescription: { text: 'Penicillin' },
              allergySeverityCode: null,
            },
          ],
          syntax,
        },
      ],
      positions: [{ offsetBytes: 0, line: 1, record: 1 }],
      regular: true,
    },
    {
      name: 'by position',
      options: { names: false },
      bytes: `${head}ZDS|1^2&3~~4|""|\\T\\\r`,
      values: [
        {
          segments: [
            positioned,
            { segment: 'ZDS', positions: { f1: [{ c1: '1', c2: { s1: '2', s2: '3' } }, '', '4'], f2: null, f3: '&' } },
          ],
          syntax,
        },
      ],
      regular: true,
    },
    {
      name: 'what is not as defined stands by position',
      bytes: `${head}PID|1~2||||Doe&&&&&x^John^^^^^^^^^^^^^^^^^more||1958^D|^^F\r`,
      values: [
        message({
          segment: 'PID',
          positions: { f1: ['1', '2'], f7: { c1: '1958', c2: 'D' }, f8: { c3: 'F' } },
          patientName: [
            { familyName: { surname: 'Doe', positions: { s6: 'x' } }, givenName: 'John', positions: { c19: 'more' } },
          ],
        }),
      ],
      regular: true,
    },
    {
      name: 'an observation is of the type that OBX-2 names',
      bytes: `${head}OBX|1|CE|1^GLU||A^B~C\rOBX|2|NM|||007.10\rOBX|3|XX|||a^b\r`,
      values: [
        message(
          {
            segment: 'OBX',
            setId: '1',
            valueType: 'CE',
            observationIdentifier: { identifier: '1', text: 'GLU' },
            observationValue: [{ identifier: 'A', text: 'B' }, { identifier: 'C' }],
          },
          { segment: 'OBX', setId: '2', valueType: 'NM', observationValue: ['007.10'] },
          { segment: 'OBX', setId: '3', valueType: 'XX', observationValue: [{ c1: 'a', c2: 'b' }] },
        ),
      ],
      regular: true,
    },
    {
      name: 'escape sequences',
      bytes: `${head}NTE|||a\\F\\b\\S\\c\\R\\d\\E\\e\\T\\f\\.br\\g\\X0D\\ \\H\\bold\\N\\ \\.sp2\\\r`,
      values: [message(note('a|b^c~d\\e&f\ng\r \\H\\bold\\N\\ \\.sp2\\'))],
      regular: true,
    },
    {
      name: 'escape sequences that are written in another way',
      bytes: `${head}NTE|||\\X41\\\\Q\\\\P\\\r`,
      values: [
        {
          segments: [header, { segment: 'NTE', comment: ['A\\Q\\#'], irregular: 'NTE|||\\X41\\\\Q\\\\P\\\r' }],
          syntax: { ...syntax, irregular: true },
        },
      ],
      regular: true,
    },
    { name: 'quotes that are a text', values: [message(note('""'))], bytes: `${head}NTE|||\\X2222\\\r`, regular: true },
    {
      name: 'delimiters of the sender, with one for truncation',
      bytes: 'MSH*%$@!#*A\rNTE***a@S@@P@\r',
      values: [
        {
          segments: [{ segment: 'MSH', sendingApplication: { namespaceId: 'A' } }, note('a%#')],
          syntax: { delimiters: '*%$@!#', terminator: 'cr' },
        },
      ],
      regular: true,
    },
    {
      name: 'no more delimiters than are needed',
      bytes: 'MSH|^|A^B\r',
      values: [
        {
          segments: [{ segment: 'MSH', sendingApplication: { namespaceId: 'A', universalId: 'B' } }],
          syntax: { delimiters: '|^', terminator: 'cr' },
        },
      ],
      regular: true,
    },
    {
      name: 'fields that are empty at the end',
      bytes: `${head}PV1|1||||\rZZ1||\r`,
      values: [message({ segment: 'PV1', setId: '1', emptyFields: 4 }, { segment: 'ZZ1', emptyFields: 2 })],
      regular: true,
    },
    {
      name: 'LF, and none at the end',
      bytes: 'MSH|^~\\&|A|B\nEVN|A01',
      values: [
        {
          segments: [header, { segment: 'EVN', eventTypeCode: 'A01' }],
          syntax: { delimiters: '|^~\\&', terminator: 'lf', unterminated: true },
        },
      ],
      regular: true,
    },
    { name: 'CRLF', bytes: 'MSH|^~\\&|A|B\r\nEVN|A01\r\nMSH|^~\\&|A|B\r\n', regular: true },
    {
      name: 'line ends of all sorts, blank lines, a byte order mark',
      bytes: '\ufeff\nMSH|^~\\&|A\n\nEVN|1\r\nEVN|2\r',
      regular: true,
    },
    {
      name: 'MLLP blocks in a file',
      bytes: '\u000bMSH|^~\\&|A|B\rEVN|A01\r\u001c\r\u000bMSH|^~\\&|A|B\u001c\r',
      values: [
        {
          segments: [
            { ...header, irregular: '\u000bMSH|^~\\&|A|B\r' },
            { segment: 'EVN', eventTypeCode: 'A01', irregular: 'EVN|A01\r\u001c\r' },
          ],
          syntax: { ...syntax, irregular: true },
        },
        { segments: [{ ...header, irregular: '\u000bMSH|^~\\&|A|B\u001c\r' }], syntax: { ...syntax, irregular: true } },
      ],
      positions: [
        { offsetBytes: 1, line: 1, record: 1 },
        { offsetBytes: 25, line: 4, record: 2 },
      ],
      regular: true,
    },
    { name: 'empty components at the end, a segment in lower case', bytes: `${head}pid|1||1^^^^\rOBR|||&&^\r`, regular: true },
    {
      name: 'irregular, and not kept',
      options: { keepIrregular: false },
      bytes: `${head}PID|||1^\r`,
      values: [
        {
          segments: [header, { segment: 'PID', patientIdentifierList: [{ idNumber: '1' }] }],
          syntax: { ...syntax, irregular: true },
        },
      ],
    },
    {
      name: 'line feeds inside a text',
      options: { segmentEnd: 'cr' },
      bytes: `${head}NTE|||a\nMSH|b\r`,
      values: [
        {
          segments: [
            header,
            { segment: 'NTE', comment: ['a\nMSH'], commentType: { identifier: 'b' }, irregular: 'NTE|||a\nMSH|b\r' },
          ],
          syntax: { ...syntax, irregular: true },
        },
      ],
      regular: true,
    },
    {
      name: 'Latin-1, by MSH-18',
      bytes: Buffer.from('MSH|^~\\&|A|||||||||||||||8859/1\rNTE|||M\xfcller \\XFC\\\r', 'latin1'),
      values: [
        {
          segments: [
            { segment: 'MSH', sendingApplication: { namespaceId: 'A' }, characterSet: ['8859/1'] },
            { segment: 'NTE', comment: ['Müller ü'], irregular: 'NTE|||Müller \\XFC\\\r' },
          ],
          syntax: { ...syntax, irregular: true },
        },
      ],
      regular: true,
    },
    {
      name: 'Shift_JIS, with delimiters in its characters',
      options: { encoding: 'shift_jis' },
      bytes: Buffer.from('4d53487c5e7e5c267c417c8365835c0d4e54457c7c7c8365835c935c7c5c535c0d', 'hex'),
      values: [
        {
          segments: [
            { segment: 'MSH', sendingApplication: { namespaceId: 'A' }, sendingFacility: { namespaceId: 'テソ' } },
            { segment: 'NTE', comment: ['テソ貼'], commentType: { identifier: '^' } },
          ],
          syntax,
        },
      ],
      regular: true,
    },
    {
      name: 'Japanese with escape sequences of ISO 2022',
      bytes: Buffer.from('MSH|^~\\&|A|||||||||||||||~ISO IR87\rPID|||||\u001b$B;3ED\u001b(B^\u001b$BB@O:\u001b(B\r', 'latin1'),
      values: [
        {
          segments: [
            { segment: 'MSH', sendingApplication: { namespaceId: 'A' }, characterSet: ['', 'ISO IR87'] },
            { segment: 'PID', patientName: [{ familyName: { surname: '山田' }, givenName: '太郎' }] },
          ],
          syntax,
        },
      ],
      regular: true,
    },
    {
      name: 'Japanese that would be written in another way',
      bytes: Buffer.from('MSH|^~\\&|A|||||||||||||||~ISO IR87\rNTE|||\u001b$@;3\u001b(J\r', 'latin1'),
      regular: true,
    },
    {
      name: 'an unknown character set that nothing depends on',
      bytes: 'MSH|^~\\&|A|||||||||||||||KLINGON\r',
      regular: true,
    },
    {
      name: 'a declared character set that is not believed',
      options: { trustDeclared: false },
      bytes: 'MSH|^~\\&|A|||||||||||||||8859/1\rNTE|||ü\r',
      values: [
        {
          segments: [
            { segment: 'MSH', sendingApplication: { namespaceId: 'A' }, characterSet: ['8859/1'] },
            { segment: 'NTE', comment: ['ü'] },
          ],
          syntax,
        },
      ],
      regular: true,
    },
    {
      name: 'a file of two batches',
      bytes: `FHS|^~\\&|F\rBHS|^~\\&|B1\r${head}${head}BTS|2|done\rBHS|^~\\&|B2\r${head}BTS|1\rFTS|2\r`,
      values: [
        { ...Object(message()), envelope: { file: filePart(), batch: batchPart(1, 'B1') } },
        {
          ...Object(message()),
          envelope: {
            file: filePart(),
            batch: { ...batchPart(1, 'B1'), trailer: { segment: 'BTS', batchMessageCount: '2', batchComment: 'done' } },
          },
        },
        {
          ...Object(message()),
          envelope: {
            file: { ...filePart(), trailer: { segment: 'FTS', fileBatchCount: '2' } },
            batch: { ...batchPart(2, 'B2'), trailer: { segment: 'BTS', batchMessageCount: '1' } },
          },
        },
      ],
      regular: true,
    },
    { name: 'batches without trailers', bytes: `BHS|^~\\&|B\r${head}BHS|^~\\&|C\r${head}${head}`, regular: true },
    { name: 'a trailer without a header', bytes: `${head}BTS|1\r`, regular: true },
    { name: 'a batch that ends as no other does', bytes: `BHS|^~\\&|B||\n${head}BTS|1`, regular: true },
    { name: 'nothing', bytes: '', values: [], regular: true },
    { name: 'only blank lines', bytes: '\r\n\r', values: [] },
  ],
  invalid,
  unwritable,
  roundTrips: [
    { name: 'messages by name', values: fc.array(namedMessage, { maxLength: 3 }) },
    { name: 'messages by position', options: { names: false }, values: fc.array(positionedMessage, { maxLength: 3 }) },
    { name: 'files of batches', values: batchFile },
    {
      name: 'only CR ends a segment',
      options: { segmentEnd: 'cr' },
      values: fc.array(namedMessage.filter(endsWithCr), { maxLength: 3 }),
    },
  ],
  load: {
    value: (index) =>
      message(
        {
          segment: 'PID',
          setId: '1',
          patientIdentifierList: [{ idNumber: String(index) }],
          patientName: [{ familyName: { surname: 'Müller' } }],
        },
        { segment: 'OBX', setId: '1', valueType: 'NM', observationValue: [String(index / 4)], units: { identifier: 'mmol/l' } },
        note('n'.repeat(index % 4000)),
      ),
  },
});

function endsWithCr(value: Record<string, unknown>): boolean {
  return JSON.stringify(value['syntax']).includes('"cr"');
}
