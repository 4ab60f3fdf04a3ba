// Tables of a project: how they are read, what expressions find in them, and what is told before anything runs.

import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { openCatalog } from '../catalog/catalog.ts';
import { runTests } from '../harness/run-tests.ts';
import { loadProject } from './load.ts';
import { changeProject, found, load, only, writeProject } from './project.fixture.ts';
import { readRows } from './table-rows.ts';

const countries = 'iso2,iso3,name\nDE,DEU,Germany\nPL,POL,"Poland, Republic of"\nXX,,nowhere\nYY,,nowhere\n';

const flowOf = (map: string, more = '') =>
  `from: { channel: in }\nsteps:\n  - map: |\n      ${map}\n${more}to: { channel: out }\n`;
const filesOf = (map: string, table = countries) => ({
  'mortise.yaml': 'name: acme\n',
  'channels/in.yaml': '',
  'channels/out.yaml': '',
  'tables/countries.csv': table,
  'flows/f.yaml': flowOf(map),
});
const problemsOf = async (map: string, table = countries) =>
  (await load(filesOf(map, table))).problems.filter(({ code }) => code !== 'MORTISE_PROJECT_NO_SUBSCRIBER');

/** What the expression makes of the body, or why it does not. */
async function evaluate(map: string, body: unknown, table = countries): Promise<string> {
  const test = `flow: f\ngiven: { body: ${JSON.stringify(body)} }\nexpect: [{ to: out, body: nothing that anything would be }]\n`;
  const project = await load({ ...filesOf(map, table), 'tests/it.yaml': test });
  for await (const { failures } of runTests(project)) return failures.flatMap(({ details }) => details).join(' ');
  return 'nothing ran';
}

describe('$xref', () => {
  it('finds in any column what stands in the same row of any other', async () => {
    expect(await evaluate('$xref("countries", "iso2", c, "name")', { c: 'PL' })).toContain('found "Poland, Republic of"');
    expect(await evaluate('$xref("countries", "iso3", c, "iso2")', { c: 'DEU' })).toContain('found "DE"');
    expect(await evaluate('$xref("countries", "iso2", c, "iso3")', { c: 'XX' })).toContain('found ""');
  });

  it('takes the table, the columns and the value from the message; numbers as they are written', async () => {
    const map = 'list.$xref(t, $$.from, value, $$.to)';
    const body = { from: 'code', to: 'name', list: [{ t: 'countries', value: 276 }] };
    expect(await evaluate(map, body, 'code,name\n276,Germany\n')).toContain('found "Germany"');
  });

  it('gives the default where it finds nothing, or is given nothing', async () => {
    expect(await evaluate('$xref("countries", "iso2", c, "name", "elsewhere")', { c: 'FR' })).toContain('found "elsewhere"');
    expect(await evaluate('[$xref("countries", "iso2", c, "name", null)]', {})).toContain('found [null]');
  });

  it.each([
    [
      '$xref("countries", "iso2", c, "name")',
      { c: 'FR' },
      'MORTISE_STEP_XREF_MISS: "FR" is not in column "iso2" of tables/countries.csv.',
    ],
    ['$xref("countries", "iso2", c, "name")', {}, 'MORTISE_STEP_XREF_MISS: There is no value to look up in column "iso2"'],
    ['$xref("countries", "iso3", c, "name")', { c: '' }, 'MORTISE_STEP_XREF_MISS: There is no value to look up in column "iso3"'],
    ['$xref("countries", "iso2", c, "name")', { c: ['DE'] }, 'MORTISE_STEP_WRONG_TYPE: Looked up ["DE"] in column'],
    ['$xref("countries", "iso2", c, "name")', { c: { d: 1 } }, 'MORTISE_STEP_WRONG_TYPE: Looked up {"d":1} in column "iso2"'],
    [
      '$xref(t, "iso2", "DE", "name")',
      { t: 'country' },
      'MORTISE_STEP_XREF_UNKNOWN: There is no table "country"; there are: countries.',
    ],
    ['$xref("countries", t, "DE", "name")', { t: 'iso' }, 'has no column "iso"; there are: iso2, iso3, name.'],
    [
      '$xref("countries", t, "nowhere", "iso2")',
      { t: 'name' },
      'MORTISE_STEP_XREF_AMBIGUOUS: "nowhere" stands in column "name" in lines 4 and 5',
    ],
    ['$xref(t, "iso2", "DE", "name")', { t: '__proto__' }, 'MORTISE_STEP_XREF_UNKNOWN'],
  ])('says what is wrong: %s of %j', async (map, body, said) => {
    expect(await evaluate(map, body)).toContain(said);
  });

  it('works in templates of options', async () => {
    const files = {
      ...filesOf('$'),
      'systems/crm.yaml': `connector: http\nconnection: { url: https://crm.example }\noutbounds:
  put: { uses: request, method: PUT, path: "/\${$xref('countries', 'iso2', c, 'iso3')}" }\n`,
      'flows/f.yaml': 'from: { channel: in }\nto: { system: crm, outbound: put }\n',
      'tests/it.yaml': 'flow: f\ngiven: { body: { c: FR } }\noutcome: dead\n',
    };
    const project = await load(files);
    const results = [];
    for await (const result of runTests(project)) results.push(result);
    expect(results).toMatchObject([{ passed: true }]);
    const wrong = { ...files, 'systems/crm.yaml': files['systems/crm.yaml'].replace("'iso3'", "'iso4'") };
    expect(only(await load(wrong), 'flows/f.yaml').message).toBe('tables/countries.csv has no column "iso4".');
  });
});

describe('the checker', () => {
  it('knows tables and columns that are written as text', async () => {
    expect(await problemsOf('{ "a": $xref("country", "iso2", c, "name") }')).toMatchObject([
      {
        code: 'MORTISE_FLOW_UNKNOWN_NAME',
        message: 'There is no table "country".',
        remedy: 'Known are: countries.',
        line: 4,
        column: 14,
      },
    ]);
    expect(await problemsOf('$xref("countries", "iso2", c, "nam")')).toMatchObject([
      { message: 'tables/countries.csv has no column "nam".', remedy: 'Did you mean "name"?', file: 'flows/f.yaml', line: 4 },
    ]);
    expect(await problemsOf('$xref("countries", "iso2", c)')).toMatchObject([
      { code: 'MORTISE_FLOW_EXPRESSION', message: '$xref is given 3 arguments; expected four, or five with a default.' },
    ]);
  });

  it('finds keys that stand twice, in columns by which a flow looks up, and only there', async () => {
    const twice = 'iso2,name\nDE,Germany\nDE,Deutschland\nPL,Germany\n';
    expect(await problemsOf('$xref("countries", "iso2", c, "name")', twice)).toMatchObject([
      {
        code: 'MORTISE_FLOW_TABLE_KEY',
        file: 'tables/countries.csv',
        line: 3,
        message: '"DE" stands in column "iso2" already, in line 2, and a flow looks it up there.',
      },
    ]);
    expect(await problemsOf('$', twice)).toEqual([]);
  });

  it('finds what makes a table none, by file and line', async () => {
    const places = async (table: string) => found(await load(filesOf('$', table)), 'tables/countries.csv');
    expect(await places('a,b\n1,2\n1\n1,2,3\n\n"x\ny",2\n1\n')).toEqual(
      ['3', '4', '8'].map((line) => `${line}:1 MORTISE_PROJECT_TABLE`),
    );
    expect(await places('a,b\n1,2\n1,x"y\n')).toEqual(['3:1 MORTISE_PROJECT_TABLE']);
    expect(await places('a,b\n"1,2\n')).toEqual(['2:1 MORTISE_PROJECT_TABLE']);
    expect(await places('a,,a\n1,2,3\n')).toEqual(['1:1 MORTISE_PROJECT_TABLE', '1:1 MORTISE_PROJECT_TABLE']);
    expect(await places('a;b\n1;2\n')).toEqual(['1:1 MORTISE_PROJECT_TABLE']);
    expect(await places('')).toEqual(['1:1 MORTISE_PROJECT_TABLE']);
    expect(await places('\uFEFFa,b\r\n1,2\r\n')).toEqual([]);
  });

  it('sees a change of a table that a flow looks up in as a change of the flow, and no other', async () => {
    const folder = writeProject({ ...filesOf('$xref("countries", "iso2", c, "name")'), 'tables/other.csv': 'a\n1\n' });
    const revision = async () => {
      const project = await loadProject(folder, { catalog: openCatalog() });
      return [project.revision, project.compiled.get('f')?.revision];
    };
    const [before, flowBefore] = await revision();
    changeProject(folder, { 'tables/other.csv': 'a\n2\n' });
    expect((await revision())[1]).toBe(flowBefore);
    changeProject(folder, { 'tables/countries.csv': `${countries}FR,FRA,France\n` });
    const [after, flowAfter] = await revision();
    expect([after === before, flowAfter === flowBefore]).toEqual([false, false]);
  });
});

describe('rows', () => {
  it('are read as they were written, with the line where each begins', () => {
    const cells = fc.array(fc.string({ unit: fc.constantFrom('a', ',', '"', '\n', '\r\n', ' ', 'é') }), {
      minLength: 2,
      maxLength: 4,
    });
    fc.assert(
      fc.property(fc.array(cells, { maxLength: 6 }), fc.constantFrom('\n', '\r\n'), (rows, end) => {
        const lines = rows.map((row) => row.map((one) => `"${one.replaceAll('"', '""')}"`).join(','));
        const text = lines.map((line) => line + end).join('');
        const read = readRows(text);
        expect(read.fault).toBeUndefined();
        expect(read.rows.map((row) => row.cells)).toEqual(rows);
        const expected = lines.map((_, index) => lines.slice(0, index).join('\n').split('\n').length + (index > 0 ? 1 : 0));
        expect(read.rows.map(({ line }) => line)).toEqual(expected);
      }),
    );
  });
});
