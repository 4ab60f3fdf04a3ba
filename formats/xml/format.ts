// The XML format: a document as one value, or its repeated elements as records.

import { characterEncodingNames, defineFormat, field, projectFile } from '@mortise/sdk';

const name = field.text({ doc: 'The name of an element, with a prefix of "namespaces".' });

export default defineFormat({
  name: 'xml',
  doc: 'XML 1.0 with namespaces: a document is one value, or its repeated elements are records.',
  contentType: 'application/xml',
  records: 'either',
  recordsOf: ({ record }) => (record === undefined ? 'one' : 'many'),
  options: {
    record: field.text({
      doc: 'The path of the elements that are records; where absent, the document is one value.',
      optional: true,
      example: '/orders/order',
      pattern: /^(\/[^/\s]+)+$/,
      expected: 'a path of names such as /orders/order',
    }),
    namespaces: field.record(field.text({ doc: 'The URI of the namespace.' }), {
      doc: 'Prefixes for namespaces, whatever prefixes the document has; "" for the names that have none.',
      default: {},
      example: { '': 'urn:example:order' },
    }),
    lists: field.list(name, { doc: 'Elements that are a list even where there is only one.', default: [] }),
    ordered: field.list(name, {
      doc: 'Elements of which text and elements are kept in their order, as "#content".',
      default: [],
    }),
    cdata: field.list(name, { doc: 'Elements whose text is written as CDATA.', default: [] }),
    schema: projectFile({
      doc: 'An XML Schema (XSD) of the project that documents, or records by themselves, must fit when read and written.',
      optional: true,
      example: 'models/order.xsd',
    }),
    encoding: field.choice(characterEncodingNames, {
      doc: 'The character encoding that is written, and read where neither a byte order mark nor the declaration names one.',
      default: 'utf-8',
    }),
    declaration: field.boolean({ doc: 'Whether the XML declaration is written.', default: true }),
    indent: field.integer({
      doc: 'How many spaces each level is indented by when written; 0 writes no white space.',
      default: 0,
      minimum: 0,
      maximum: 10,
    }),
    depthMax: field.integer({ doc: 'How deep elements may be nested.', default: 128, minimum: 1, maximum: 1000 }),
    attributesMax: field.integer({ doc: 'How many attributes an element may have.', default: 256, minimum: 1, maximum: 10_000 }),
    recordMax: field.size({ doc: 'How many characters a record, or a document that is one value, may have.', default: '64MiB' }),
  },
});
