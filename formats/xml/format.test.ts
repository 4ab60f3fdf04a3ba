// The xml format: the kit, what is refused, and schemas.

import { readFileSync } from 'node:fs';
import { bindOptions, readFields } from '@mortise/sdk';
import { formatKit, optionSupply } from '@mortise/sdk/testing';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { decoder } from './decode.ts';
import { encoder } from './encode.ts';
import { xmlError } from './errors.ts';
import format from './format.ts';

const fixture = (name: string): Buffer => readFileSync(new URL(`fixtures/${name}`, import.meta.url));
const files = { 'models/order.xsd': fixture('order.xsd'), 'models/types/sku.xsd': fixture('types/sku.xsd') };

const partner = {
  namespaces: { '': 'urn:example:order', c: 'urn:example:common', xsi: 'http://www.w3.org/2001/XMLSchema-instance' },
  lists: ['Line'],
  ordered: ['Text'],
};
const feed = { record: '/orders/order', namespaces: { '': 'urn:example:feed' } };
const plain = { record: '/orders/order' };
const checked = { record: '/orders/order', schema: 'models/order.xsd' };

const name = fc.constantFrom('a', 'b-c', 'Größe', '__proto__', 'p:x', '{urn:other}y', '{}z', 'xml:lang', 'toString');
/** Texts that XML trips over. */
const text = fc.string({
  unit: fc.constantFrom('<', '>', '&', '"', "'", ']]>', '\r', '\n', '\t', ' ', 'a', 'é', '😀', '\u0085', '\u2028'),
  maxLength: 6,
});
const attributes = fc.dictionary(
  name.filter((one) => one !== '{}z').map((one) => `@${one}`),
  text,
  { maxKeys: 3, noNullPrototype: true },
);
const { element } = fc.letrec<{ element: unknown }>((tie) => ({
  element: fc.oneof(
    { maxDepth: 3 },
    text,
    fc
      .tuple(attributes, text)
      .filter(([one, inner]) => Object.keys(one).length > 0 && inner !== '')
      .map(([one, inner]) => ({ ...one, '#text': inner })),
    fc
      .tuple(
        attributes,
        fc.dictionary(name, fc.oneof(tie('element'), fc.array(tie('element'), { minLength: 2, maxLength: 3 })), {
          minKeys: 1,
          maxKeys: 3,
          noNullPrototype: true,
        }),
      )
      .map(([one, inner]) => Object.fromEntries([...Object.entries(one), ...Object.entries(inner)])),
  ),
}));
const document = fc
  .tuple(
    name.filter((one) => one !== 'xml:lang'),
    element,
  )
  .map(([outermost, value]) => [Object.fromEntries([[outermost, value]])]);
const namespaces = { '': 'urn:example:order', p: 'urn:p' };

formatKit({
  format,
  decoder,
  encoder,
  errors: xmlError,
  files,
  folder: import.meta.dirname,
  samples: [
    {
      name: 'an order in ISO 8859-1, with prefixes of its own',
      options: partner,
      bytes: fixture('order.xml'),
      values: [
        {
          Order: {
            '@id': '4711',
            'c:Customer': { '@c:vip': 'true', '#text': 'Müller & Söhne' },
            Line: [{ '@no': '1', Sku: 'A-100', Price: { '@currency': 'EUR', '#text': '19.90' } }],
            Note: '2 < 3 & "so"',
            Text: { '#content': ['Please ', { Bold: 'do not' }, ' bend.'] },
            Gift: { '@xsi:nil': 'true' },
          },
        },
      ],
    },
    {
      name: 'records out of a file in UTF-16 that Python wrote',
      options: feed,
      bytes: fixture('feed.utf-16.xml'),
      values: [0, 1, 2].map((index) => ({ '@id': `${4711 + index}`, sku: `A-${index}`, qty: `${index + 1}` })),
    },
    { name: 'a namespace that nobody named', bytes: '<a xmlns="urn:a"><b xmlns=""/></a>', values: [{ '{urn:a}a': { b: '' } }] },
    { name: 'an element alone', bytes: '<a/>', values: [{ a: '' }], positions: [{ line: 1, column: 4 }] },
    {
      name: 'repeated elements, with others between',
      bytes: '<a><b>1</b><c/><b>2</b></a>',
      values: [{ a: { b: ['1', '2'], c: '' } }],
    },
    {
      name: 'names that objects have',
      bytes: '<a><__proto__ x="1"/><constructor/></a>',
      values: [
        {
          a: Object.fromEntries([
            ['__proto__', { '@x': '1' }],
            ['constructor', ''],
          ]),
        },
      ],
    },
    { name: 'comments and processing instructions', bytes: '<?go?><a>x<!-- - -->y<?z?></a><!---->', values: [{ a: 'xy' }] },
    {
      name: 'written as it was read',
      options: { namespaces: { '': 'urn:a', p: 'urn:p' } },
      bytes: '<?xml version="1.0" encoding="UTF-8"?><a xmlns:p="urn:p" xmlns="urn:a"><p:b p:x="1"/></a>',
      regular: true,
    },
    {
      name: 'indented',
      options: { indent: 2, cdata: ['note'], ordered: ['t'] },
      bytes:
        '<?xml version="1.0" encoding="UTF-8"?>\n<a>\n  <b>\n    <note><![CDATA[<&>]]></note>\n  </b>\n  <t>x <b/> y</t>\n</a>\n',
      values: [{ a: { b: { note: '<&>' }, t: { '#content': ['x ', { b: '' }, ' y'] } } }],
      regular: true,
    },
    {
      name: 'in ASCII',
      options: { encoding: 'ascii', declaration: false },
      bytes: '<a b="&#252;">&#128512;</a>',
      values: [{ a: { '@b': 'ü', '#text': '😀' } }],
      regular: true,
    },
    { name: 'in Shift_JIS', options: { encoding: 'shift_jis' }, values: [{ 注文: '表' }], regular: true },
    { name: 'in UTF-32', options: { encoding: 'utf-32be' }, values: [{ a: '表' }], regular: true },
    { name: 'records that fit a schema', options: checked, values: [{ sku: 'A-1', qty: '1' }], regular: true },
    {
      name: 'a document that fits a schema',
      options: { schema: 'models/order.xsd' },
      values: [{ order: { sku: 'A-1', qty: '1' } }],
      regular: true,
    },
    { name: 'no records', options: plain, bytes: '<orders><other/></orders>', values: [] },
    { name: 'a record that is the document', options: { record: '/a' }, values: ['x'], regular: true },
  ],
  invalid: [
    { name: 'no XML', bytes: 'hello', code: 'MORTISE_FORMAT_SYNTAX', position: { line: 1, column: 5 } },
    { name: 'text before the element', bytes: 'hello <a/>', code: 'MORTISE_FORMAT_SYNTAX', position: { line: 1, column: 7 } },
    { name: 'no bytes', bytes: '', code: 'MORTISE_FORMAT_SYNTAX', position: { line: 1, column: 0 } },
    {
      name: 'an element that is not closed',
      bytes: '<a>\n<b></a>',
      code: 'MORTISE_FORMAT_SYNTAX',
      position: { line: 2, column: 7, field: '/a' },
    },
    {
      name: 'a DOCTYPE',
      bytes: '<!DOCTYPE a SYSTEM "file:///etc/passwd"><a/>',
      code: 'MORTISE_FORMAT_SYNTAX',
      position: { line: 1, column: 40 },
    },
    {
      name: 'a bomb of entities',
      bytes: '<!DOCTYPE a [<!ENTITY b "bb"><!ENTITY c "&b;&b;">]><a>&c;</a>',
      code: 'MORTISE_FORMAT_SYNTAX',
      position: { line: 1, column: 51 },
    },
    {
      name: 'an entity that is not known',
      bytes: '<a>&nbsp;</a>',
      code: 'MORTISE_FORMAT_SYNTAX',
      position: { line: 1, column: 9, field: '/a' },
    },
    { name: 'a prefix that is not declared', bytes: '<a:b/>', code: 'MORTISE_FORMAT_SYNTAX', position: { line: 1, column: 6 } },
    {
      name: 'text between elements',
      bytes: '<a><b/>x</a>',
      code: 'MORTISE_FORMAT_VALUE',
      position: { line: 1, column: 12, field: '/a' },
    },
    {
      name: 'another document',
      options: plain,
      bytes: '<errors/>',
      code: 'MORTISE_FORMAT_VALUE',
      position: { line: 1, column: 9, field: '/errors' },
    },
    {
      name: 'too deep',
      options: { depthMax: 2 },
      bytes: '<a><b><c/></b></a>',
      code: 'MORTISE_FORMAT_LIMIT',
      position: { line: 1, column: 10, field: '/a/b/c' },
    },
    {
      name: 'too many attributes',
      options: { attributesMax: 1 },
      bytes: '<a b="" c=""/>',
      code: 'MORTISE_FORMAT_LIMIT',
      position: { line: 1, column: 14, field: '/a' },
    },
    {
      name: 'too long',
      options: { recordMax: '20B' },
      bytes: `<a>${'x'.repeat(30)}</a>`,
      code: 'MORTISE_FORMAT_LIMIT',
      position: {},
    },
    {
      name: 'a comment that is too long',
      options: { recordMax: '20B' },
      bytes: `<!--${'x'.repeat(30)}--><a/>`,
      code: 'MORTISE_FORMAT_LIMIT',
      position: {},
    },
    { name: 'no UTF-8', bytes: Buffer.from('<a>ü</a>', 'latin1'), code: 'MORTISE_FORMAT_ENCODING', position: { offsetBytes: 3 } },
    {
      name: 'an encoding that nobody knows',
      bytes: '<?xml version="1.0" encoding="EBCDIC-X"?><a/>',
      code: 'MORTISE_FORMAT_ENCODING',
      position: {},
    },
    {
      name: 'a record that does not fit the schema',
      options: checked,
      bytes: '<orders><order><sku>A-1</sku><qty>1</qty></order><order><sku>A-1</sku><qty>0</qty></order></orders>',
      code: 'MORTISE_XML_INVALID',
      position: { line: 1 },
      values: [{ sku: 'A-1', qty: '1' }],
      raw: '<order><sku>A-1</sku><qty>0</qty></order>',
    },
    {
      name: 'a document that does not fit the schema',
      options: { schema: 'models/order.xsd' },
      bytes: '<order>\n<sku>a</sku><qty>1</qty></order>',
      code: 'MORTISE_XML_INVALID',
      position: { line: 2 },
    },
  ],
  unwritable: [
    { name: 'two documents', values: [{ a: '' }, { b: '' }], says: /one value, not 2/ },
    { name: 'two elements', values: [{ a: '', b: '' }], says: /an object with one property/ },
    { name: 'a name that is none', values: [{ 'a b': '' }], says: /no name of an element/ },
    { name: 'a prefix that nobody declared', values: [{ 'q:a': '' }], says: /no name of an element/ },
    { name: 'an attribute that is none', values: [{ a: { '@<': '' } }], says: /has an attribute "<"/ },
    { name: 'a control character', values: [{ a: '\u0001' }], says: /a character that XML cannot have/ },
    { name: 'text beside elements', values: [{ a: { '#text': 'x', b: '' } }], says: /has "#text" and other elements/ },
    { name: 'an attribute that is an object', values: [{ a: { '@b': {} } }], says: /expected a text, number or boolean/ },
    { name: 'a name that the encoding has not', options: { encoding: 'ascii' }, values: [{ ü: '' }], says: /U\+00FC/ },
    { name: 'what does not fit the schema', options: checked, values: [{ qty: 1 }], code: 'MORTISE_XML_INVALID', says: /sku/ },
    {
      name: 'two records without an element around them',
      options: { record: '/a' },
      values: ['x', 'y'],
      says: /leaves room for one record/,
    },
  ],
  roundTrips: [
    { name: 'documents', options: { namespaces }, values: document },
    {
      name: 'documents without namespaces',
      values: fc.tuple(fc.constant('a'), text).map(([outermost, value]) => [{ [outermost]: value }]),
    },
    { name: 'documents in another encoding', options: { namespaces, encoding: 'iso-8859-15', indent: 2 }, values: document },
    { name: 'records', options: { record: '/p:all/a', namespaces: { p: 'urn:p' } }, values: fc.array(text) },
  ],
  load: { options: plain, value: (at) => ({ '@id': `${at}`, sku: `A-${at}`, note: 'x'.repeat(900) }) },
});

describe('options that contradict themselves', () => {
  it.each([
    { namespaces: { a: 'urn:a', b: 'urn:a' } },
    { namespaces: { 'a b': 'urn:a' } },
    { namespaces: { a: '' } },
    { lists: ['q:a'] },
    { record: '/a b'.replace(' ', '<') },
  ])('%j', (written) => {
    expect(() => decoder.decodeWhole(Buffer.from('<a/>'), bound(written))).toThrow(
      expect.objectContaining({ code: 'MORTISE_XML_OPTIONS' }),
    );
  });
});

describe('a schema', () => {
  const schemaOf = (inside: string) => `<xs:schema xmlns:xs="http://www.w3.org/2001/XMLSchema">${inside}</xs:schema>`;
  const include = (location: string) => schemaOf(`<xs:include schemaLocation="${location}"/><xs:element name="a" type="Sku"/>`);

  it.each([
    ['no schema', '<a/>'],
    ['no XML', 'a'],
    ['one that is not in the project', include('missing.xsd')],
    ['one outside of it', include('../../sku.xsd')],
    ['one of the file system', include('file:///etc/hosts')],
    ['one of the network', include('http://127.0.0.1:9/sku.xsd')],
  ])('that is or includes %s cannot be used', (_what, schema) => {
    const options = bound({ schema: 'a.xsd' }, { 'a.xsd': schema });
    expect(() => decoder.decodeWhole(Buffer.from('<a>A-1</a>'), options)).toThrow(
      expect.objectContaining({ code: 'MORTISE_XML_SCHEMA' }),
    );
  });

  it('includes what is in a folder above, inside the project', () => {
    const options = bound(
      { schema: 'x/y/a.xsd' },
      { 'x/y/a.xsd': include('../../sku.xsd'), 'sku.xsd': files['models/types/sku.xsd'] },
    );
    expect(decoder.decodeWhole(Buffer.from('<a>A-1</a>'), options)).toMatchObject([{ value: { a: 'A-1' } }]);
    expect(() => decoder.decodeWhole(Buffer.from('<a>x</a>'), options)).toThrow(/pattern/);
  });
});

function bound(
  written: Readonly<Record<string, unknown>>,
  project: Readonly<Record<string, string | Uint8Array>> = files,
): Parameters<typeof decoder.decodeWhole>[1] {
  const { values, problems } = readFields(format.options, written);
  expect(problems).toEqual([]);
  return bindOptions(format.options, values, optionSupply([], project)).values as Parameters<typeof decoder.decodeWhole>[1];
}
