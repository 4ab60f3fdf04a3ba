// Types that formats tell: what is told of a mapping behind a format, and nothing of what its values really have.

import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { openCatalog } from '../../catalog/catalog.ts';
import { load, writeProject } from '../../project/project.fixture.ts';
import { openFormat } from '../../project/open-format.ts';

const copybook = `
       01  FILE-HEADER.
           05  RECORD-TYPE             PIC X.
           05  RUN-NUMBER              PIC 9(5).
       01  ACCOUNT.
           05  RECORD-TYPE             PIC X.
           05  OWNER                   PIC X(5).
           05  BALANCE                 PIC S9(5)V99 COMP-3.
           05  RATES OCCURS 2 TIMES    PIC 9V9.
`;
const accounts = {
  copybook: {
    copybook: 'data/accounts.cpy',
    choose: [{ take: 'FILE-HEADER', field: 'RECORD-TYPE', is: ['H'] }, { take: 'ACCOUNT' }],
  },
};
const order = readFileSync(fileURLToPath(new URL('../../../../formats/x12/fixtures/purchase-order.edi', import.meta.url)));
const orders = { x12: { sets: ['850'], version: '004010', acknowledge: '997' } };

/** What is told of a flow that takes files of a format, as `line CODE message`. */
async function told(format: unknown, steps: string, more: Readonly<Record<string, string>> = {}): Promise<readonly string[]> {
  const { problems } = await load({
    'mortise.yaml': 'name: acme\n',
    'data/accounts.cpy': copybook,
    'systems/drop.yaml': `connector: file\nconnection: { folder: in }\ninbounds:\n  files: ${JSON.stringify({ uses: 'read', format })}\n`,
    'systems/log.yaml': 'connector: log\n',
    'flows/f.yaml': `from: { system: drop, inbound: files }\nsteps:\n${steps}to: { system: log, outbound: write, text: x }\n`,
    ...more,
  });
  return problems.filter(({ severity }) => severity === 'error').map(({ line, code, message }) => `${line} ${code} ${message}`);
}

describe('a mapping behind a format', () => {
  it('is told where it reads what no value of it has: a segment, an element, a field of a copybook, a column', async () => {
    expect(await told(orders, '  - map: document.BEG.BEG3\n')).toEqual([
      '3 MORTISE_TYPE_UNKNOWN_FIELD "document.BEG" has no field "BEG3".',
    ]);
    expect(await told(orders, '  - map: document.PO2Loop\n')).toEqual([expect.stringContaining('has no field "PO2Loop"')]);
    expect(await told(accounts, '  - map: ACCOUNT.`BALNCE`\n')).toEqual([expect.stringContaining('has no field "BALNCE"')]);
    const csv = { csv: { header: false, columns: [{ name: 'sku' }, { name: 'quantity', type: 'integer' }] } };
    expect(await told(csv, '  - map: sku & amount\n')).toEqual([expect.stringContaining('has no field "amount"')]);
  });

  it('is told of a step that decodes, as a body, as a variable and record by record', async () => {
    const written = JSON.stringify(orders);
    expect(await told('text', `  - decode: ${written}\n  - map: document.BEG.BEG03\n`)).toEqual([]);
    const wrong = [expect.stringContaining('has no field "BEGIN"')];
    expect(await told('text', `  - decode: ${written}\n  - map: $[0].document.BEGIN\n`)).toEqual(wrong);
    expect(await told('text', `  - decode: { format: ${written}, into: all }\n  - map: $all[0].document.BEGIN\n`)).toEqual(wrong);
    expect(await told('text', `  - split: { each: { format: ${written} } }\n  - map: document.BEGIN\n`)).toEqual(wrong);
  });

  it('is told by the model where there is one', async () => {
    const model = JSON.stringify({ type: 'object', properties: { own: { type: 'string' } }, additionalProperties: false });
    const system = `connector: file\nconnection: { folder: in }\ninbounds:\n  files: ${JSON.stringify({ uses: 'read', format: orders, model: 'm@1' })}\n`;
    const more = { 'models/m.schema.json': model, 'systems/drop.yaml': system };
    expect(await told(orders, '  - map: own\n', more)).toEqual([]);
  });

  it('is told nothing where the format does not tell which documents there are', async () => {
    expect(await told('x12', '  - map: document.whatever\n')).toEqual([]);
    expect(await told('json', '  - map: whatever\n')).toEqual([]);
  });

  it('is told that a copybook cannot be read, before anything runs', async () => {
    const broken = { 'data/accounts.cpy': '       01  A.\n           05  B PIC Q(3).\n' };
    const plain = { copybook: { copybook: 'data/accounts.cpy' } };
    expect(await told(plain, '  - filter: $exists($)\n', broken)).toEqual([expect.stringContaining('1 MORTISE_COPYBOOK_')]);
  });
});

/** Every path that leads to something in a value, as expressions write it; lists are passed through. */
function pathsIn(value: unknown, path = ''): readonly string[] {
  if (Array.isArray(value)) return value.flatMap((one) => pathsIn(one, path));
  if (typeof value !== 'object' || value === null) return path === '' ? [] : [path];
  return Object.entries(value).flatMap(([name, one]) => pathsIn(one, path === '' ? `\`${name}\`` : `${path}.\`${name}\``));
}

const fixture = (path: string): Buffer => readFileSync(fileURLToPath(new URL(`../../../../formats/${path}`, import.meta.url)));

describe('what the values of a file have is never told of', () => {
  it.each([
    ['x12', orders, order],
    ['x12 by names', { x12: { ...orders.x12, keys: 'names', faults: 'value' } }, order],
    ['x12 of any version', { x12: { sets: ['850', '997'], ta1: 'always' } }, order],
    ['copybook', accounts, Buffer.from('c8f0f0f0f0f1c1e2948993a34040400100123c0012f1f2f3f4'.slice(0, 12), 'hex')],
    ['csv', { csv: { columns: [{ name: 'a' }, { name: 'b', type: 'decimal' }] } }, Buffer.from('a,b\n1,2.5\n')],
    [
      'edifact',
      { edifact: { shape: 'groups', messages: ['ORDERS:D:96A'], acknowledge: true } },
      fixture('edifact/fixtures/orders.edi'),
    ],
    ['hl7', 'hl7', fixture('hl7/fixtures/adt-a01.hl7')],
  ])('%s', async (_name, format, bytes) => {
    const folder = writeProject({ 'data/accounts.cpy': copybook });
    const found = await openFormat(openCatalog(), format, folder);
    if ('problem' in found) throw new Error(found.problem);
    const values = found.format.decodeWhole(bytes).map((one) => ('value' in one ? one.value : undefined));
    const paths = [...new Set(values.flatMap((value) => pathsIn(value)))];
    expect(paths.length).toBeGreaterThan(1);
    const map = `  - map: |\n      [${paths.join(', ')}]\n`;
    expect(await told(format, map)).toEqual([]);
  });
});
