// The catalog finds what is there, in the repository and in a project, and loads nothing before it is asked for.

import { cpSync, mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync, existsSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { Field, Fields } from '@mortise/sdk';
import { openCatalog } from './catalog.ts';
import { scanMortise } from './scan.ts';

const root = fileURLToPath(new URL('../../../', import.meta.url));
const sdk = pathToFileURL(join(root, 'sdk/src/index.ts')).href;

let project: string;
beforeEach(() => {
  project = mkdtempSync(join(tmpdir(), 'mortise-catalog-'));
});
afterEach(() => rmSync(project, { recursive: true, force: true }));

function write(path: string, text: string): void {
  mkdirSync(dirname(join(project, path)), { recursive: true });
  writeFileSync(join(project, path), text);
}

function connector(name: string, options = '{}', more = ''): string {
  const inbound = `{ doc: 'x', mode: 'polling', gives: 'value', options: ${options} }`;
  return `globalThis.loaded = '${name}';\nexport default { name: '${name}', doc: 'x', connection: {}, inbounds: { read: ${inbound} }, outbounds: {}${more} };\n`;
}

describe('what comes with Mortise', () => {
  it('is every folder that holds a declaration', () => {
    const inTree = (parent: string, file: string) =>
      readdirSync(join(root, parent)).filter((name) => existsSync(join(root, parent, name, file)));
    const catalog = openCatalog();
    expect(catalog.connectors).toEqual(inTree('connectors', 'connector.ts').sort());
    expect(catalog.formats).toEqual(inTree('formats', 'format.ts').sort());
    expect(catalog.connectors.length).toBeGreaterThan(0);
  });

  it('declares itself as it should, all of it', async () => {
    const catalog = openCatalog();
    for (const name of catalog.connectors) expect((await catalog.connector(name)).name).toBe(name);
    for (const name of catalog.formats) expect((await catalog.format(name)).name).toBe(name);
  });

  it('says in words what fits, wherever a text has a pattern', async () => {
    const catalog = openCatalog();
    const silent = (fields: Fields, path: string): string[] =>
      Object.entries(fields).flatMap(([name, spec]) => silentIn(spec, `${path}.${name}`));
    const silentIn = ({ pattern, expected, of, fields, forms = [] }: Field, path: string): string[] => [
      ...(pattern && expected === undefined ? [path] : []),
      ...(of ? silentIn(of, path) : []),
      ...(fields ? silent(fields, path) : []),
      ...forms.flatMap((form) => silentIn(form, path)),
    ];
    const found: string[] = [];
    for (const name of catalog.formats) found.push(...silent((await catalog.format(name)).options, name));
    for (const name of catalog.connectors) {
      const { connection, inbounds, outbounds } = await catalog.connector(name);
      found.push(...silent(connection, name));
      for (const [end, { options }] of Object.entries({ ...inbounds, ...outbounds }))
        found.push(...silent(options, `${name}.${end}`));
    }
    expect(found).toEqual([]);
  });

  it('gives implementations', async () => {
    const catalog = openCatalog();
    const decoder = await catalog.decoder('json');
    const encoder = await catalog.encoder('json');
    expect(decoder.decodeWhole(Buffer.from('[1]'), { numbers: 'exact', indent: 0, depthMax: 9 })).toMatchObject([{ value: [1] }]);
    expect(Buffer.from(encoder.encodeWhole([{ a: 1 }], { indent: 0 })).toString()).toBe('{"a":1}');
    expect(await catalog.inbound('http', 'webhook')).toBeTypeOf('function');
    expect(await catalog.outbound('log', 'write')).toBeTypeOf('function');
    expect(await catalog.ping('http')).toBeTypeOf('function');
    expect(await catalog.ping('log')).toBeUndefined();
  });

  it('lies beside the compiled engine in the published package, as JavaScript', () => {
    write('connectors/mail/connector.js', connector('mail'));
    write('connectors/mail/connector.ts', 'not looked at');
    write('connectors/sources-only/connector.ts', 'not looked at');
    mkdirSync(join(project, 'formats'));
    const found = scanMortise(pathToFileURL(join(project, 'engine/catalog/scan.js')).href);
    expect([...found.connectors.keys()]).toEqual(['mail']);
    expect(found.connectors.get('mail')?.ending).toBe('.js');
  });
});

describe('what a project has of its own', () => {
  it('is found, and loaded when it is asked for', async () => {
    write('connectors/mainframe/connector.ts', connector('mainframe'));
    write('connectors/mainframe/inbound.ts', 'export const inbounds = { read: async () => ({ close: async () => {} }) };');
    const catalog = openCatalog().extended(project);
    expect(catalog.connectors).toContain('mainframe');
    expect(catalog.connectors).toContain('http');
    expect((globalThis as { loaded?: string }).loaded).toBeUndefined();
    expect((await catalog.connector('mainframe')).inbounds).toHaveProperty('read');
    expect(await catalog.inbound('mainframe', 'read')).toBeTypeOf('function');
    await expect(catalog.inbound('mainframe', 'write')).rejects.toMatchObject({ code: 'MORTISE_CATALOG_BROKEN' });
  });

  it('may be a format written with the SDK', async () => {
    write(
      'formats/shout/format.ts',
      `import { defineFormat } from '${sdk}';\nexport default defineFormat({ name: 'shout', doc: 'x', contentType: 'text/plain', records: 'one', options: {} });`,
    );
    cpSync(join(root, 'formats/text/package.json'), join(project, 'formats/shout/package.json'));
    expect(await openCatalog().extended(project).format('shout')).toMatchObject({ contentType: 'text/plain' });
  });

  it('does not replace what comes with Mortise', async () => {
    write('connectors/http/connector.ts', connector('http'));
    expect((await openCatalog().extended(project).connector('http')).inbounds).toHaveProperty('webhook');
  });
});

describe('what cannot be used', () => {
  it('names the nearest known name', async () => {
    await expect(openCatalog().connector('htpp')).rejects.toMatchObject({
      code: 'MORTISE_CATALOG_UNKNOWN',
      remedy: 'Did you mean "http"?',
    });
    await expect(openCatalog().decoder('quipu')).rejects.toMatchObject({ code: 'MORTISE_CATALOG_UNKNOWN' });
    await expect(openCatalog().ping('__proto__')).rejects.toMatchObject({ code: 'MORTISE_CATALOG_UNKNOWN' });
  });

  it.each([
    ['a syntax error', 'export default {', /cannot be loaded/],
    ['another name than its folder', connector('other'), /calls itself "other"/],
    ['no declaration', 'export const a = 1;', /no declaration/],
    ['a part missing', 'export default { name: "x", connection: {}, inbounds: {} }', /no "outbounds"/],
    [
      'an end without options',
      'export default { name: "x", connection: {}, inbounds: { read: {} }, outbounds: {} }',
      /no options/,
    ],
    ['an option with a word of Mortise', connector('x', '{ timeout: {} }'), /option "timeout"/],
  ])('says what is broken: %s', async (_what, text, message) => {
    write('connectors/x/connector.ts', text);
    await expect(openCatalog().extended(project).connector('x')).rejects.toMatchObject({
      code: 'MORTISE_CATALOG_BROKEN',
      message: expect.stringMatching(message),
    });
  });

  it('says which export is missing', async () => {
    write('formats/x/format.ts', 'export default { name: "x", options: {} }');
    write('formats/x/decode.ts', 'export const decode = {};');
    const catalog = openCatalog().extended(project);
    await expect(catalog.decoder('x')).rejects.toMatchObject({
      code: 'MORTISE_CATALOG_BROKEN',
      message: expect.stringMatching(/"decoder"/),
    });
    await expect(catalog.encoder('x')).rejects.toMatchObject({ code: 'MORTISE_CATALOG_BROKEN' });
  });
});
