// What is wrong, huge or foreign is refused by every route, with a problem that has a code; nothing of it is the engine's fault.

import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { keyHeader, runHost } from './host.fixture.ts';
import type { RunningHost } from './host.fixture.ts';

interface Schema {
  readonly type?: string;
  readonly properties?: Readonly<Record<string, Schema>>;
  readonly anyOf?: readonly Schema[];
}
interface Operation {
  readonly parameters?: readonly { readonly name: string; readonly in: string; readonly schema: Schema }[];
  readonly requestBody?: { readonly content: Readonly<Record<string, { readonly schema: Schema }>> };
}

let running: RunningHost;
let operations: (readonly [string, string, Operation])[];

beforeAll(async () => {
  running = await runHost();
  const { body } = await running.get<{ paths: Record<string, Record<string, Operation>> }>('/api/openapi.json');
  operations = Object.entries(body.paths).flatMap(([path, methods]) =>
    Object.entries(methods).map(([method, operation]) => [method.toUpperCase(), path, operation] as const),
  );
});
afterAll(() => running.close());

const foreign = '01a208b0-c91f-70e4-a590-03aab1d987d1';
const huge = 'x'.repeat(100_000);

async function refusal(method: string, path: string, body?: unknown): Promise<string> {
  const response = await fetch(`http://${running.host.addresses.control}${path}`, {
    method,
    headers: { 'content-type': 'application/json', ...keyHeader(running.folder) },
    ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    redirect: 'manual',
  });
  const text = await response.text();
  if (response.status < 400) return `${response.status}`;
  const isProblem = response.headers.get('content-type')?.startsWith('application/problem+json');
  const { code = 'none', status } = isProblem ? (JSON.parse(text) as { code?: string; status?: number }) : {};
  return `${response.status === status && response.status < 500 ? 'refused' : response.status}: ${code.replace(/^MORTISE_.*/, 'a code')}`;
}

function filled(path: string, value: string): string {
  return path.replace(/\{\w+\}/g, encodeURIComponent(value));
}

/** Values that have another type than the schema says. */
function wrongFor({ type, anyOf }: Schema): readonly unknown[] {
  if (anyOf || type === undefined) return [];
  const values: Readonly<Record<string, unknown>> = { string: 'x', number: 1.5, boolean: true, array: [[]], object: { a: 1 } };
  const own = type === 'integer' ? 'number' : type;
  return Object.entries(values).flatMap(([name, value]) => (name === own ? [] : [value]));
}

describe('every route', () => {
  it('refuses bodies that are no objects, have unknown properties, or properties of a wrong type', async () => {
    const bodies = operations.flatMap(([method, path, { requestBody }]) => {
      const schema = requestBody?.content['application/json']?.schema;
      if (!schema) return [];
      const wrong = Object.entries(schema.properties ?? {}).flatMap(([name, part]) =>
        wrongFor(part).map((value) => ({ [name]: value })),
      );
      return [null, 1, 'x', [], { unknown: 1 }, ...wrong].map((body) => [method, path, body] as const);
    });
    expect(bodies.length).toBeGreaterThan(150);
    for (const [method, path, body] of bodies) {
      const place = `${method} ${path} ${JSON.stringify(body)}`;
      expect(`${place} ${await refusal(method, filled(path, foreign), body)}`).toBe(`${place} refused: a code`);
    }
  });

  it('refuses parameters of a wrong type, and those that it does not have', async () => {
    const queries = operations.flatMap(([method, path, { parameters = [] }]) =>
      parameters
        .filter((one) => one.in === 'query' && ['integer', 'boolean'].includes(one.schema.type ?? ''))
        .map(({ name }) => [method, `${filled(path, foreign)}?${name}=${'9'.repeat(400)}x`] as const),
    );
    expect(queries.length).toBeGreaterThan(5);
    for (const [method, path] of queries) expect(`${path} ${await refusal(method, path)}`).toBe(`${path} refused: a code`);
  });

  it('answers ids of others, of nobody, and huge ones with a refusal', async () => {
    const withIds = operations.filter(([, path]) => path.includes('{'));
    expect(withIds.length).toBeGreaterThan(15);
    for (const [method, path] of withIds) {
      for (const id of ['..', '%00', '"', huge.slice(0, 5000)]) {
        const place = `${method} ${path} ${id.slice(0, 9)}`;
        const answer = await refusal(method, filled(path, id), method === 'GET' ? undefined : {});
        // Lists of what a user that there is not has are empty.
        expect(['refused: a code', '200'], `${place}: ${answer}`).toContain(answer);
      }
    }
  });

  it('refuses bodies that are no JSON, too deep, or too long, and goes on', async () => {
    const headers = { 'content-type': 'application/json', ...keyHeader(running.folder) };
    const url = `http://${running.host.addresses.control}/api/v1/send`;
    const deep = `${'['.repeat(100_000)}${']'.repeat(100_000)}`;
    for (const body of [
      '{',
      deep,
      `{"target":"${huge}"}`,
      '\u0000',
      '"',
      '{"target":"shop.order","value":1,"value":2,"target":"none"}',
    ]) {
      const { status } = await fetch(url, { method: 'POST', headers, body });
      expect([400, 404], body.slice(0, 20)).toContain(status);
    }
    expect((await running.get('/health/ready')).status).toBe(200);
  });
});
