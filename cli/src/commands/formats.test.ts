// The commands about files and formats, run as people run them: formats, decode, encode, validate.

import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { openCatalog } from '@mortise/engine';
import { afterAll, describe, expect, it } from 'vitest';
import { mortise as spawned, temporaryFolder } from '../cli.fixture.ts';
import type { Ended, RunOptions } from '../cli.fixture.ts';
import { exitCodes } from '../exit-codes.ts';
import { progressText } from '../formats/file-bytes.ts';
import { main } from '../main.ts';

const { folder, remove } = temporaryFolder();
afterAll(remove);

const file = (name: string, content: string | Uint8Array): string => {
  const path = join(folder, name);
  writeFileSync(path, content);
  return path;
};

/** Runs the command in this process, which takes a fraction of the time; what is given as input is a file. */
async function mortise(
  parts: readonly string[],
  { cwd, input }: RunOptions = {},
): Promise<Ended & { readonly bytes: Uint8Array }> {
  const given = input === undefined ? [] : [file('standard-input', input)];
  const [former, stdout, stderr] = [process.cwd(), process.stdout.write, process.stderr.write];
  const listeners = process.stdout.listeners('error');
  const printed: { out: Buffer[]; err: Buffer[] } = { out: [], err: [] };
  const into = (list: Buffer[]) => (part: string | Uint8Array, done?: unknown) => {
    list.push(Buffer.from(part as string));
    if (typeof done === 'function') done();
    return true;
  };
  process.stdout.write = into(printed.out);
  process.stderr.write = into(printed.err);
  if (cwd !== undefined) process.chdir(cwd);
  try {
    await main(['node', 'mortise', ...parts, ...given]);
    const bytes = Buffer.concat(printed.out);
    return { status: Number(process.exitCode ?? 0), out: bytes.toString(), err: Buffer.concat(printed.err).toString(), bytes };
  } finally {
    [process.stdout.write, process.stderr.write, process.exitCode] = [stdout, stderr, undefined];
    process.chdir(former);
    for (const one of process.stdout.listeners('error'))
      if (!listeners.includes(one)) process.stdout.off('error', one as () => void);
  }
}

const fixedWidth = ['--option', 'fields=[{"name":"id","width":3},{"name":"note","width":4}]', '--option', 'newline=lf'];
const message = 'MSH|^~\\&|A|B\rPID|1||100200\r';

/** For each format: options, a file, and the lines that it is read as. */
const files: Readonly<
  Record<string, readonly [options: readonly string[], content: string | Uint8Array, lines: readonly string[]]>
> = {
  binary: [[], Buffer.of(0, 255, 10), ['{"$bytes":"AP8K"}']],
  csv: [
    ['--option', 'delimiter=;', '--option', 'header=["a","b"]', '--option', 'newline=lf'],
    '1;x\n2;"y;z"\n',
    ['{"a":"1","b":"x"}', '{"a":"2","b":"y;z"}'],
  ],
  'fixed-width': [fixedWidth, '001abcd\n', ['{"id":"001","note":"abcd"}']],
  gzip: [['--option', 'of={"ndjson":{}}'], gzipSync('{"a":1}\n{"a":2}\n'), ['{"a":1}', '{"a":2}']],
  hl7: [
    ['--option', 'names=false'],
    message,
    [
      '{"segments":[{"segment":"MSH","positions":{"f3":"A","f4":"B"}},{"segment":"PID","positions":{"f1":"1","f3":"100200"}}],"syntax":{"delimiters":"|^~\\\\&","terminator":"cr"}}',
    ],
  ],
  json: [[], '{"a":[1,2.50]}', ['{"a":[1,2.5]}']],
  ndjson: [['--option', 'lineBytesMax=1KiB'], '1\n"x"\n', ['1', '"x"']],
  text: [['--option', 'encoding=latin1'], Buffer.from('M\xfcller', 'latin1'), ['"Müller"']],
  xml: [
    ['--option', 'record=/a/b', '--option', 'declaration=false', '--option', 'lists=c'],
    '<a><b><c>1</c></b><b x="2"/></a>',
    ['{"c":["1"]}', '{"@x":"2"}'],
  ],
};

describe('decode and encode', () => {
  it.each(Object.entries(files))('read and write %s', async (name, [options, content, lines]) => {
    const path = file(`in.${name}`, content);
    const read = await mortise(['decode', '--format', name, ...options, path]);
    expect(read).toMatchObject({ status: 0, out: lines.map((line) => `${line}\n`).join(''), err: '' });
    const written = await mortise(['encode', '--format', name, ...options], { input: read.out });
    expect(written).toMatchObject({ status: 0, err: '' });
    const again = await mortise(['decode', '--format', name, ...options, file(`out.${name}`, written.bytes)]);
    expect(again.out).toBe(read.out);
  });

  it('print what is wrong with one record, and the others', async () => {
    const path = file('broken.hl7', `${message}MSH|^~\\&\r${message}`);
    const { status, out, err } = await mortise(['decode', '--format', 'hl7', path]);
    expect(status).toBe(exitCodes.failed);
    expect(out.trim().split('\n')).toHaveLength(2);
    expect(err).toMatch(/^problem .*broken\.hl7:3 \(record 2, MSH-3, offset 27\): MORTISE_FORMAT_SYNTAX: MSH ends/);
  });

  it('print problems as JSON lines, with the bytes of the record', async () => {
    const { status, err } = await mortise(['decode', '--format', 'hl7', '--json'], { input: `hello\r${message}` });
    expect(status).toBe(exitCodes.failed);
    expect(JSON.parse(err)).toMatchObject({
      code: 'MORTISE_FORMAT_SYNTAX',
      position: { offsetBytes: 0, line: 1, record: 1 },
      raw: Buffer.from('hello\r').toString('base64'),
    });
  });

  it('print positions where they are asked for', async () => {
    const { out } = await mortise(['decode', '--format', 'csv', '--positions'], { input: 'a\n1\n' });
    expect(JSON.parse(out)).toEqual({ position: { offsetBytes: 2, line: 2, record: 1 }, value: { a: '1' } });
  });

  it('end where the rest cannot be read, after what could', async () => {
    const { status, out, err } = await mortise(['decode', '--format', 'csv'], { input: 'a\n1\n"2\n' });
    expect({ status, out }).toEqual({ status: exitCodes.failed, out: '{"a":"1"}\n' });
    expect(err).toContain('standard-input:3 (offset 4): MORTISE_FORMAT_SYNTAX: The quote');
  });

  it('say which value cannot be written, and which line is no JSON', async () => {
    const stray = await mortise(['encode', '--format', 'csv'], { input: '{"a":1}\n{"b":2}\n' });
    expect(stray.status).toBe(exitCodes.failed);
    expect(stray.err).toContain('MORTISE_FORMAT_UNWRITABLE: Record 2 has "b"');
    const broken = await mortise(['encode', '--format', 'csv', '--json'], { input: '{"a":1}\n{"a":\n' });
    expect(JSON.parse(broken.err)).toMatchObject({ code: 'MORTISE_FORMAT_SYNTAX', position: { line: 2 } });
  });

  it('keep every digit', async () => {
    const value = '{"id":"12345678901234567890","price":"1.10"}\n';
    const { out } = await mortise(['encode', '--format', 'ndjson'], { input: '{"id":12345678901234567890,"price":"1.10"}\n' });
    expect(out).toBe(value);
  });
});

describe('options of a format', () => {
  it.each([
    [['--option', 'delimter=;'], 'Did you mean "delimiter"?'],
    [['--option', 'delimiter'], '"delimiter" is not NAME=VALUE'],
    [['--option', 'trim=perhaps'], 'trim'],
    [['--option', 'bom=true', '--option', 'bom=false'], '"bom" of the format is given twice'],
    [['--option', 'bom.x=1'], 'has nothing within it'],
  ])('such as %j are refused', async (options, says) => {
    const { status, err } = await mortise(['decode', '--format', 'csv', ...options], { input: '' });
    expect(status).toBe(exitCodes.usage);
    expect(err).toContain(says);
  });

  it('are those of a record where a name has points', async () => {
    const options = ['--option', 'namespaces.c=urn:c', '--option', 'declaration=false'];
    const { out } = await mortise(['decode', '--format', 'xml', ...options], { input: '<a xmlns="urn:c"/>' });
    expect(out).toBe('{"c:a":""}\n');
  });

  it('name files from the current folder', async () => {
    file('a.xsd', '<xs:schema xmlns:xs="http://www.w3.org/2001/XMLSchema"><xs:element name="a" type="xs:int"/></xs:schema>');
    const asked = (input: string) => mortise(['validate', '--format', 'xml', '--option', 'schema=a.xsd'], { cwd: folder, input });
    expect(await asked('<a>1</a>')).toMatchObject({ status: 0 });
    expect(await asked('<a>x</a>')).toMatchObject({
      status: exitCodes.failed,
      err: expect.stringContaining('MORTISE_XML_INVALID'),
    });
  });

  it('are of a format that is there', async () => {
    expect(await mortise(['decode', '--format', 'cvs'], { input: '' })).toMatchObject({
      status: exitCodes.usage,
      err: expect.stringContaining('There is no format "cvs"'),
    });
    expect(await mortise(['decode', 'x'])).toMatchObject({ status: exitCodes.usage });
    expect(await mortise(['decode', '--format', 'csv', join(folder, 'nowhere')])).toMatchObject({
      status: exitCodes.failed,
      err: expect.stringContaining('MORTISE_CLI_FILE'),
    });
  });
});

describe('validate', () => {
  const schema = file(
    'schema.json',
    JSON.stringify({ type: 'object', properties: { n: { type: 'string', pattern: '^[0-9]+$' } }, required: ['n'] }),
  );

  it('counts what it read', async () => {
    const { status, out, err } = await mortise(['validate', '--format', 'csv'], { input: 'n\n1\n2\n' });
    expect({ status, out, err }).toEqual({ status: 0, out: '2 records, 0 problems\n', err: '' });
  });

  it('tells what does not fit a schema, with its record and path', async () => {
    const { status, out, err } = await mortise(['validate', '--format', 'csv', '--schema', schema], { input: 'n\n1\nx\n' });
    expect({ status, out }).toEqual({ status: exitCodes.failed, out: '2 records, 1 problem\n' });
    expect(err).toMatch(/standard-input:3 \(record 2, offset 4\): MORTISE_CLI_SCHEMA: \/n must match pattern/);
  });

  it('prints one JSON value, and the problems as lines', async () => {
    const given = ['validate', '--format', 'ndjson', '--schema', schema, '--json'];
    const { out, err } = await mortise(given, { input: '{"n":"1"}\n{}\n{"n":\n' });
    expect(JSON.parse(out)).toEqual({ records: 3, problems: 2 });
    expect(
      err
        .trim()
        .split('\n')
        .map((line) => JSON.parse(line).code),
    ).toEqual(['MORTISE_CLI_SCHEMA', 'MORTISE_FORMAT_SYNTAX']);
  });

  it('wants a schema that is one', async () => {
    const asked = (text: string) => mortise(['validate', '--format', 'csv', '--schema', file('bad.json', text)], { input: '' });
    expect(await asked('{"type":"nonsense"}')).toMatchObject({
      status: exitCodes.failed,
      err: expect.stringContaining('MORTISE_CLI_SCHEMA'),
    });
    expect(await asked('{"$ref":"other@1"}')).toMatchObject({
      status: exitCodes.failed,
      err: expect.stringContaining('MORTISE_CLI_SCHEMA'),
    });
    expect(await asked('{')).toMatchObject({ status: exitCodes.failed, err: expect.stringContaining('MORTISE_CLI_FILE') });
  });
});

describe('formats', () => {
  it('lists all of the catalog', async () => {
    const { out } = await mortise(['formats', '--json']);
    expect(JSON.parse(out).map((one: { name: string }) => one.name)).toEqual(openCatalog().formats);
    expect((await mortise(['formats'])).out).toContain('NAME');
  });

  it('shows the options of one', async () => {
    const { out } = await mortise(['formats', 'csv']);
    expect(out).toMatch(/columns\[\]\.type +text integer decimal boolean date +text +What its fields are\./);
    const { out: json } = await mortise(['formats', 'csv', '--json']);
    expect(JSON.parse(json)).toMatchObject({ name: 'csv', options: { properties: { delimiter: { default: ',' } } } });
    expect(await mortise(['formats', 'cvs'])).toMatchObject({ status: exitCodes.usage });
  });

  it('prints the schema of what one reads, which its values fit', async () => {
    const { out } = await mortise(['formats', 'csv', '--schema', '--option', 'header=["n"]']);
    expect(JSON.parse(out)).toMatchObject({ type: 'object', properties: { n: { type: 'string' } }, additionalProperties: false });
    const schema = file('hl7.schema.json', (await mortise(['formats', 'hl7', '--schema', '--option', 'names=false'])).out);
    const given = ['validate', '--format', 'hl7', '--option', 'names=false', '--schema', schema];
    expect(await mortise(given, { input: message })).toMatchObject({ status: 0, out: '1 record, 0 problems\n' });
    expect(await mortise(['formats', 'json', '--schema'])).toMatchObject({ status: exitCodes.usage });
    expect(await mortise(['formats', 'csv', '--schema', '--option', 'trim=perhaps'])).toMatchObject({ status: exitCodes.usage });
  });

  it('can be opened, each of them, by their options', async () => {
    const catalog = openCatalog();
    const declarations = await Promise.all(catalog.formats.map(async (name) => catalog.format(name)));
    expect(declarations.map(({ doc }) => doc).filter((doc) => !doc.endsWith('.'))).toEqual([]);
  });
});

it('shows how far it is', () => {
  expect(progressText(1_500_000, 6_000_000, 12_345)).toBe('1.5 of 6.0 MB (25 %), 12,345 records');
  expect(progressText(1_500_000, undefined, 0)).toBe('1.5 MB, 0 records');
});

it('reads standard input, as a process of its own', async () => {
  const input = readFileSync(import.meta.filename, 'utf8');
  const { status, out } = await spawned(['decode', '--format', 'text', '-'], { input });
  expect({ status, read: JSON.parse(out) }).toEqual({ status: 0, read: input });
});

describe('a format that the project of the current folder names', () => {
  const project = temporaryFolder();
  afterAll(project.remove);
  const write = (path: string, content: string): void => {
    mkdirSync(dirname(join(project.folder, path)), { recursive: true });
    writeFileSync(join(project.folder, path), content);
  };
  write('mortise.yaml', 'name: x\n');
  write('data/r.cpy', '       01 R.\n          05 N PIC 9(3).\n');
  write('formats/numbers.yaml', 'format: copybook\ncopybook: data/r.cpy\n');
  write('formats/broken.yaml', 'format: copybook\n');

  it('is taken with the options that stand there, both ways', async () => {
    const { bytes } = await mortise(['encode', '--format', 'numbers'], { cwd: project.folder, input: '{"N":17}\n{"N":4}\n' });
    expect(Buffer.from(bytes).toString('hex')).toBe('f0f1f7f0f0f4');
    writeFileSync(join(project.folder, 'numbers.dat'), bytes);
    const { status, out } = await mortise(['decode', '--format', 'numbers', 'numbers.dat'], { cwd: project.folder });
    expect([status, out]).toEqual([0, '{"N":17}\n{"N":4}\n']);
  });

  it.each([
    [['--format', 'numbrs'], /There is no format "numbrs"/],
    [['--format', 'numbers', '--option', 'names=camel'], /options of "numbers" stand in formats\/numbers\.yaml/],
    [['--format', 'broken'], /no format "broken"|problems of its own/],
  ])('is refused by %j', async (words, message) => {
    const { status, err } = await mortise(['decode', ...words], { cwd: project.folder, input: '' });
    expect(status).toBe(exitCodes.usage);
    expect(err).toMatch(message);
  });
});
