// Formats by name, with options, and named by the project; mappings in files of their own.

import { gunzipSync } from 'node:zlib';
import { describe, expect, it } from 'vitest';
import { found, load } from './project.fixture.ts';

const base = { 'mortise.yaml': 'name: x\n' };
const mentions = {
  'channels/in.yaml': '',
  'flows/a.yaml': 'from: { channel: in }\nsteps: [{ split: { each: { format: csv } } }]\n',
};

describe('a format', () => {
  it('is written as a name, or as a name with options', async () => {
    const { definitions } = await load({ ...base, ...mentions });
    const plain = definitions.format('csv');
    const semicolons = definitions.format({ csv: { delimiter: ';' } });
    if (!('format' in plain) || !('format' in semicolons)) throw new Error('no format');
    expect(plain.format.decodeWhole(Buffer.from('a,b\n1,2\n'))).toMatchObject([{ value: { a: '1', b: '2' } }]);
    expect(semicolons.format.decodeWhole(Buffer.from('a;b\n1;2\n'))).toMatchObject([{ value: { a: '1', b: '2' } }]);
    expect(await Array.fromAsync(semicolons.format.decode(chunks('a;b\n1;', '2\n')))).toMatchObject([
      { value: { a: '1', b: '2' } },
    ]);
    expect(Buffer.from(plain.format.encodeWhole([{ a: 1 }])).toString()).toBe('a\r\n1\r\n');
    expect(Buffer.concat(await Array.fromAsync(plain.format.encode(chunks({ a: 1 })))).toString()).toBe('a\r\n1\r\n');
  });

  it.each([
    ['cvs', 'There is no format "cvs".', 'Did you mean "csv"?'],
    [{ csv: { delimeter: ';' } }, 'In the options of the format csv: Unknown option "delimeter".', 'Did you mean "delimiter"?'],
    [
      { csv: { delimiter: ';;' } },
      'In the options of the format csv, at delimiter: Found ";;"',
      'Write one printable ASCII character, or a tab.',
    ],
    [{ csv: {}, json: {} }, 'Found {"csv":{},"json":{}}; expected a format.', 'Write its name, or { name: options }.'],
    [{ csv: 12 }, 'Found {"csv":12}; expected a format.', 'Write its name, or { name: options }.'],
    [12, 'Found 12; expected a format.', 'Write its name, or { name: options }.'],
    ['__proto__', 'There is no format "__proto__".', 'Known are:'],
  ])('is none: %j', async (written, problem, remedy) => {
    const { definitions } = await load({ ...base, ...mentions });
    expect(definitions.format(written)).toMatchObject({
      problem: expect.stringContaining(problem),
      remedy: expect.stringContaining(remedy),
    });
  });
});

describe('a format that the project names', () => {
  const system = (format: string) => ({
    'systems/a.yaml': `connector: file\nconnection: { folder: x }\noutbounds: { a: { uses: write, name: x, format: ${format} } }\n`,
    'channels/in.yaml': '',
    'flows/a.yaml': 'from: { channel: in }\nto: { system: a, outbound: a }\n',
  });

  it('has its options in its file, and only there', async () => {
    const files = { ...base, ...system('prices'), 'formats/prices.yaml': 'format: csv\ndelimiter: ";"\nheader: [sku, price]\n' };
    const { problems, definitions, formatNames } = await load(files);
    expect(problems).toEqual([]);
    expect(formatNames).toContain('prices');
    const format = definitions.systems.get('a')?.outbounds.get('a')?.format;
    expect(format?.name).toBe('prices');
    expect(format?.declaration.name).toBe('csv');
    expect(Buffer.from(format?.encodeWhole([{ sku: 'a', price: '1' }]) ?? []).toString()).toBe('a;1\r\n');
    expect(definitions.format({ prices: { delimiter: ',' } })).toMatchObject({ remedy: 'Write only its name: prices.' });
  });

  it.each([
    ['no format', 'delimiter: ";"\n', '1:1 MORTISE_PROJECT_MISSING_OPTION'],
    ['an unknown format', 'format: cvs\n', '1:9 MORTISE_PROJECT_UNKNOWN_NAME'],
    ['another named format', 'format: other\n', '1:9 MORTISE_PROJECT_UNKNOWN_NAME'],
    ['an unknown option', 'format: csv\ndelimeter: ";"\n', '2:1 MORTISE_PROJECT_UNKNOWN_OPTION'],
    ['a wrong option', 'format: csv\nbom: yes\n', '2:6 MORTISE_PROJECT_YAML_BOOLEAN'],
    ['no YAML', 'format: [\n', '1:9 MORTISE_PROJECT_YAML_SYNTAX'],
  ])('is a problem of its file alone: %s', async (_what, text, expected) => {
    const project = await load({
      ...base,
      ...system('prices'),
      'formats/prices.yaml': text,
      'formats/other.yaml': 'format: csv\n',
    });
    expect(found(project)).toEqual([`formats/prices.yaml:${expected}`]);
  });

  it('cannot have the name of another', async () => {
    const project = await load({ ...base, 'formats/csv.yaml': 'format: csv\n' });
    expect(found(project)).toEqual(['formats/csv.yaml:1:1 MORTISE_PROJECT_NAME_TAKEN']);
  });
});

describe('a format around another', () => {
  const outbound = (format: string) => ({
    'systems/a.yaml': `connector: file\nconnection: { folder: x }\noutbounds: { a: { uses: write, name: x, format: ${format} } }\n`,
    'channels/in.yaml': '',
    'flows/a.yaml': 'from: { channel: in }\nto: { system: a, outbound: a }\n',
  });

  it('has as many records as that one, which may be named by the project, in any order', async () => {
    const named = { 'formats/archive.yaml': 'format: gzip\nof: csv\nform: 1\n' };
    expect(found(await load({ ...base, ...outbound('archive'), ...named }))).toContain(
      'formats/archive.yaml:3:1 MORTISE_PROJECT_UNKNOWN_OPTION',
    );
    const files = {
      ...base,
      ...outbound('{ gzip: { of: zipped } }'),
      'formats/zipped.yaml': 'format: gzip\nof: prices\n',
      'formats/prices.yaml': 'format: csv\ndelimiter: ";"\n',
    };
    const { problems, definitions } = await load(files);
    expect(problems).toEqual([]);
    const format = definitions.systems.get('a')?.outbounds.get('a')?.format;
    const bytes = format?.encodeWhole([{ a: '1', b: '2' }]) ?? new Uint8Array();
    expect(gunzipSync(gunzipSync(bytes)).toString()).toBe('a;b\r\n1;2\r\n');
    expect(format?.decodeWhole(bytes)).toMatchObject([{ value: { a: '1', b: '2' } }]);
    expect([format?.records, format?.contentType]).toEqual(['many', 'application/gzip']);
  });

  it.each([
    ['{ gzip: { of: cvs } }', 'In the options of the format gzip, at of: There is no format "cvs".'],
    [
      '{ zip: { entries: [{ name: a, format: { csv: { x: 1 } } }] } }',
      'at entries.0.format: In the options of the format csv: Unknown',
    ],
    ['{ xml: { schema: models/none.xsd } }', 'at schema: There is no file "models/none.xsd" in the project.'],
    ['{ xml: { schema: ../other.xsd } }', 'at schema: There is no file "../other.xsd" in the project.'],
    ['{ gzip: { of: loop } }', 'formats/loop.yaml has problems of its own.'],
  ])('is told where what it names is not there: %s', async (format, message) => {
    const { problems } = await load({ ...base, ...outbound(format), 'formats/loop.yaml': 'format: 12\n' });
    expect(problems.map((one) => one.message)).toEqual(expect.arrayContaining([expect.stringContaining(message)]));
  });

  it('reads the schema out of the project, and what it includes', async () => {
    const include = '<xs:include schemaLocation="types/sku.xsd"/><xs:element name="a" type="Sku"/>';
    const sku =
      '<xs:simpleType name="Sku"><xs:restriction base="xs:string"><xs:maxLength value="1"/></xs:restriction></xs:simpleType>';
    const schema = (inside: string) => `<xs:schema xmlns:xs="http://www.w3.org/2001/XMLSchema">${inside}</xs:schema>`;
    const files = { 'models/a.xsd': schema(include), 'models/types/sku.xsd': schema(sku) };
    const { definitions } = await load({ ...base, ...outbound('{ xml: { schema: models/a.xsd } }'), ...files });
    const format = definitions.systems.get('a')?.outbounds.get('a')?.format;
    expect(format?.decodeWhole(Buffer.from('<a>1</a>'))).toMatchObject([{ value: { a: '1' } }]);
    expect(() => format?.decodeWhole(Buffer.from('<a>12</a>'))).toThrow(expect.objectContaining({ code: 'MORTISE_XML_INVALID' }));
  });
});

describe('a mapping in a file', () => {
  const flow = { 'channels/in.yaml': '', 'flows/a.yaml': 'from: { channel: in }\nsteps:\n  - map: { file: maps/a.jsonata }\n' };

  it('is told of where it does not parse, once, however many flows use it', async () => {
    const twice = { ...flow, 'flows/b.yaml': flow['flows/a.yaml'] };
    const project = await load({ ...base, ...twice, 'maps/a.jsonata': '{\n  "id": id,\n  "total": (1 + \n}\n' });
    expect(found(project)).toEqual(['maps/a.jsonata:4:1 MORTISE_FLOW_EXPRESSION']);
  });

  it('is checked where no flow uses it', async () => {
    const project = await load({ ...base, 'maps/deep/b.jsonata': '{\n  "a": b c\n}\n' });
    expect(found(project)).toEqual(['maps/deep/b.jsonata:2:10 MORTISE_PROJECT_EXPRESSION']);
  });

  it('is looked for in the project', async () => {
    expect(found(await load({ ...base, ...flow }))).toEqual(['flows/a.yaml:3:18 MORTISE_FLOW_UNKNOWN_NAME']);
  });
});

async function* chunks<T>(...parts: readonly T[]): AsyncIterable<T extends string ? Uint8Array : T> {
  for (const part of parts) yield (typeof part === 'string' ? Buffer.from(part) : part) as T extends string ? Uint8Array : T;
}
