// The description of the API: complete, and as OpenAPI 3.1 wants it.

import { readdirSync, readFileSync } from 'node:fs';
import { Ajv2020 } from 'ajv/dist/2020.js';
import formats from 'ajv-formats';
import stringifier from 'fast-json-stringify';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { runHost } from './host.fixture.ts';
import type { RunningHost } from './host.fixture.ts';

interface Operation {
  readonly operationId?: string;
  readonly summary?: string;
  readonly tags?: readonly string[];
  readonly parameters?: readonly {
    readonly name: string;
    readonly in: string;
    readonly required?: boolean;
    readonly schema: object;
  }[];
  readonly requestBody?: { readonly content: Readonly<Record<string, { readonly schema: object }>> };
  readonly responses: Readonly<
    Record<string, { readonly description: string; readonly content?: Readonly<Record<string, { readonly schema: object }>> }>
  >;
}

interface Description {
  readonly openapi: string;
  readonly info: { readonly title: string; readonly version: string };
  readonly paths: Readonly<Record<string, Readonly<Record<string, Operation>>>>;
}

let running: RunningHost;
let description: Description;
beforeAll(async () => {
  running = await runHost();
  description = (await running.get<Description>('/api/openapi.json')).body;
});
afterAll(() => running.close());

function operations(): readonly (readonly [string, string, Operation])[] {
  return Object.entries(description.paths).flatMap(([path, methods]) =>
    Object.entries(methods).map(([method, operation]) => [method, path, operation] as const),
  );
}

describe('the description', () => {
  it('is OpenAPI 3.1, of this version', () => {
    expect(description.openapi).toMatch(/^3\.1\./);
    const { version } = JSON.parse(readFileSync(new URL('../../package.json', import.meta.url), 'utf8')) as { version: string };
    expect(description.info).toMatchObject({ title: 'Mortise', version });
  });

  it('names every route that the code has', () => {
    const folder = new URL('.', import.meta.url);
    const sources = readdirSync(folder).filter((name) => name.endsWith('.ts') && !/\.(test|fixture)\.ts$/.test(name));
    const text = sources.map((name) => readFileSync(new URL(name, folder), 'utf8')).join('\n');
    const routes = [...text.matchAll(/server\.(get|post|put|patch|delete)\(\s*[`']([^`']+)[`']/g)].map(([, method, path]) => {
      return `${method} ${(path ?? '').replace('${api}', '/api/v1').replace(/:(\w+)/g, '{$1}')}`;
    });
    expect(routes.length).toBeGreaterThan(15);
    const described = operations().map(([method, path]) => `${method} ${path}`);
    expect(described.toSorted()).toEqual(
      routes.filter((route) => !['get /api/openapi.json', 'get /api/docs'].includes(route)).toSorted(),
    );
  });

  it('gives each operation a name of its own, a summary, a tag, an answer and what a problem looks like', () => {
    const names = operations().map(([, , { operationId }]) => operationId);
    expect(new Set(names).size).toBe(names.length);
    for (const [method, path, { operationId, summary, tags, responses }] of operations()) {
      const place = `${method} ${path}`;
      expect(operationId, place).toMatch(/^[a-z][A-Za-z]+$/);
      expect(summary, place).toMatch(/^[A-Z].+\.$/);
      expect(tags, place).toHaveLength(1);
      const answer = path.startsWith('/api/v1/sign-on') ? '302' : '200';
      expect(Object.keys(responses), place).toEqual(expect.arrayContaining([answer, 'default']));
      expect(Object.keys(responses['default']?.content ?? {}), place).toEqual(['application/problem+json']);
      for (const response of Object.values(responses)) expect(response.description, place).not.toBe('');
    }
  });

  it('says of each operation what it needs, and by what one says who asks', async () => {
    const { body } = await running.get<Description & { components: object; security: object[] }>('/api/openapi.json');
    expect(body.security).toEqual([{ bearer: [] }, { session: [] }]);
    expect(body.components).toMatchObject({ securitySchemes: { bearer: { scheme: 'bearer' }, session: { in: 'cookie' } } });
    for (const [method, path, operation] of operations()) {
      const { 'x-needs': needs, security } = operation as Operation & { 'x-needs'?: string; security?: object[] };
      expect([method, path, needs]).toEqual([method, path, expect.stringMatching(/^[a-z-]+$/)]);
      expect([path, security?.length]).toEqual([path, needs === 'open' ? 0 : undefined]);
    }
  });

  it('declares every part of a path as a parameter that is required', () => {
    for (const [, path, { parameters = [] }] of operations()) {
      const parts = [...path.matchAll(/\{(\w+)\}/g)].map(([, name]) => name);
      const declared = parameters.filter((parameter) => parameter.in === 'path');
      expect(declared.map(({ name }) => name)).toEqual(parts);
      expect(declared.every(({ required }) => required)).toBe(true);
    }
  });

  it('has schemas that are valid JSON Schema 2020-12, by which answers can be written', () => {
    const ajv = formats.default(new Ajv2020({ strict: false }));
    const schemas = operations().flatMap(([, , { parameters = [], requestBody, responses }]) => [
      ...parameters.map(({ schema }) => schema),
      ...Object.values(requestBody?.content ?? {}).map(({ schema }) => schema),
      ...Object.values(responses).flatMap(({ content = {} }) => Object.values(content).map(({ schema }) => schema)),
    ]);
    expect(schemas.length).toBeGreaterThan(40);
    for (const schema of schemas) expect(() => [ajv.compile(schema), stringifier(schema)]).not.toThrow();
  });

  it('is shown as a page that anybody may read, that has every operation, and loads nothing from elsewhere', async () => {
    const page = await fetch(`http://${running.host.addresses.control}/api/docs`);
    const html = await page.text();
    expect(page.headers.get('content-type')).toBe('text/html; charset=utf-8');
    expect(page.headers.get('content-security-policy')).toMatch(
      /^default-src 'none'; style-src 'sha256-[\w+/=]+'; frame-ancestors 'none'/,
    );
    for (const [, , { operationId }] of operations()) expect(html).toContain(`id="${operationId}"`);
    expect(html).not.toMatch(/<script|src=|https?:\/\//);
    expect((await fetch(`http://${running.host.addresses.control}/api/openapi.json`)).status).toBe(200);
  });

  it('fits what the engine answers', async () => {
    const ajv = formats.default(new Ajv2020({ strict: false }));
    for (const path of [
      '/api/v1/engine',
      '/api/v1/flows',
      '/api/v1/systems',
      '/api/v1/channels',
      '/api/v1/messages',
      '/api/v1/balance',
      '/api/v1/dead-letters',
      '/api/v1/dead-letters/causes',
    ]) {
      const schema = description.paths[path]?.['get']?.responses['200']?.content?.['application/json']?.schema;
      const check = ajv.compile(schema ?? false);
      expect(check((await running.get(path)).body), `${path} ${JSON.stringify(check.errors)}`).toBe(true);
    }
  });
});
