// The JSON format: a body is one JSON value.

import { defineFormat, field } from '@mortise/sdk';

export default defineFormat({
  name: 'json',
  doc: 'JSON (RFC 8259): a body is one value, and no digit of a number is lost.',
  contentType: 'application/json',
  records: 'one',
  options: {
    numbers: field.choice(['exact', 'native'], {
      doc: 'What becomes of numbers that JavaScript would change: "exact" gives them as text with every digit, "native" rounds them.',
      default: 'exact',
    }),
    indent: field.integer({
      doc: 'How many spaces each level is indented by when written; 0 writes one line.',
      default: 0,
      minimum: 0,
      maximum: 10,
    }),
    depthMax: field.integer({
      doc: 'How deep arrays and objects may be nested when read.',
      default: 512,
      minimum: 1,
      maximum: 2000,
    }),
  },
});
