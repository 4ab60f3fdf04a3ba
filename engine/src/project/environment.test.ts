// Environments change settings and nothing else; what they say wrongly is told where they say it.

import { describe, expect, it } from 'vitest';
import { found, goodProject, load, loadWith, only } from './project.fixture.ts';

const withTest = async (text: string, environment?: string) =>
  loadWith({ 'environments/test.yaml': text }, environment ? { environment } : {});

describe('an environment', () => {
  it('lies over settings and connections', async () => {
    const { problems, settings, definitions, environment } = await load(goodProject, { environment: 'test' });
    expect(problems).toEqual([]);
    expect(environment).toBe('test');
    expect(settings.limits).toEqual({ messageBytes: 5 * 1024 ** 2, freeDiskBytes: 1024 ** 3, stallMs: 30_000 });
    const { values } = definitions.systems.get('crm')?.connections.get('default') ?? {};
    expect(values).toMatchObject({ url: 'https://crm.test.example', auth: { bearer: 'env:CRM_TOKEN' } });
  });

  it('changes nothing where it is not named', async () => {
    const { settings, definitions } = await load(goodProject);
    expect(settings.limits.messageBytes).toBe(20 * 1024 ** 2);
    expect(definitions.systems.get('crm')?.connections.get('default')?.values).toMatchObject({ url: 'https://crm.example' });
  });

  it('replaces an option whole, and leaves the others', async () => {
    const text =
      'systems:\n  crm: { connection: { auth: { basic: { user: a, password: env:CRM_TOKEN } } }, limits: { rate: 1/s } }\n';
    const { problems, definitions } = await withTest(text, 'test');
    expect(problems).toEqual([]);
    const crm = definitions.systems.get('crm');
    expect(crm?.connections.get('default')?.values).toMatchObject({
      url: 'https://crm.example',
      auth: { basic: { user: 'a', password: 'env:CRM_TOKEN' } },
    });
    expect(crm?.limits).toEqual({ concurrency: 8, rate: { count: 1, perMs: 1000 } });
  });

  it('changes one of several connections', async () => {
    const { problems, definitions } = await withTest(
      'systems:\n  erp: { connections: { drop: { folder: data/test } } }\n',
      'test',
    );
    expect(problems).toEqual([]);
    const connections = definitions.systems.get('erp')?.connections;
    expect(connections?.get('drop')).toMatchObject({ connector: 'file', values: { folder: 'data/test', create: false } });
    expect(connections?.get('db')?.values).toMatchObject({ file: 'data/erp.db' });
  });

  it('may be empty', async () => {
    expect((await withTest('', 'test')).problems).toEqual([]);
    expect((await withTest('systems:\n', 'test')).problems).toEqual([]);
  });

  it('must be there', async () => {
    const project = await load(goodProject, { environment: 'tets' });
    expect(only(project, 'environments/tets.yaml')).toMatchObject({
      code: 'MORTISE_PROJECT_MISSING',
      remedy: 'Did you mean "test"?',
    });
  });
});

describe('what an environment cannot say', () => {
  const crm = (inner: string) => `systems:\n  crm:\n    ${inner}\n`;
  it.each([
    ['a flow', 'flows: {}\n', '1:1 MORTISE_PROJECT_ENVIRONMENT'],
    ['a step', 'steps: []\n', '1:1 MORTISE_PROJECT_ENVIRONMENT'],
    ['another name', 'name: y\n', '1:1 MORTISE_PROJECT_ENVIRONMENT'],
    ['an outbound', crm('outbounds: {}'), '3:5 MORTISE_PROJECT_ENVIRONMENT'],
    ['an inbound', crm('inbounds: {}'), '3:5 MORTISE_PROJECT_ENVIRONMENT'],
    ['another connector', crm('connector: log'), '3:5 MORTISE_PROJECT_ENVIRONMENT'],
    [
      'another connector of a connection',
      'systems:\n  erp:\n    connections:\n      db: { connector: log }\n',
      '4:13 MORTISE_PROJECT_ENVIRONMENT',
    ],
    ['an unknown setting', 'limts: {}\n', '1:1 MORTISE_PROJECT_UNKNOWN_OPTION'],
    ['an unknown setting of a system', crm('limts: {}'), '3:5 MORTISE_PROJECT_UNKNOWN_OPTION'],
    ['an unknown option of a connection', crm('connection: { urll: x }'), '3:19 MORTISE_PROJECT_UNKNOWN_OPTION'],
    ['a wrong option of a connection', crm('connection: { url: x }'), '3:24 MORTISE_PROJECT_WRONG_VALUE'],
    ['a wrong limit', 'limits: { message: big }\n', '1:20 MORTISE_PROJECT_WRONG_VALUE'],
    ['an unknown system', 'systems:\n  crn: {}\n', '2:3 MORTISE_PROJECT_UNKNOWN_NAME'],
    ['an unknown connection', 'systems:\n  erp: { connections: { dropp: {} } }\n', '2:25 MORTISE_PROJECT_UNKNOWN_NAME'],
    ['connections of a system that has one', crm('connections: {}'), '3:5 MORTISE_PROJECT_CONNECTIONS'],
    ['one connection of a system that has several', 'systems:\n  erp: { connection: {} }\n', '2:10 MORTISE_PROJECT_CONNECTIONS'],
    ['a list', '- a\n', '1:1 MORTISE_PROJECT_WRONG_VALUE'],
    ['a list of systems', 'systems: [crm]\n', '1:10 MORTISE_PROJECT_WRONG_VALUE'],
    ['a system that is none', 'systems: { crm: 1 }\n', '1:17 MORTISE_PROJECT_WRONG_VALUE'],
    ['a planned option', 'bus: {}\n', '1:1 MORTISE_PROJECT_UNKNOWN_OPTION'],
  ])('%s', async (_what, text, expected) => {
    const unchosen = await withTest(text);
    expect(found(unchosen, 'environments/test.yaml')).toContain(expected);
    expect(unchosen.problems.every(({ file }) => file === 'environments/test.yaml')).toBe(true);
    expect(found(await withTest(text, 'test'), 'environments/test.yaml')).toContain(expected);
  });
});

describe('what YAML misreads in an environment', () => {
  it('is told where it stands', async () => {
    const text = 'systems:\n  crm:\n    connection:\n      allowLinkLocal: yes\n';
    const expected = ['environments/test.yaml:4:23 MORTISE_PROJECT_YAML_BOOLEAN'];
    expect(found(await withTest(text, 'test'))).toEqual(expected);
    expect(found(await withTest(text))).toEqual(expected);
  });

  it('keeps the environment from being used, and nothing else', async () => {
    const project = await withTest('systems: { crm: { connection: { url: a: b } } }\n', 'test');
    expect(found(project)).toEqual(['environments/test.yaml:1:38 MORTISE_PROJECT_YAML_SYNTAX']);
    expect(project.definitions.systems.get('crm')?.connections.get('default')?.values).toMatchObject({
      url: 'https://crm.example',
    });
  });

  it('leaves the places of the system as they are', async () => {
    const crm = goodProject['systems/crm.yaml']?.replace('auth:', 'autth:') ?? '';
    const project = await loadWith({ 'systems/crm.yaml': crm }, { environment: 'test' });
    expect(found(project)).toEqual(['systems/crm.yaml:4:3 MORTISE_PROJECT_UNKNOWN_OPTION']);
  });
});
