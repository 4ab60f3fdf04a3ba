// Files of the project through the API: checked, tried on recorded messages, applied, taken back; traces and models.

import { execFileSync } from 'node:child_process';
import { existsSync, readdirSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { runHost } from './host.fixture.ts';
import type { RunningHost } from './host.fixture.ts';
import type { MessageRows } from './messages.ts';

interface File {
  readonly text: string;
  readonly hash: string;
  readonly writable: boolean;
}

interface DryRun {
  readonly tried: number;
  readonly same: number;
  readonly problems: readonly { readonly severity: string }[];
  readonly changed: readonly { readonly before: { readonly outputs: unknown }; readonly after: { readonly outputs: unknown } }[];
}

const path = 'flows/in.yaml';
let running: RunningHost;
beforeAll(async () => {
  running = await runHost();
  for (const id of ['a', 'b']) await running.post('/api/v1/send', { target: 'shop.order', value: { id } });
  await running.post('/api/v1/send', { target: 'shop.order', value: { id: 'c', ignored: true } });
  await running.until<MessageRows>(
    '/api/v1/messages?destination=outbound:crm.put-order&state=done',
    ({ rows }) => rows.length === 2,
  );
});
afterAll(() => running.close());

const file = async (): Promise<File> => (await running.get<File>(`/api/v1/project/file?path=${path}`)).body;
const apply = (text: string, base: string) =>
  running.post<Record<string, unknown>>('/api/v1/project/apply', {
    path,
    text,
    base,
    reason: 'a better key',
  });
const onDisk = (): string => readFileSync(join(running.folder, path), 'utf8');

describe('files', () => {
  it('are listed and read, with whether they can be written', async () => {
    const { body } = await running.get<{ readonly files: readonly string[] }>('/api/v1/project/files');
    expect(body.files).toEqual(expect.arrayContaining([path, 'mortise.yaml', 'models/order.schema.json']));
    expect(await file()).toMatchObject({ text: onDisk(), writable: true });
  });

  it.each(['../secret.yaml', '.mortise/data/mortise.db', 'flows/../../x.yaml', 'flows/none.yaml', 'flows/link.yaml'])(
    'outside, hidden or missing ones are not there: %s',
    async (wanted) => {
      if (wanted.endsWith('link.yaml')) symlinkSync('/etc/hostname', join(running.folder, wanted));
      const answer = await running.get(`/api/v1/project/file?path=${encodeURIComponent(wanted)}`);
      expect([answer.status, answer.body]).toMatchObject([404, { code: 'MORTISE_CONTROL_UNKNOWN' }]);
      if (wanted.endsWith('link.yaml')) execFileSync('rm', [join(running.folder, wanted)]);
    },
  );

  it('have schemas for what completes them', async () => {
    const { body } = await running.get<Record<string, { readonly title: string }>>('/api/v1/project/schemas');
    expect(body['flow']?.title).toBe('flows/*.yaml');
  });

  it('that are code are not written', async () => {
    const answer = await running.post('/api/v1/project/check', { path: 'flows/code.ts', text: '' });
    expect([answer.status, answer.body]).toMatchObject([403, { code: 'MORTISE_CONTROL_NOT_WRITABLE' }]);
  });
});

describe('a draft', () => {
  it('is checked in its place among the other files', async () => {
    const text = onDisk().replace('channel: orders', 'channel: ordesr');
    const { body } = await running.post<{ readonly problems: readonly unknown[] }>('/api/v1/project/check', { path, text });
    expect(body.problems).toEqual(expect.arrayContaining([expect.objectContaining({ file: path, severity: 'error', line: 6 })]));
    expect(onDisk()).toContain('channel: orders');
  });

  it('is tried on what was recorded: what would come out otherwise is told', async () => {
    const sent = running.received.length;
    const text = onDisk().replace('  - filter: $not($exists(ignored))\n', '  - map: \'{ "id": id & "!" }\'\n');
    const { body } = await running.post<DryRun>('/api/v1/project/dry-run', { path, text, flow: 'in', last: 10 });
    expect([body.tried, body.same, body.changed.length]).toEqual([3, 0, 3]);
    expect(body.changed.map(({ before, after }) => [before.outputs, after.outputs])).toEqual(
      expect.arrayContaining([
        [[{ to: 'channel:orders', body: { id: 'a' } }], [{ to: 'channel:orders', body: { id: 'a!' } }]],
        [[], [{ to: 'channel:orders', body: { id: 'c!' } }]],
      ]),
    );
    expect(running.received.length).toBe(sent);
  });

  it('that changes nothing that comes out is said to be the same', async () => {
    const { body } = await running.post<DryRun>('/api/v1/project/dry-run', {
      path,
      text: `${onDisk()}# a remark\n`,
      flow: 'in',
      last: 2,
    });
    expect(body).toMatchObject({ tried: 2, same: 2, changed: [] });
  });

  it('that asks a system anew is told to be unknown: nothing is asked', async () => {
    const sent = running.received.length;
    const text = onDisk().replace(
      '  - filter: $not($exists(ignored))\n',
      '  - call: { system: crm, outbound: add-note, with: "{}", into: note }\n',
    );
    const { body } = await running.post<DryRun>('/api/v1/project/dry-run', { path, text, flow: 'in', last: 1 });
    expect(body.changed).toMatchObject([{ after: { outcome: 'failed', error: { code: 'MORTISE_DELIVERY_REHEARSAL' } } }]);
    expect(running.received.length).toBe(sent);
  });

  it('with errors is not tried', async () => {
    const { body } = await running.post<DryRun>('/api/v1/project/dry-run', {
      path,
      text: 'from: nowhere\n',
      flow: 'in',
      last: 2,
    });
    expect(body.tried).toBe(0);
    expect(body.problems.some(({ severity }) => severity === 'error')).toBe(true);
  });
});

describe('a change', () => {
  it('is written and runs; who and why is kept, and what was before can be had back', async () => {
    execFileSync('git', ['-C', running.folder, 'init', '--quiet']);
    execFileSync('git', ['-C', running.folder, 'add', 'flows']);
    execFileSync('git', ['-C', running.folder, '-c', 'user.name=x', '-c', 'user.email=x@y', 'commit', '--quiet', '-m', 'first']);
    const former = await file();
    const text = former.text.replace('order: id', 'order: id & "-1"');
    const answer = await apply(text, former.hash);
    expect(answer.body).toMatchObject({ applied: true, revision: { author: 'local', reason: 'a better key' } });
    expect(onDisk()).toBe(text);
    await running.post('/api/v1/send', { target: 'shop.order', value: { id: 'n' } });
    await running.until<MessageRows>('/api/v1/find?text=n-1', ({ rows }) => rows.length > 0);
    expect(execFileSync('git', ['-C', running.folder, 'log', '-1', '--format=%an: %s'], { encoding: 'utf8' })).toBe(
      'local: a better key\n',
    );
    const { body } = await running.get<{ readonly revisions: readonly { readonly id: string }[] }>(
      `/api/v1/project/revisions?path=${path}`,
    );
    expect(body.revisions).toMatchObject([{ reason: 'a better key' }, { reason: 'as it was on disk' }]);
    const first = await running.get(`/api/v1/project/revision?path=${path}&id=${body.revisions[1]?.id}`);
    expect(first.body).toEqual({ text: former.text });
    expect((await apply(former.text, (await file()).hash)).body).toMatchObject({ applied: true });
    expect(onDisk()).toBe(former.text);
  });

  it('of a file that somebody else changed meanwhile is refused, and theirs is told', async () => {
    const { hash, text } = await file();
    writeFileSync(join(running.folder, path), `${text}# theirs\n`);
    const answer = await apply(`${text}# mine\n`, hash);
    expect([answer.status, answer.body]).toMatchObject([409, { code: 'MORTISE_CONTROL_CHANGED', text: `${text}# theirs\n` }]);
    expect(onDisk()).toBe(`${text}# theirs\n`);
    writeFileSync(join(running.folder, path), text);
  });

  it('with errors is not written', async () => {
    const { hash, text } = await file();
    expect((await apply('from: nowhere\n', hash)).body).toMatchObject({ applied: false });
    expect(onDisk()).toBe(text);
  });
});

describe('a new file', () => {
  const make = (table: string, text: string, base = 'new') =>
    running.post<Record<string, unknown>>('/api/v1/project/apply', {
      path: `tables/${table}.csv`,
      text,
      base,
      reason: 'new codes',
    });
  const whole = 'iso2,iso3\nDE,DEU\n';

  it('is made with its folder, runs, and has a revision and a commit', async () => {
    const answer = await make('countries', whole);
    expect(answer.body).toMatchObject({ applied: true, revision: { id: '1', commit: expect.any(String) } });
    expect(readFileSync(join(running.folder, 'tables/countries.csv'), 'utf8')).toBe(whole);
    expect(readdirSync(join(running.folder, 'tables'))).toEqual(['countries.csv']);
    const { body } = await running.get<{ readonly revisions: readonly object[] }>(
      '/api/v1/project/revisions?path=tables/countries.csv',
    );
    expect(body.revisions).toHaveLength(1);
  });

  it('is none where one of its name is there: that is told, and stays as it is', async () => {
    const answer = await make('countries', 'other\n');
    expect([answer.status, answer.body]).toMatchObject([409, { code: 'MORTISE_CONTROL_CHANGED', text: whole }]);
    expect(readFileSync(join(running.folder, 'tables/countries.csv'), 'utf8')).toBe(whole);
  });

  it('is not made with errors, under a name that is none, hidden, by a link out of the project, or of a hash of nothing', async () => {
    expect((await make('units', 'a;b\n')).body).toMatchObject({
      applied: false,
      problems: expect.arrayContaining([
        expect.objectContaining({ file: 'tables/units.csv', remedy: 'Separate cells by commas, not by anything else.' }),
      ]),
    });
    expect((await make('A b', whole)).status).toBe(403);
    expect((await make('Units', whole)).body).toMatchObject({ applied: false });
    expect((await make('.units', whole)).body).not.toMatchObject({ applied: true });
    expect((await make('units', whole, '0'.repeat(16))).status).toBe(404);
    symlinkSync(tmpdir(), join(running.folder, 'partners'));
    const outside = { path: 'partners/units.yaml', text: '', base: 'new', reason: 'x' };
    expect((await running.post<object>('/api/v1/project/apply', outside)).body).not.toMatchObject({ applied: true });
    expect(existsSync(join(tmpdir(), 'units.yaml'))).toBe(false);
    rmSync(join(running.folder, 'partners'));
    expect(readdirSync(join(running.folder, 'tables'))).toEqual(['countries.csv']);
  });
});

describe('a trace', () => {
  it('gives the body behind each step, the outputs, and where fields come from', async () => {
    const { body } = await running.get<MessageRows>('/api/v1/messages?destination=flow:in');
    const ofA = body.rows.find(({ message }) => message.bodyBytes === '{"id":"a"}'.length);
    const trace = await running.get<Record<string, unknown>>(`/api/v1/deliveries/${ofA?.delivery.id}/trace`);
    expect(trace.body).toMatchObject({
      flow: 'in',
      outcome: 'done',
      steps: [
        { name: 'filter', count: 1, line: 4 },
        { name: 'track', count: 1, line: 5 },
      ],
      outputs: [{ to: 'channel:orders' }],
    });
  });

  it('says what would come of another body', async () => {
    const { body } = await running.get<MessageRows>('/api/v1/messages?destination=flow:in&limit=1');
    const id = body.rows[0]?.delivery.id;
    const rehearsed = await running.post(`/api/v1/deliveries/${id}/rehearse`, { value: { id: 'other' } });
    expect(rehearsed.body).toMatchObject({ outcome: 'done', outputs: [{ to: 'channel:orders', body: { id: 'other' } }] });
    const failed = await running.post(`/api/v1/deliveries/${id}/rehearse`, { value: { number: 1 } });
    expect(failed.body).toMatchObject({ outcome: 'failed', error: { code: 'MORTISE_STEP_WRONG_TYPE' } });
  });

  it('is for flows only', async () => {
    const { body } = await running.get<MessageRows>('/api/v1/messages?destination=outbound:crm.put-order&limit=1');
    const answer = await running.get(`/api/v1/deliveries/${body.rows[0]?.delivery.id}/trace`);
    expect(answer.status).toBe(404);
  });
});

describe('a flow', () => {
  it('is told as it is written, with how its steps fare', async () => {
    const { body } = await running.get<Record<string, unknown>>('/api/v1/flows/in');
    expect(body).toMatchObject({
      file: path,
      definition: { from: { system: 'shop', inbound: 'order' } },
      looked: 4,
      steps: [
        { name: 'filter', passed: 3, failed: 0 },
        { name: 'track', passed: 3, failed: 0 },
      ],
    });
    expect((await running.get('/api/v1/flows/im')).body).toMatchObject({
      code: 'MORTISE_CONTROL_UNKNOWN',
      remedy: 'Did you mean "in"?',
    });
  });
});

describe('models', () => {
  it('are told with who gives and who takes them', async () => {
    expect((await running.get('/api/v1/models')).body).toMatchObject([
      { name: 'order@1', producers: ['shop.order', 'flow:in'], consumers: ['flow:in', 'flow:out'] },
    ]);
  });

  it('are told with the systems that reply with them or take nothing else, and the flows that ask', async () => {
    const write = (name: string, text: string): void => writeFileSync(join(running.folder, name), text);
    write(
      'systems/archive.yaml',
      `connector: http
connection: { url: "http://127.0.0.1:1" }
outbounds:
  find: { uses: request, method: GET, path: /find, reply: order@1 }
  keep: { uses: request, method: PUT, path: /keep, model: order@1 }
`,
    );
    write('channels/asked.yaml', 'kind: point-to-point\n');
    write('flows/ask.yaml', 'from: { channel: asked }\nsteps:\n  - call: { system: archive, outbound: find, into: found }\n');
    expect((await running.post('/api/v1/reload')).body).toMatchObject({ applied: true });
    expect((await running.get('/api/v1/models')).body).toMatchObject([
      {
        name: 'order@1',
        producers: ['shop.order', 'archive.find', 'flow:in'],
        consumers: ['archive.keep', 'flow:in', 'flow:out', 'flow:ask'],
      },
    ]);
  });

  it('say what a change would break', async () => {
    const schema = {
      type: 'object',
      required: ['number'],
      properties: { number: { type: 'string' } },
      additionalProperties: false,
    };
    const { body } = await running.post<{ readonly flows: readonly { readonly flow: string }[] }>('/api/v1/models/impact', {
      name: 'order@1',
      schema,
    });
    expect(body.flows.map(({ flow }) => flow)).toContain('in');
    expect((await running.post('/api/v1/models/impact', { name: 'ordr@1', schema })).body).toMatchObject({
      remedy: 'Did you mean "order@1"?',
    });
  });
});
