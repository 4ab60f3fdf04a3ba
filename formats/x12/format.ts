// The x12 format: interchanges of ASC X12, of which each transaction set is one value.

import { defineFormat, field, projectFile } from '@mortise/sdk';
import { schemaOf } from './schema.ts';

const name = field.text({ doc: 'Its name, as in the table of findings.' });

export default defineFormat({
  name: 'x12',
  doc: 'ASC X12, versions 003010 to 008060: interchanges with any delimiters; each transaction set is a value with its envelope.',
  contentType: 'application/edi-x12',
  records: 'many',
  options: {
    sets: field.list(
      field.text({
        doc: 'The number of a transaction set.',
        pattern: /^[0-9A-Z]{3}$/,
        expected: 'three capital letters or digits, as 850',
      }),
      {
        doc: 'The transaction sets that are expected; any other is not supported. All where absent.',
        optional: true,
        example: ['850', '997'],
      },
    ),
    version: field.text({
      doc: 'The definitions that count, whatever version a group names. Where absent, those of that very version, if there are any.',
      optional: true,
      example: '004010',
      pattern: /^\d{6}$/,
      expected: 'six digits, as 004010',
    }),
    structure: field.choice(['definition', 'segments'], {
      doc: '"definition": loops and segments by name, checked. "segments": a list of the segments as they stand, unchecked.',
      default: 'definition',
    }),
    keys: field.choice(['positions', 'names'], {
      doc: 'How segments and elements are called: BEG and BEG03, or beginningOfPurchaseOrder and purchaseOrderNumber.',
      default: 'positions',
    }),
    definitions: projectFile({
      doc: 'A file of the project with definitions of more transaction sets, versions or code lists.',
      optional: true,
      example: 'data/definitions.json',
    }),
    partner: projectFile({
      doc: 'A file of the project that tightens definitions for a trading partner.',
      optional: true,
      example: 'partners/acme/850.x12.json',
    }),
    faults: field.choice(['record', 'value', 'file'], {
      doc: 'What findings cost: the one record; nothing, they stand in the value; or all that comes behind.',
      default: 'record',
    }),
    noted: field.list(name, {
      doc: 'Findings that never cost anything: they are noted in the value, and acknowledged as errors that were accepted.',
      default: ['isa-length', 'isa-value', 'interchange-date', 'interchange-time', 'interchange-version', 'set-foreign'],
    }),
    acknowledge: field.choice(['no', '997', '999'], {
      doc: 'Whether an acknowledgement of each group is given behind its interchange, as a value to be sent back.',
      default: 'no',
    }),
    ta1: field.choice(['no', 'requested', 'always'], {
      doc: 'Whether an interchange is acknowledged by a TA1: where its ISA14 asks for it, or always.',
      default: 'no',
    }),
    encoding: field.choice(['utf-8', 'latin1', 'windows-1252', 'ascii', 'iso-8859-15', 'cp437', 'cp850'], {
      doc: 'The character encoding.',
      default: 'utf-8',
    }),
    setBytesMax: field.size({ doc: 'How long a transaction set, or a segment, may be.', default: '16MiB' }),
    findingsMax: field.integer({
      doc: 'How many findings are told of one transaction set.',
      default: 100,
      minimum: 1,
      maximum: 10_000,
    }),
    envelope: field.record(field.text({ doc: 'The element, as text.' }), {
      doc: 'What is written where a value does not say it: names of ISA elements, and of GS elements behind "group.".',
      default: {},
      example: { sender: 'ACME', 'group.version': '004010' },
    }),
    syntax: field.group(
      {
        element: field.text({ doc: 'Between elements.', default: '*' }),
        component: field.text({ doc: 'Between components.', default: ':' }),
        repetition: field.text({ doc: 'Between repetitions, from version 00402 on.', default: '^' }),
        terminator: field.text({ doc: 'Behind each segment.', default: '~' }),
        newline: field.text({ doc: 'Behind each terminator: white space, or nothing.', default: '' }),
      },
      { doc: 'The delimiters that are written where a value brings none.', default: {} },
    ),
  },
  schema: schemaOf,
});
