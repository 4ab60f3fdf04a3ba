// The HL7 format: version 2 messages of health care, in batches or without.

import { defineFormat, field } from '@mortise/sdk';
import { encodingNames } from './character-sets.ts';
import { messageSchema } from './schema.ts';

export default defineFormat({
  name: 'hl7',
  doc: 'HL7 version 2 (2.1 to 2.8), pipe-delimited: every message is a record, its segments in order, their fields by name.',
  contentType: 'application/hl7-v2',
  records: 'many',
  options: {
    names: field.boolean({
      doc: 'Whether fields and components that the standard defines stand by name; else all stand by position.',
      default: true,
    }),
    encoding: field.choice(encodingNames, {
      doc: 'The character encoding of messages whose MSH-18 names none.',
      default: 'utf-8',
    }),
    trustDeclared: field.boolean({
      doc: 'Whether MSH-18 is believed; false where a sender names another character set there than it uses.',
      default: true,
    }),
    segmentEnd: field.choice(['any', 'cr'], {
      doc: 'What ends a segment when read: "any" is CR, LF or CRLF; with "cr" a line feed is a character of a text.',
      default: 'any',
    }),
    terminator: field.choice(['cr', 'lf', 'crlf'], {
      doc: 'How segments end when written, where the value does not say it; the standard wants CR.',
      default: 'cr',
    }),
    keepIrregular: field.boolean({
      doc: 'Whether segments that would be written in another way than they came keep their text, so that it is written again as long as nothing in them changed.',
      default: true,
    }),
    refuse: field.choice(['record', 'file'], {
      doc: 'What a message that cannot be read costs: itself, or everything from it on.',
      default: 'record',
    }),
    messageBytesMax: field.size({ doc: 'How long a message may be when read.', default: '16MiB' }),
    elementsMax: field.integer({
      doc: 'How many delimiters and segment ends a message may have when read.',
      default: 1_000_000,
      minimum: 1,
      maximum: 50_000_000,
    }),
  },
  schema: messageSchema,
});
