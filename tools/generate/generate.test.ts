// The pages of the reference and the option tables of READMEs, from made-up declarations.

import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { defineConnector, defineInbound, defineOutbound, field } from '@mortise/sdk';
import { afterEach, describe, expect, it } from 'vitest';
import { connectorList, connectorPage } from './connector-pages.ts';
import { errorPage } from './error-page.ts';
import { formatList, formatPage } from './format-pages.ts';
import { connectorReadme, formatReadme } from './readme-tables.ts';
import { generateFiles } from './reference.ts';
import { stepPage } from './step-page.ts';

const ftp = defineConnector({
  name: 'ftp',
  doc: 'Reads and writes files on an FTP server.',
  connection: { host: field.text({ doc: 'The server | its address.' }) },
  inbounds: {
    read: defineInbound({ doc: 'Takes files.', mode: 'polling', every: '1m', gives: 'bytes', format: 'csv', options: {} }),
    push: defineInbound({ doc: 'Is told of files.', mode: 'listening', gives: 'value', options: {} }),
  },
  outbounds: {
    write: defineOutbound({
      doc: 'Writes a file.',
      takes: 'bytes',
      replies: false,
      repeats: 'safe',
      options: { name: field.text({ doc: 'Its name.' }) },
    }),
    ask: defineOutbound({ doc: 'Lists.', takes: 'value', replies: true, repeats: () => 'unsafe', options: {} }),
  },
});
const tsv = {
  name: 'tsv',
  doc: 'Text with tabs.',
  contentType: 'text/tab-separated-values',
  records: 'many',
  options: {},
} as const;
const nameRow = '| `name` | text | **required** | Its name. |';

describe('connectors', () => {
  it('lists them with their ends', () => {
    expect(connectorList([ftp])).toContain(
      '| [`ftp`](connectors/ftp.md) | Reads and writes files on an FTP server. | `read`, `push` | `write`, `ask` |',
    );
  });

  it('says of each end how it works', () => {
    const text = connectorPage(ftp);
    expect(text).toContain(
      '## Inbound `read`\n\nTakes files.\n\nPolling: looks every `1m`. Gives bytes, by a format. Format: `csv` unless another is named.',
    );
    expect(text).toContain('Listening: the other side calls. Gives values, no format needed.');
    expect(text).toContain('Takes bytes, by a format. Gives no reply. A repeat is safe.');
    expect(text).toContain('Replies, so `call` can use it. Whether a repeat is safe depends on the options.');
    expect(text).toContain(nameRow);
    expect(text).toContain('The server \\| its address.');
  });
});

describe('formats', () => {
  it('lists them, and says of each what a body is', () => {
    expect(formatList([tsv])).toContain('| [`tsv`](formats/tsv.md) | Text with tabs. | `text/tab-separated-values` |');
    expect(formatPage(tsv)).toContain('A body is any number of records. Content type: `text/tab-separated-values`.');
    expect(formatPage(tsv)).toContain('No options.');
  });
});

describe('steps', () => {
  it('says what each takes', () => {
    const step = { pattern: 'Delayer', doc: 'Waits.' };
    const group = field.group({ name: field.text({ doc: 'Its name.' }) }, { doc: 'Named.' });
    const steps = [
      { ...step, name: 'delay', form: field.oneOf([field.duration({ doc: 'How long.' }), group], { doc: 'How long.' }) },
      { ...step, name: 'route', form: field.list(group, { doc: 'Branches.' }) },
    ];
    const text = stepPage(steps, new Map([['delay', 'examples/patterns/a/flows/b.yaml']]));
    expect(text.split('Example, with a test: [`patterns/a/flows/b.yaml`](../../examples/patterns/a/flows/b.yaml).')).toHaveLength(
      2,
    );
    expect(text).toContain('| [`delay`](#delay) | Delayer | Waits. |');
    expect(text).toContain('Takes a duration such as 250ms, 5s, 15m, 7d.');
    expect(text).toContain('Or a mapping:\n\n');
    expect(text).toContain('Takes a list; each has:\n\n');
    expect(text.split(nameRow)).toHaveLength(3);
  });
});

describe('errors', () => {
  it('sorts codes into areas, and says who acts', () => {
    const entry = { actor: 'operator', cause: 'It stopped.', remedy: 'Start it.' } as const;
    const text = errorPage({ MORTISE_TEST_B: entry, MORTISE_TEST_A: { ...entry, actor: 'mortise' } });
    expect(text.match(/^##.*$/gm)).toEqual(['## TEST', '### MORTISE_TEST_A', '### MORTISE_TEST_B']);
    expect(text).toContain('It stopped.\n\n- Who acts: whoever runs the engine.\n- What to do: Start it.');
  });
});

describe('READMEs', () => {
  const stale = '# ftp\n\n<!-- options write -->\nold\n<!-- /options -->\n\nMore.\n';

  it('gets the table between the markers, and keeps the rest', () => {
    const fresh = connectorReadme(stale, ftp);
    expect(fresh).toMatch(/^# ftp\n\n<!-- options write -->\n\| option [^]*\n<!-- \/options -->\n\nMore\.\n$/);
    expect(fresh).toContain(nameRow);
    expect(connectorReadme(fresh, ftp)).toBe(fresh);
  });

  it('stays as it is without markers', () => {
    expect(formatReadme('# tsv\n', tsv)).toBe('# tsv\n');
    expect(formatReadme('<!-- options -->\n<!-- /options -->\n', tsv)).toBe('<!-- options -->\nNo options.\n<!-- /options -->\n');
  });
});

describe('a whole repository', () => {
  const root = mkdtempSync(join(tmpdir(), 'mortise-generate-'));
  afterEach(() => rmSync(root, { recursive: true, force: true }));

  it('is read from its folders, in order of names, the same every time', async () => {
    write(
      'connectors/ftp/connector.ts',
      "export default { name: 'ftp', doc: 'F.', connection: {}, inbounds: {}, outbounds: {} };",
    );
    write(
      'connectors/as2/connector.ts',
      "export default { name: 'as2', doc: 'A.', connection: {}, inbounds: {}, outbounds: {} };",
    );
    write('formats/tsv/format.ts', "export default { name: 'tsv', doc: 'T.', contentType: 'a/b', records: 'one', options: {} };");
    write('formats/tsv/README.md', '<!-- options -->\n<!-- /options -->\n');
    write(
      'engine/src/store/errors.ts',
      "export const e = Object.assign(() => 1, { table: { MORTISE_TEST_A: { actor: 'author', cause: 'C.', remedy: 'R.' } } });",
    );
    write(
      'engine/src/flow/steps.ts',
      "export const stepDefinitions = new Map([['wait', { name: 'wait', pattern: 'P', doc: 'W.', form: {} }]]);",
    );
    const files = await generateFiles(root);
    expect([...files.keys()]).toEqual([
      'docs/reference/connectors.md',
      'docs/reference/connectors/as2.md',
      'docs/reference/connectors/ftp.md',
      'docs/reference/formats.md',
      'docs/reference/formats/tsv.md',
      'docs/reference/steps.md',
      'docs/reference/errors.md',
      'formats/tsv/README.md',
    ]);
    expect(files.get('docs/reference/errors.md')).toContain('### MORTISE_TEST_A');
    expect(files.get('docs/reference/steps.md')).toContain('## wait');
    expect(files).toEqual(await generateFiles(root));
  });

  function write(path: string, text: string): void {
    mkdirSync(dirname(join(root, path)), { recursive: true });
    writeFileSync(join(root, path), text);
  }
});
