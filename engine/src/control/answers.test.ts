// What the engine answers, on every route: to requests as the description wants them, and to others. All of it is as described.

import { readFileSync } from 'node:fs';
import { Validator } from '@seriousme/openapi-schema-validator';
import { Ajv2020 } from 'ajv/dist/2020.js';
import type { ValidateFunction } from 'ajv/dist/2020.js';
import formats from 'ajv-formats';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { keyHeader, runHost } from './host.fixture.ts';
import type { Answer, RunningHost } from './host.fixture.ts';
import type { MessageRows } from './messages.ts';

interface Schema {
  readonly type?: string | readonly string[];
  readonly properties?: Readonly<Record<string, Schema>>;
  readonly required?: readonly string[];
  readonly enum?: readonly unknown[];
  readonly const?: unknown;
  readonly default?: unknown;
  readonly minimum?: number;
  readonly format?: string;
  readonly pattern?: string;
}
type Contents = Readonly<Record<string, { readonly schema?: Schema }>>;
interface Operation {
  readonly operationId: string;
  readonly parameters?: readonly {
    readonly name: string;
    readonly in: string;
    readonly required?: boolean;
    readonly schema: Schema;
  }[];
  readonly requestBody?: { readonly content: Contents };
  readonly responses: Readonly<Record<string, { readonly content?: Contents }>>;
}

let running: RunningHost;
let operations: (readonly [string, string, Operation])[];
let description: object;
/** A message, a delivery, and an id that nobody has. */
let ids: Readonly<Record<'message' | 'delivery' | 'foreign', string>>;
const catalogue = readFileSync(new URL('../../../docs/reference/errors.md', import.meta.url), 'utf8');
const ajv = formats.default(new Ajv2020({ strict: false, validateFormats: true }));
const compiled = new Map<Schema, ValidateFunction>();

beforeAll(async () => {
  running = await runHost();
  const { body } = await running.get<{ paths: Record<string, Record<string, Operation>> }>('/api/openapi.json');
  description = body;
  operations = Object.entries(body.paths).flatMap(([path, methods]) =>
    Object.entries(methods).map(([method, operation]) => [method.toUpperCase(), path, operation] as const),
  );
  await running.post('/api/v1/send', { target: 'shop.order', value: { id: 'A' } });
  running.answerWith(422);
  await running.post('/api/v1/send', { target: 'shop.order', value: { id: 'B' } });
  const { rows } = await running.until<MessageRows>('/api/v1/messages?state=dead', (page) => page.rows.length > 0);
  running.answerWith(200);
  ids = {
    message: rows[0]?.message.id ?? '',
    delivery: rows[0]?.delivery.id ?? '',
    foreign: '01a208b0-c91f-70e4-a590-03aab1d987d1',
  };
});
afterAll(() => running.close());

/** These go on, or end what the test stands on; each has tests of its own. */
const apart = new Set(['streamFigures']);

/** What a text has to be like that no schema says. */
const known: Readonly<Record<string, unknown>> = {
  day: '2026-01-01',
  from: '2026-01-01',
  to: '2026-01-01',
  key: 'order=A',
  path: 'flows/in.yaml',
  text: 'A',
  target: 'shop.order',
  flow: 'in',
  name: 'in',
  kind: 'flow',
  level: 'silent',
  base: '0'.repeat(16),
};

function sampleOf(name: string, schema: Schema): unknown {
  const { type, required = [], properties = {} } = schema;
  if (schema.default !== undefined) return schema.default;
  if (schema.const !== undefined) return schema.const;
  if (schema.enum) return schema.enum.includes(known[name]) ? known[name] : schema.enum[0];
  if (type === 'object') return Object.fromEntries(required.map((one) => [one, sampleOf(one, properties[one] ?? {})]));
  if (type === 'array') return [];
  if (type === 'integer' || type === 'number') return schema.minimum ?? 1;
  if (type === 'boolean') return false;
  if (schema.format === 'uuid') return ids.message;
  if (schema.format === 'date-time') return '2026-01-01T00:00:00Z';
  return known[name] ?? 'x';
}

/** As the description wants it: what is required, and nothing else. */
function requestOf([method, path, { parameters = [], requestBody }]: readonly [string, string, Operation], id: string) {
  const query = parameters
    .filter((one) => one.in === 'query' && one.required)
    .map(({ name, schema }) => `${name}=${encodeURIComponent(String(sampleOf(name, schema)))}`);
  const filled = path
    .replace('{id}', id)
    .replace('{name}', path.includes('/systems/') ? 'shop' : path.includes('/flows/') ? 'in' : 'nobody');
  const schema = requestBody?.content['application/json']?.schema;
  const body = schema ? JSON.stringify(sampleOf('', schema)) : method === 'GET' ? undefined : '{}';
  return { method, path: query.length === 0 ? filled : `${filled}?${query.join('&')}`, body };
}

async function answerTo({ method, path, body }: ReturnType<typeof requestOf>) {
  const response = await fetch(`http://${running.host.addresses.control}${path}`, {
    method,
    headers: { 'content-type': 'application/json', ...keyHeader(running.folder) },
    ...(body === undefined ? {} : { body }),
    redirect: 'manual',
  });
  return { status: response.status, type: response.headers.get('content-type') ?? '', text: await response.text() };
}

/** In what an answer is not as it is described; empty where it is. */
function faultsOf({ responses }: Operation, { status, type, text }: Awaited<ReturnType<typeof answerTo>>): string {
  const [media = ''] = type.split(';');
  const described = responses[status] ?? responses['default'];
  const schema = (described?.content?.[media] ?? described?.content?.['*/*'])?.schema;
  if (status >= 500) return `status ${status}: ${text.slice(0, 300)}`;
  if (status >= 300 && status < 400) return '';
  if (!schema) return `no schema for ${status} ${media}`;
  if (!/[/+]json$/.test(media)) return '';
  const value = JSON.parse(text) as { readonly code?: string };
  if (media === 'application/problem+json' && !catalogue.includes(`${value.code}`)) return `${value.code} is in no catalogue`;
  if (status >= 400 && media !== 'application/problem+json' && !responses[status]) return `${status} is no problem`;
  const check = compiled.get(schema) ?? ajv.compile(schema);
  compiled.set(schema, check);
  return check(value) ? '' : `${ajv.errorsText(check.errors)} in ${text.slice(0, 300)}`;
}

const isTried = ([, path, { operationId }]: readonly [string, string, Operation]): boolean =>
  !apart.has(operationId) && !path.startsWith('/health') && path !== '/metrics';

describe('the description', () => {
  it('is valid OpenAPI 3.1, by its own schema', async () => {
    const { valid, errors } = await new Validator().validate(structuredClone(description) as Record<string, unknown>);
    expect(errors ?? []).toEqual([]);
    expect(valid).toBe(true);
  });
});

describe('every answer is as it is described', () => {
  it('to requests that are as the description wants them', async () => {
    let answered = 0;
    for (const operation of operations.filter(isTried)) {
      const id = operation[1].includes('/deliveries/') ? ids.delivery : ids.message;
      const answer = await answerTo(requestOf(operation, id));
      if (answer.status < 300) answered += 1;
      if (operation[2].operationId === 'drain') await running.post('/api/v1/drain/cancel');
      if (operation[2].operationId === 'pause') await running.post('/api/v1/pauses/resume', { kind: 'flow', name: 'in' });
      const place = `${operation[0]} ${operation[1]}`;
      expect(`${place}: ${answer.status} ${faultsOf(operation[2], answer)}`).toBe(`${place}: ${answer.status} `);
    }
    expect(answered).toBeGreaterThan(45);
  });

  it('to the same about what is not there, without a body, and with every property of a wrong type', async () => {
    for (const operation of operations.filter(isTried)) {
      const asked = requestOf(operation, ids.foreign);
      const properties = Object.keys(operation[2].requestBody?.content['application/json']?.schema?.properties ?? {});
      const bodies = [asked.body, undefined, ...properties.flatMap((name) => [`{"${name}":[{}]}`, `{"${name}":1e300}`])];
      for (const body of new Set(bodies)) {
        if (asked.method === 'GET' && body !== undefined) continue;
        // What would be done is tried above.
        if (body === undefined && asked.method !== 'GET' && properties.length === 0) continue;
        const answer = await answerTo({ ...asked, body });
        const place = `${asked.method} ${asked.path} ${body}`;
        expect(`${place}: ${answer.status} ${faultsOf(operation[2], answer)}`).toBe(`${place}: ${answer.status} `);
      }
    }
  });
});

describe('lists', () => {
  it('come in pages that join without a gap, each naming the next', async () => {
    const whole = (await running.get<{ name: string }[]>('/api/v1/flows')).body.map(({ name }) => name);
    expect(whole.length).toBeGreaterThan(3);
    const found: string[] = [];
    let path: string | undefined = '/api/v1/flows?limit=2';
    while (path !== undefined) {
      const page: Answer<{ name: string }[]> = await running.get(path);
      expect(page.body.length).toBeLessThanOrEqual(2);
      found.push(...page.body.map(({ name }) => name));
      path = /^<([^>]+)>; rel="next"$/.exec(page.headers.get('link') ?? '')?.[1];
    }
    expect(found).toEqual(whole);
    const wrong = await running.get<{ code: string }>('/api/v1/flows?cursor=none');
    expect([wrong.status, wrong.body.code]).toEqual([400, 'MORTISE_CONTROL_REQUEST']);
  });

  it('that are a part of an answer come in pages as well', async () => {
    const whole = (await running.get<{ files: string[] }>('/api/v1/project/files')).body.files;
    const found: string[] = [];
    let cursor: string | undefined = '';
    while (cursor !== undefined) {
      const query: string = cursor === '' ? '' : `&cursor=${encodeURIComponent(cursor)}`;
      const page: Answer<{ files: string[]; next?: string }> = await running.get(`/api/v1/project/files?limit=3${query}`);
      found.push(...page.body.files);
      cursor = page.body.next;
    }
    expect([found.length > 6, found]).toEqual([true, whole]);
  });

  it('take dates and times of a zone', async () => {
    const total = async (query: string) =>
      (await running.get<MessageRows>(`/api/v1/messages?limit=1000&${query}`)).body.rows?.length;
    const all = await total('');
    const today = new Date().toISOString().slice(0, 10);
    expect(await total(`since=${today}&until=${today}`)).toBe(all);
    expect(await total(`since=${today}T00:00`)).toBe(all);
    expect(await total('until=2020-02-29&zone=Europe/Berlin')).toBe(0);
    const audited = async (query: string) => (await running.get<{ rows: object[] }>(`/api/v1/audit?${query}`)).body.rows.length;
    expect(await audited(`since=${today}&until=${today}&zone=UTC`)).toBeGreaterThan(0);
    expect(await audited('until=2020-02-29')).toBe(0);
    for (const query of ['since=yesterday', 'since=2026-02-30', 'since=2026-01-01&zone=Nowhere/None', 'since=2026-01-01T99:00'])
      expect((await running.get<{ code: string }>(`/api/v1/messages?${query}`)).body.code, query).toBe('MORTISE_CONTROL_REQUEST');
  });
});

describe('a change that names a version in If-Match', () => {
  const change = (method: string, path: string, match: string, body: object) =>
    fetch(`http://${running.host.addresses.control}${path}`, {
      method,
      headers: { 'content-type': 'application/json', 'if-match': match, ...keyHeader(running.folder) },
      body: JSON.stringify(body),
    });

  it('is refused where another is there: of a secret, and of a file', async () => {
    const path = '/api/v1/secrets/versioned';
    const missing = await change('PUT', path, '"1"', { value: 'a' });
    expect([missing.status, ((await missing.json()) as { code: string }).code]).toEqual([412, 'MORTISE_CONTROL_PRECONDITION']);
    await fetch(`http://${running.host.addresses.control}${path}`, {
      method: 'PUT',
      headers: { 'content-type': 'application/json', ...keyHeader(running.folder) },
      body: JSON.stringify({ value: 'a' }),
    });
    const second = await change('PUT', path, '"1"', { value: 'b' });
    expect([second.status, second.headers.get('etag')]).toEqual([200, '"2"']);
    expect((await change('DELETE', path, '"1"', {})).status).toBe(412);
    expect((await change('DELETE', path, '"1", "2"', {})).status).toBe(200);
    const file = await running.get<{ hash: string; text: string }>('/api/v1/project/file?path=flows/in.yaml');
    expect(file.headers.get('etag')).toBe(`"${file.body.hash}"`);
    const applied = { path: 'flows/in.yaml', text: file.body.text, base: file.body.hash, reason: 'the same' };
    expect((await change('POST', '/api/v1/project/apply', '"0000000000000000"', applied)).status).toBe(412);
    expect((await change('POST', '/api/v1/project/apply', `"${file.body.hash}"`, applied)).status).toBe(200);
  });
});
