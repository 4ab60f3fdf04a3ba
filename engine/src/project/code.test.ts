// The project's own code: flows in TypeScript, functions, connectors and formats; executed only where that was said.

import { fileURLToPath, pathToFileURL } from 'node:url';
import { describe, expect, it } from 'vitest';
import { openCatalog } from '../catalog/catalog.ts';
import { loadProject } from './load.ts';
import { changeProject, found, load, only, variables, writeProject } from './project.fixture.ts';

const sdk = pathToFileURL(fileURLToPath(new URL('../../../sdk/src/index.ts', import.meta.url))).href;
const marker = (name: string) =>
  `(globalThis as { ran?: string[] }).ran = [...((globalThis as { ran?: string[] }).ran ?? []), '${name}'];\n`;
const ran = () => (globalThis as { ran?: string[] }).ran ?? [];

const base = { 'mortise.yaml': 'name: x\n', 'channels/in.yaml': '', 'channels/out.yaml': '' };
const flow = `import { defineFlow } from '${sdk}';
${marker('flow')}export default defineFlow({
  from: { channel: 'in' },
  steps: [{ filter: (body: { total: number }) => body.total > 0 }, { map: 'total' }],
  to: { channel: 'out' },
});
`;
const out = { 'flows/end.yaml': 'from: { channel: out }\n' };

describe('a flow in TypeScript', () => {
  it('is the same object, with functions for expressions', async () => {
    const { problems, compiled } = await load({ ...base, ...out, 'flows/a.ts': flow });
    expect(problems).toEqual([]);
    expect(compiled.get('a')).toMatchObject({ name: 'a', from: { kind: 'channel' } });
  });

  it('has its problems at its beginning', async () => {
    const { problems } = await load({ ...base, ...out, 'flows/a.ts': flow.replace("'out'", "'outt'") });
    expect(problems).toMatchObject([
      { file: 'flows/a.ts', line: 1, code: 'MORTISE_FLOW_UNKNOWN_NAME', remedy: 'Did you mean "out"?' },
    ]);
  });

  it.each([
    ['does not parse', 'export default {', /cannot be loaded/],
    ['throws', 'throw new Error("not today")', /not today/],
    ['exports nothing', 'export const flow = {};', /no flow/],
    ['exports something else', 'export default 12;', /no flow/],
  ])('is a problem where it %s', async (_what, text, message) => {
    const problem = only(await load({ ...base, ...out, 'flows/a.ts': text }), 'flows/a.ts');
    expect(problem).toMatchObject({ code: 'MORTISE_PROJECT_CODE', message: expect.stringMatching(message) });
  });

  it('is not executed where nothing is to be, and what it may use is not called unused', async () => {
    const before = ran().length;
    const { problems, compiled } = await load(
      { ...base, ...out, 'flows/a.ts': flow, 'tests/a.yaml': 'flow: a\ngiven: {}\n' },
      { execute: false },
    );
    expect(problems).toMatchObject([{ file: 'flows/a.ts', code: 'MORTISE_PROJECT_NOT_EXECUTED', severity: 'warning' }]);
    expect(compiled.has('a')).toBe(false);
    expect(ran().length).toBe(before);
  });

  it('is loaded anew when it has changed', async () => {
    const folder = writeProject({ ...base, ...out, 'flows/a.ts': flow });
    const description = async () =>
      (await loadProject(folder, { catalog: openCatalog(), variables })).compiled.get('a')?.description;
    expect(await description()).toBeUndefined();
    changeProject(folder, { 'flows/a.ts': flow.replace('from: {', "description: 'changed', from: {") });
    expect(await description()).toBe('changed');
  });
});

describe('functions', () => {
  it('are loaded when they are asked for, anew when the file has changed, and never from outside', async () => {
    const folder = writeProject({ ...base, 'scripts/price.ts': 'export const price = () => 1;' });
    const { definitions } = await loadProject(folder, { catalog: openCatalog(), variables });
    const price = async () => ((await definitions.functions('scripts/price.ts'))['price'] as () => number)();
    expect(await price()).toBe(1);
    changeProject(folder, { 'scripts/price.ts': 'export const price = () => 2;' });
    expect(await price()).toBe(2);
    await expect(definitions.functions('../x.ts')).rejects.toMatchObject({ code: 'MORTISE_PROJECT_OUTSIDE' });
    await expect(definitions.functions('scripts/none.ts')).rejects.toMatchObject({ code: 'MORTISE_PROJECT_CODE' });
  });

  it('change the revision', async () => {
    const folder = writeProject({ ...base, 'scripts/price.ts': 'export const price = () => 1;' });
    const revision = async () => (await loadProject(folder, { catalog: openCatalog(), variables })).revision;
    const first = await revision();
    changeProject(folder, { 'scripts/price.ts': 'export const price = () => 2;' });
    expect(await revision()).not.toBe(first);
  });
});

describe('connectors and formats of the project', () => {
  const connector = `import { defineConnector, defineOutbound, field } from '${sdk}';
${marker('connector')}export default defineConnector({ name: 'mainframe', doc: 'x', connection: { host: field.text({ doc: 'The host.' }) }, inbounds: {},
  outbounds: { put: defineOutbound({ doc: 'x', takes: 'bytes', format: 'json', replies: false, repeats: 'safe', options: {} }) } });
`;
  const format = `import { defineFormat } from '${sdk}';
export default defineFormat({ name: 'shout', doc: 'x', contentType: 'text/plain', records: 'one', options: {} });
`;
  const coding = (name: string) => `export const ${name} = { ${name}: () => [], ${name}Whole: () => Buffer.from('LOUD') };`;
  const files = {
    ...base,
    ...out,
    'connectors/mainframe/connector.ts': connector,
    'formats/shout/format.ts': format,
    'formats/shout/decode.ts': coding('decoder').replaceAll('decoder:', 'decode:').replaceAll('decoderWhole', 'decodeWhole'),
    'formats/shout/encode.ts': coding('encoder').replaceAll('encoder:', 'encode:').replaceAll('encoderWhole', 'encodeWhole'),
    'systems/host.yaml': 'connector: mainframe\nconnection: { host: h }\noutbounds: { put: { uses: put, format: shout } }\n',
    'flows/a.yaml': 'from: { channel: in }\nto: [{ system: host, outbound: put }, { channel: out }]\n',
  };

  it('are used as those of Mortise are', async () => {
    const { problems, definitions, catalog } = await load(files);
    expect(problems).toEqual([]);
    expect(catalog.connectors).toContain('mainframe');
    const put = definitions.systems.get('host')?.outbounds.get('put');
    expect(put?.format?.encodeWhole([1]).toString()).toBe('LOUD');
  });

  it('are not executed where nothing is to be, and nothing that uses them is to blame', async () => {
    const before = ran().length;
    const project = await load(files, { execute: false });
    expect(found(project)).toEqual([
      'connectors/mainframe:1:1 MORTISE_PROJECT_NOT_EXECUTED',
      'formats/shout:1:1 MORTISE_PROJECT_NOT_EXECUTED',
    ]);
    expect(ran().length).toBe(before);
  });

  it('are problems where they cannot be loaded', async () => {
    const project = await load({
      ...files,
      'connectors/mainframe/connector.ts': 'export default {',
      'formats/shout/format.ts': 'export default {',
    });
    expect(found(project)).toEqual(['connectors/mainframe:1:1 MORTISE_PROJECT_CODE']);
  });

  it('cannot have the names of those that come with Mortise', async () => {
    const project = await load({
      ...base,
      ...out,
      'connectors/http/connector.ts': connector,
      'formats/json/format.ts': format,
      'flows/a.yaml': 'from: { channel: in }\nto: { channel: out }\n',
    });
    expect(found(project)).toEqual([
      'connectors/http:1:1 MORTISE_PROJECT_NAME_TAKEN',
      'formats/json:1:1 MORTISE_PROJECT_NAME_TAKEN',
    ]);
  });
});
