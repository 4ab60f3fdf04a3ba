// The EDIFACT format: interchanges by ISO 9735, syntax versions 1 to 4; each message is a value with its envelope.

import { characterEncodingNames, defineFormat, field, projectFile } from '@mortise/sdk';
import { messageSchema } from './message-schema.ts';

const party = (doc: string) => field.text({ doc, optional: true });

export default defineFormat({
  name: 'edifact',
  doc: 'UN/EDIFACT interchanges (ISO 9735, syntax versions 1 to 4): each message is a value, with its envelope.',
  contentType: 'application/edifact',
  records: 'many',
  options: {
    shape: field.choice(['segments', 'groups'], {
      doc: '"segments": the segments in their order, of any message. "groups": a tree by the definition of the message.',
      default: 'segments',
    }),
    messages: field.list(field.text({ doc: 'A message, as in its UNH.', example: 'ORDERS:D:96A' }), {
      doc: 'The messages that are expected; any other one is refused. Where absent: all.',
      optional: true,
    }),
    check: field.choice(['envelope', 'structure', 'codes'], {
      doc: 'What a message is checked for: counts and references; its definition as well; and the code lists. Where absent: "codes" with "acknowledge", "structure" with "groups", else "envelope".',
      optional: true,
    }),
    directory: projectFile({
      doc: 'Definitions of the project besides D.96A and D.01B: a JSON file, or the segment directory (EDSD) of UN/CEFACT with its other files beside it.',
      optional: true,
      example: 'directories/EDSD.97A',
    }),
    faults: field.choice(['record', 'file', 'keep'], {
      doc: 'What a fault costs: "record" the message, the rest goes on; "file" all that follows; "keep" nothing: the value lists its faults.',
      default: 'record',
    }),
    acknowledge: field.oneOf(
      [
        field.boolean({ doc: 'Whether interchanges are acknowledged.' }),
        field.choice(['requested'], { doc: 'Only those whose UNB asks for it.' }),
      ],
      {
        doc: 'true: behind the messages of an interchange comes the CONTRL message that answers it. "requested": where its UNB asks for it.',
        default: false,
      },
    ),
    encoding: field.choice(characterEncodingNames, {
      doc: 'The character encoding, where it is not the one that the syntax identifier (UNOA to UNOY) tells.',
      optional: true,
    }),
    envelope: field.group(
      {
        syntax: field.text({
          doc: 'The syntax identifier.',
          default: 'UNOC',
          pattern: /^[A-Z]{3}[A-Z0-9]$/,
          expected: 'three capital letters and a capital letter or digit, as UNOC',
        }),
        version: field.choice(['1', '2', '3', '4'], { doc: 'The version of the syntax.', default: '3' }),
        sender: party('Who sends.'),
        senderQualifier: party('What kind of identification that is; "14" for a GLN.'),
        recipient: party('Who receives.'),
        recipientQualifier: party('What kind of identification that is.'),
        reference: party('The interchange control reference.'),
        application: party('The application reference.'),
        test: field.boolean({ doc: 'Whether it is only a test.', default: false }),
      },
      {
        doc: 'The interchange around values that have none of their own, or parts of it; without it they are written bare.',
        optional: true,
      },
    ),
    una: field.boolean({ doc: 'Whether UNA is written, where the value does not say.', default: true }),
    breaks: field.choice(['none', 'lf', 'crlf'], {
      doc: 'What stands between segments when written, where the value does not say.',
      default: 'none',
    }),
    messageBytesMax: field.size({ doc: 'How long a message may be when read.', default: '64MiB' }),
    segmentsMax: field.integer({
      doc: 'How many segments a message may have when read.',
      default: 1_000_000,
      minimum: 3,
    }),
  },
  schema: messageSchema,
});
