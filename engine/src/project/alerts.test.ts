// The rules of alerts in a project: what may be written, and what is said of what may not.

import { describe, expect, it } from 'vitest';
import { found, goodProject, loadWith, only } from './project.fixture.ts';
import { projectSchemas } from './schema.ts';

const rule = (text: string) => loadWith({ 'alerts/a.yaml': text });
const receivers = `${goodProject['mortise.yaml'] ?? ''}
alerts: { receivers: { ops: { kind: mail, to: [a@b.example], from: c@d.example, host: smtp.example, password: env:SMTP } } }
`;

describe('a rule', () => {
  it('is read with its defaults, and takes the place of what is there without being written', async () => {
    const project = await rule('when: { kind: dead-letters }\n');
    expect(found(project, 'alerts/a.yaml')).toEqual([]);
    expect(project.alerts.map(({ name, file }) => [name, file])).toEqual([
      ['a', 'alerts/a.yaml'],
      ['held-lanes', undefined],
      ['certificate', undefined],
      ['disk', undefined],
    ]);
    expect(project.alerts[0]).toMatchObject({ severity: 'warning', when: { kind: 'dead-letters', atLeast: 1 } });
  });

  it.each([
    ['an unknown kind', 'when: { kind: noise }\n', '1:7 MORTISE_PROJECT_WRONG_VALUE'],
    ['no condition', 'severity: critical\n', '1:1 MORTISE_PROJECT_MISSING_OPTION'],
    ['a silence without a time', 'when: { kind: silence, system: shop }\n', '1:7 MORTISE_PROJECT_MISSING_OPTION'],
    ['a slip in an option', 'when: { kind: backlog, abov: 5 }\n', '1:24 MORTISE_PROJECT_UNKNOWN_OPTION'],
    ['a flow that is not there', 'when: { kind: backlog, above: 5, flow: none }\n', '1:40 MORTISE_PROJECT_UNKNOWN_NAME'],
    ['a system that is not there', 'when: { kind: silence, for: 5m, system: none }\n', '1:41 MORTISE_PROJECT_UNKNOWN_NAME'],
    [
      'an inbound that is not there',
      'when: { kind: silence, for: 5m, system: shop, inbound: x }\n',
      '1:56 MORTISE_PROJECT_UNKNOWN_NAME',
    ],
    ['a receiver that is not there', 'when: { kind: disk }\nto: [nobody]\n', '2:6 MORTISE_PROJECT_UNKNOWN_NAME'],
  ])('with %s is told at its place', async (_what, text, problem) => {
    expect(found(await rule(text), 'alerts/a.yaml')).toEqual([problem]);
  });

  it('names the nearest of what there is', async () => {
    const project = await loadWith({ 'alerts/a.yaml': 'when: { kind: disk }\nto: [op]\n', 'mortise.yaml': receivers });
    expect(only(project, 'alerts/a.yaml').remedy).toBe('Did you mean "ops"?');
  });

  it('has a schema by which editors complete it', async () => {
    const { alert } = await projectSchemas(await rule('when: { kind: disk }\n'));
    expect(JSON.stringify(alert)).toContain('held-lanes');
    expect(alert).toMatchObject({ title: 'alerts/*.yaml', required: ['when'] });
  });
});

describe('a receiver', () => {
  it('without its secret is told where it is referred to', async () => {
    const project = await loadWith({ 'mortise.yaml': receivers });
    const line = receivers.split('\n').findIndex((text) => text.startsWith('alerts:')) + 1;
    expect(project.problems.filter(({ code }) => code === 'MORTISE_PROJECT_SECRET_UNSET')).toMatchObject([
      { file: 'mortise.yaml', line, severity: 'warning' },
    ]);
  });

  it('with a secret in the clear is refused', async () => {
    const project = await loadWith({ 'mortise.yaml': receivers.replace('env:SMTP', 'correct-horse') });
    expect(JSON.stringify(project.problems)).not.toContain('correct-horse');
    expect(found(project, 'mortise.yaml')[0]).toMatch(/ MORTISE_PROJECT_WRONG_VALUE$/);
  });
});
