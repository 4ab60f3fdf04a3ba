// What a user says of records besides their copybook: how they are told apart, written, chosen and added up.

import { characterEncodingNames, ebcdicEncodingNames, field, projectFile } from '@mortise/sdk';
import type { ValuesOf } from '@mortise/sdk';

export const copybookOptions = {
  copybook: projectFile({ doc: 'The copybook, a file of the project.', example: 'maps/customer.cpy' }),
  columns: field.choice(['auto', 'fixed', 'wide', 'free'], {
    doc: 'What the columns of the copybook mean: as on a card, the same without a right margin, or nothing.',
    default: 'auto',
  }),
  compiler: field.choice(['ibm', 'gnucobol', 'microfocus'], {
    doc: 'Whose sizes, byte orders, signs and floating point are meant where the options below say nothing.',
    default: 'ibm',
  }),
  encoding: field.choice([...ebcdicEncodingNames, ...characterEncodingNames], {
    doc: 'The character encoding of the records; one in which a blank has one byte.',
    default: 'ebcdic-037',
  }),
  national: field.choice(['utf-16be', 'utf-16le'], { doc: 'The encoding of national fields (PIC N).', default: 'utf-16be' }),
  recordFormat: field.choice(['fixed', 'v', 'vb', 'vbs', 'microfocus', 'lines', 'length-field', 'content'], {
    doc: 'How records are told apart: all of one length (F, FB), with lengths before them (RDW, BDW, segments), in a variable file of Micro Focus, in lines, by a field that holds their length, or by what their tables depend on.',
    default: 'fixed',
  }),
  recordLength: field.integer({
    doc: 'How many bytes a fixed record has; as many as the longest of the copybook where absent.',
    optional: true,
    minimum: 1,
    maximum: 16_777_216,
  }),
  blockLength: field.integer({
    doc: 'How many bytes a block of vb or vbs has at most when written, with its own length before it.',
    default: 27_998,
    minimum: 16,
    maximum: 32_760,
  }),
  lengths: field.group(
    {
      order: field.choice(['big', 'little'], { doc: 'The order of the bytes of a length.', default: 'big' }),
      at: field.integer({ doc: 'Where it stands in what is before a record, from 0.', default: 0, minimum: 0, maximum: 15 }),
      bytes: field.integer({ doc: 'How many bytes a length has.', default: 2, minimum: 1, maximum: 4 }),
      headerBytes: field.integer({
        doc: 'How many bytes stand before a record, the length among them.',
        default: 4,
        minimum: 1,
        maximum: 16,
      }),
      adjust: field.integer({
        doc: 'What is added to the length that is written there to have that of the record: -4 where it counts itself.',
        default: -4,
        minimum: -65_536,
        maximum: 65_536,
      }),
    },
    {
      doc: 'Of v and length-field: how the length is written. IBM has two bytes, big, counting the four of the header.',
      optional: true,
    },
  ),
  lengthField: field.text({ doc: 'Of length-field: the field that holds the length of its record.', optional: true }),
  newline: field.choice(['lf', 'crlf', 'nel'], {
    doc: 'Of lines: how they end when written. LF, CRLF, and in EBCDIC NEL are read.',
    default: 'lf',
  }),
  skipBytes: field.group(
    {
      start: field.size({ doc: 'At the beginning of the file.', default: '0B' }),
      end: field.size({ doc: 'At its end.', default: '0B' }),
    },
    { doc: 'What stands around all records and is skipped; it is not written.', optional: true },
  ),
  sizes: field.choice(['exact', 'lenient'], {
    doc: 'Whether records have to be as long as the copybook says. Lenient: fields behind the end are absent, and bytes behind the fields are kept.',
    default: 'exact',
  }),
  looseNumbers: field.boolean({
    doc: 'Whether numbers in characters may have blanks or zero bytes behind their digits; a program that calculates with them sees others.',
    default: false,
  }),
  missing: field.choice(['refuse', 'initial'], {
    doc: 'What becomes of fields that a value has not when written: it is refused, or they are blanks and zeros.',
    default: 'refuse',
  }),
  irregular: field.choice(['keep', 'drop'], {
    doc: 'Whether what would be written otherwise than it was read is kept in "#irregular" of its record, byte by byte.',
    default: 'keep',
  }),
  broken: field.choice(['record', 'file'], {
    doc: 'What a record that cannot be read costs: itself, or the whole file.',
    default: 'record',
  }),
  choose: field.list(
    field.group(
      {
        take: field.text({ doc: 'The record (level 01), or the group or field that redefines or is redefined.' }),
        field: field.text({ doc: 'The field that tells; where absent, it is taken where no other one fits.', optional: true }),
        is: field.list(field.text({ doc: 'One value.' }), { doc: 'What the field holds then.', default: [] }),
        under: field.text({
          doc: 'The record that it belongs to: the nearest one before it holds it in a list.',
          optional: true,
        }),
      },
      { doc: 'One alternative.' },
    ),
    { doc: 'Which record of several a record is, and which of the fields that redefine each other it has.', default: [] },
  ),
  totals: field.list(
    field.group(
      {
        record: field.text({ doc: 'The record that holds the total, as "choose" names it.' }),
        field: field.text({ doc: 'Its field.' }),
        of: field.text({ doc: 'The record that is counted or summed up; all but this one where absent.', optional: true }),
        sum: field.text({ doc: 'The field that is summed up; the records are counted where absent.', optional: true }),
      },
      { doc: 'One total.' },
    ),
    { doc: 'Totals that a trailer says of the records before it: another one is a fault of the trailer.', default: [] },
  ),
  names: field.choice(['copybook', 'camel'], {
    doc: 'Property names: as the copybook writes them, or CUSTOMER-NAME as customerName.',
    default: 'copybook',
  }),
  binarySizes: field.choice(['2-4-8', '1-2-4-8', '1--8'], {
    doc: 'How many bytes COMP may have; by the compiler where absent.',
    optional: true,
  }),
  byteOrder: field.choice(['big', 'little'], { doc: 'The order of COMP-5; by the compiler where absent.', optional: true }),
  floats: field.choice(['ibm', 'ieee-big', 'ieee-little'], {
    doc: 'What COMP-1 and COMP-2 are; by the compiler where absent.',
    optional: true,
  }),
  signs: field.choice(['overpunch', 'ascii', 'fujitsu', 'realia'], {
    doc: 'How a sign over a digit is written in encodings that are no EBCDIC: "{AB…}JK…", "p" to "y" for minus, "@AB…" and "PQR…", or a blank to ")" for minus.',
    optional: true,
  }),
  tables: field.choice(['slide', 'fixed'], {
    doc: 'Whether what stands behind a table of variable length moves up; by the compiler where absent.',
    optional: true,
  }),
  currency: field.text({
    doc: 'The currency symbol of edited pictures.',
    default: '$',
    pattern: /^[^\s0-9A-DNPRSVXZa-z*+\-,./;()"=]$/,
    expected: 'one character that no picture uses otherwise, as $ or €',
  }),
  decimalPoint: field.choice(['.', ','], { doc: 'The decimal point of edited pictures.', default: '.' }),
  recordMax: field.size({ doc: 'How many bytes a record, or one with all that belongs to it, may have.', default: '16MiB' }),
} as const;

export type CopybookOptions = ValuesOf<typeof copybookOptions>;
