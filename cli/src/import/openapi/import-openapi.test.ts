// What becomes of an OpenAPI description: of small ones of our own, of faults that real ones have, of large real ones.

import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { loadProject, openCatalog, runTests } from '@mortise/engine';
import type { Project } from '@mortise/engine';
import fc from 'fast-check';
import { afterAll, describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import { importOpenApi } from './import-openapi.ts';
import type { Imported, ImportOptions } from './import-openapi.ts';

const root = mkdtempSync(join(tmpdir(), 'mortise-import-'));
afterAll(() => rmSync(root, { recursive: true, force: true }));

function importText(text: string, options: Partial<ImportOptions> = {}): Imported {
  return importOpenApi(Buffer.from(text), { system: 'pets', name: 'pets.yaml', ...options });
}

function importFixture(name: string, options: Partial<ImportOptions> = {}): Imported {
  return importText(readFileSync(new URL(`../fixtures/${name}`, import.meta.url), 'utf8'), { name, ...options });
}

interface System {
  readonly connector?: string;
  readonly connection?: unknown;
  readonly connections?: unknown;
  readonly inbounds: Readonly<Record<string, Readonly<Record<string, unknown>>>>;
  readonly outbounds: Readonly<Record<string, Readonly<Record<string, unknown>>>>;
}

function systemOf({ files }: Imported): System {
  return parse(files.get('systems/pets.yaml') ?? '') as System;
}

function modelOf({ files }: Imported, name: string): unknown {
  return JSON.parse(files.get(`models/${name}.schema.json`) ?? 'null');
}

/** The project that holds nothing but what was imported. */
async function loaded({ files }: Imported): Promise<Project> {
  const folder = mkdtempSync(join(root, 'project-'));
  writeFileSync(join(folder, 'mortise.yaml'), 'name: imported\n');
  for (const [path, text] of files) {
    mkdirSync(dirname(join(folder, path)), { recursive: true });
    writeFileSync(join(folder, path), text);
  }
  return loadProject(folder, { catalog: openCatalog(), execute: false, variables: {} });
}

async function errorsOf(imported: Imported): Promise<readonly string[]> {
  const { problems } = await loaded(imported);
  return problems.filter(({ severity }) => severity === 'error').map(({ file, line, message }) => `${file}:${line} ${message}`);
}

/** Each test that did not pass, and how many there were. */
async function testedWith(imported: Imported): Promise<{ readonly count: number; readonly failures: readonly string[] }> {
  const project = await loaded(imported);
  const failures: string[] = [];
  for await (const { name, failures: found } of runTests(project))
    failures.push(...found.map(({ what, details }) => [name, what, ...details].join('\n')));
  return { count: project.tests.length, failures };
}

const places = ({ warnings }: Imported): readonly string[] => warnings.map(({ place }) => place);
const minimal = (rest: string): string =>
  `openapi: 3.0.0\ninfo: { title: x, version: "1" }\nservers: [{ url: https://x.example }]\n${rest}\n`;
/** A description whose one reply has this schema. */
const withSchema = (schema: string): string =>
  minimal(
    `paths: { /a: { get: { operationId: a, responses: { 200: { content: { application/json: { schema: ${schema} } } } } } } }`,
  );

describe('a description in OpenAPI 3.0', () => {
  const imported = importFixture('pets-3.0.yaml');
  const { outbounds, inbounds, connections } = systemOf(imported);

  it('becomes a project without errors', async () => {
    expect(await errorsOf(imported)).toEqual([]);
    expect(imported).toMatchObject({ outbounds: 6, inbounds: 1 });
  });

  it('gives each operation a name, a method, a path and the model of its reply', () => {
    expect(Object.keys(outbounds)).toEqual([
      'list-pets',
      'create-pet',
      'get-pets-pet-id',
      'replace-pet',
      'delete-pet',
      'pet-report',
    ]);
    expect(outbounds['get-pets-pet-id']).toEqual({
      on: 'public',
      uses: 'request',
      method: 'GET',
      path: '/pets/${$encodeUrlComponent($string(`pet-id`))}',
      reply: 'pets-pet@1',
    });
    expect(outbounds['pet-report']).toMatchObject({ format: 'text' });
  });

  it('takes parameters from the body, or from headers where the body is sent', () => {
    expect(outbounds['list-pets']?.['path']).toMatch(
      /^\/pets\?species=\$\{\$encodeUrlComponent\(\$string\(species\)\)\}&\$\{\$join\(\$each\(\{ "limit": limit, "tag": tag \}/,
    );
    expect(outbounds['replace-pet']).toMatchObject({
      path: '/pets/${$encodeUrlComponent($string($headers.`pet-id`))}',
      headers: { 'X-Shop': '${$string($headers.`x-shop`)}' },
    });
  });

  it('says which operations may be repeated', () => {
    expect(outbounds['create-pet']).toMatchObject({ idempotencyKey: 'Idempotency-Key', onInDoubt: 'retry' });
    expect(outbounds['replace-pet']).not.toHaveProperty('onInDoubt');
    expect(imported.files.get('systems/pets.yaml')).toContain('# A repeat has no second effect, by its key.\n  create-pet:');
    expect(imported.files.get('systems/pets.yaml')).toContain('# Answers besides: 404, 409.\n  replace-pet:');
  });

  it('has a connection for each server and kind of credentials, and holds no secret', () => {
    expect(connections).toEqual({
      token: { connector: 'http', url: 'https://eu.pets.example/v7', auth: { bearer: 'env:PETS_TOKEN' } },
      public: { connector: 'http', url: 'https://eu.pets.example/v7' },
      login: {
        connector: 'http',
        url: 'https://eu.pets.example/v7',
        auth: { basic: { user: 'USER', password: 'env:PETS_LOGIN' } },
      },
      'token-2': { connector: 'http', url: 'https://reports.pets.example', auth: { bearer: 'env:PETS_TOKEN' } },
    });
  });

  it('makes an inbound of a callback, closed until somebody opens it', () => {
    expect(inbounds).toMatchObject({
      'post-create-pet-adopted': {
        path: '/pets/post-create-pet-adopted',
        verify: { scheme: 'api-key' },
        model: 'pets-post-create-pet-adopted-message@1',
      },
    });
  });

  it('writes each schema once, in JSON Schema 2020-12, and none that nothing uses', () => {
    expect([...imported.files.keys()].filter((path) => path.startsWith('models/'))).toEqual(
      ['ball-2', 'ball', 'list-pets-reply', 'new-pet', 'owner-v2', 'pet', 'post-create-pet-adopted-message', 'toy'].map(
        (name) => `models/pets-${name}.schema.json`,
      ),
    );
    expect(modelOf(imported, 'pets-new-pet')).toMatchObject({
      examples: [{ name: 'Rex', species: 'dog' }],
      properties: {
        name: { examples: ['Rex'] },
        nickname: { type: ['string', 'null'], enum: ['Rexy', 'Kitty', null] },
        weight: { type: 'number', exclusiveMinimum: 0 },
        owner: { anyOf: [{ allOf: [{ $ref: 'pets-owner-v2@1' }] }, { type: 'null' }] },
      },
    });
    expect(modelOf(imported, 'pets-list-pets-reply')).toMatchObject({ type: 'array', items: { $ref: 'pets-pet@1' } });
  });

  it('ties the forms of a discriminator to its values', async () => {
    const toy = (await loaded(imported)).definitions.models.get('pets-toy@1');
    expect(toy?.check({ kind: 'round', size: 1 })).toBeUndefined();
    expect(toy?.check({ kind: 'square', size: 1 })).toBeDefined();
  });

  it('gives every body an example that fits its model', async () => {
    const { models } = (await loaded(imported)).definitions;
    for (const name of ['pets-pet@1', 'pets-new-pet@1', 'pets-list-pets-reply@1', 'pets-post-create-pet-adopted-message@1']) {
      const model = models.get(name);
      const [example] = (model?.schema['examples'] ?? []) as readonly unknown[];
      expect(model?.check(example), `${name}: ${JSON.stringify(example)}`).toBeUndefined();
    }
  });

  it('tells of what is not taken over', () => {
    expect(imported.warnings.map(({ place, message }) => `${place} ${message}`)).toEqual([
      '#/servers There is another server too, which is not used: https://sandbox.pets.example.',
      '#/components/securitySchemes/login Write the name of the user in place of USER.',
    ]);
  });
});

describe('the tests of an import', () => {
  const imported = importFixture('pets-3.0.yaml');
  const { tests } = parse(imported.files.get('tests/pets.yaml') ?? '') as { readonly tests: Readonly<Record<string, unknown>> };

  it('are one for each outbound and inbound, and pass', async () => {
    expect(imported.tests).toBe(7);
    expect(await testedWith(imported)).toEqual({ count: 7, failures: [] });
    expect(await testedWith(importFixture('pets-3.1.json'))).toMatchObject({ count: 2, failures: [] });
  });

  it('say what is sent for a sample, and what of the answer is taken', () => {
    expect(tests['replace-pet']).toMatchObject({
      outbound: 'pets.replace-pet',
      given: { headers: { 'pet-id': expect.any(String), 'x-shop': expect.any(String) }, body: { name: 'Rex' } },
      expect: [{ options: { method: 'PUT', path: expect.stringMatching(/^\/pets\/[^{}]+$/) }, body: { name: 'Rex' } }],
    });
    expect(tests['get-pets-pet-id']).toMatchObject({
      systems: { 'pets.get-pets-pet-id': { reply: { name: 'Rex' } } },
      reply: { body: { name: 'Rex' } },
    });
    expect(tests['post-create-pet-adopted']).toMatchObject({ inbound: 'pets.post-create-pet-adopted', expect: 'accepted' });
  });

  it('fail where the system is changed', async () => {
    const path = 'systems/pets.yaml';
    const text = (imported.files.get(path) ?? '')
      .replace('method: DELETE', 'method: PUT')
      .replace('path: /reports', 'path: /report');
    const { failures } = await testedWith({ ...imported, files: new Map([...imported.files, [path, text]]) });
    expect(failures.map((failure) => failure.split('\n')[0])).toEqual(['pets/delete-pet', 'pets/pet-report']);
  });

  it('are not written where no sample fits, which is told', () => {
    const body = (schema: string) =>
      minimal(`paths: { /a: { post: { requestBody: { content: { application/json: { schema: ${schema} } } } } } }`);
    const hook =
      '{ post: { requestBody: { content: { application/json: { schema: { pattern: "^[xyz]{9}$", type: string } } } } } }';
    const none = importText(`openapi: 3.1.0\nwebhooks: { a: ${hook} }\n`);
    expect(none).toMatchObject({ inbounds: 1, tests: 0 });
    expect(none.warnings).toContainEqual({
      place: '#/webhooks/a/post',
      message: 'No sample of its body could be made: it has no test.',
    });
    expect(importText(body('{ type: object, required: [file], properties: { file: { type: string } } }')).tests).toBe(0);
  });
});

describe('a description in OpenAPI 3.1', () => {
  const imported = importFixture('pets-3.1.json', { base: 'https://docs.pets.example/api.json' });

  it('becomes a project without errors, with inbounds for its webhooks', async () => {
    expect(await errorsOf(imported)).toEqual([]);
    expect(systemOf(imported)).toMatchObject({
      connection: { url: 'https://docs.pets.example/v8', auth: { header: { name: 'X-Key', value: 'env:PETS_KEY' } } },
      inbounds: { 'post-pet-sold': { model: 'pets-pet@1' } },
      outbounds: { 'get-pet': { reply: 'pets-pet@1' } },
    });
  });

  it('keeps the words of its schemas', () => {
    expect(modelOf(imported, 'pets-pet')).toMatchObject({
      type: ['object', 'null'],
      unevaluatedProperties: false,
      properties: {
        id: { exclusiveMinimum: 0 },
        tags: { prefixItems: [{ const: 'pet' }] },
        twin: { $ref: 'pets-pet@1', description: 'Where there is one.' },
      },
    });
  });
});

describe('a part of a description', () => {
  it.each([
    [['tag:admin'], ['delete-pet', 'pet-report']],
    [['/pets/*'], ['get-pets-pet-id', 'replace-pet', 'delete-pet']],
    [
      ['listPets', '/reports'],
      ['list-pets', 'pet-report'],
    ],
  ])('%j', (only, expected) => {
    expect(Object.keys(systemOf(importFixture('pets-3.0.yaml', { only })).outbounds)).toEqual(expected);
  });

  it('brings only the models that it needs', () => {
    expect(importFixture('pets-3.0.yaml', { only: ['tag:admin'] }).models).toBe(0);
  });

  it('knows the nearest tag', () => {
    expect(() => importFixture('pets-3.0.yaml', { only: ['*'] })).toThrow('No operation fits --only *.');
    expect(() => importFixture('pets-3.0.yaml', { only: ['tag:admim'] })).toThrow(
      expect.objectContaining({ remedy: 'Did you mean "tag:admin"?' }),
    );
  });
});

describe('a fault is told with its place, and the result has no errors', () => {
  it.each([
    ['a type that is none', '{ type: any }', 'type', /"?any"? is no type: anything is taken/],
    ['a type of another language', '{ type: int }', 'type', /read as integer/],
    ['a type in capitals', '{ type: String }', 'type', /read as string/],
    ['a number as text', '{ type: string, maxLength: "7" }', 'maxLength', /read as a number/],
    ['a negative length', '{ type: string, minLength: -1 }', 'minLength', /whole number from 0 up/],
    ['no values', '{ enum: [] }', 'enum', /list of values/],
    ['a pattern of Perl', '{ type: string, pattern: "(?i)a" }', 'pattern', /no regular expression/],
    [
      'required inside a property',
      '{ properties: { a: { required: true } } }',
      'properties/a/required',
      /belongs to the schema around/,
    ],
    ['an old tuple', '{ type: array, items: [{ type: string }] }', 'items', /prefixItems/],
    ['no schema', '{ properties: { a: 7 } }', 'properties/a', /Found 7; expected a schema/],
    ['no forms', '{ oneOf: [] }', 'oneOf', /list of schemas/],
    [
      'a reference that leads nowhere',
      '{ properties: { a: { $ref: "#/components/schemas/Gone" } } }',
      'properties/a',
      /leads nowhere/,
    ],
    [
      'a reference to another file',
      '{ properties: { a: { $ref: "other.yaml#/A" } } }',
      'properties/a',
      /leads out of the document/,
    ],
    ['a word that is none', '{ type: string, maxlength: 7 }', 'maxlength', /no keyword/],
    ['an identity of its own', '{ $id: "https://x.example/a" }', '$id', /no keyword/],
    ['exclusive without a bound', '{ exclusiveMinimum: true }', 'exclusiveMinimum', /there is no minimum/],
    [
      'a schema beside a reference',
      '{ properties: { a: { $ref: "#/info", type: object } } }',
      'properties/a',
      /which OpenAPI 3.0 ignores/,
    ],
  ])('%s', async (_what, schema, place, message) => {
    const imported = importText(withSchema(schema));
    const at = `#/paths/~1a/get/responses/200/content/application~1json/schema/${place}`;
    expect(imported.warnings).toContainEqual({ place: at, message: expect.stringMatching(message) });
    expect(await errorsOf(imported)).toEqual([]);
  });

  it.each([
    ['a parameter without a place', 'paths: { /a: { get: { parameters: [{ name: b }] } } }', '#/paths/~1a/get/parameters/0'],
    ['a part of the path that is not described', 'paths: { "/a/{b}": { get: {} } }', '#/paths/~1a~1{b}/get'],
    ['a path without a slash', 'paths: { a: { get: {} } }', '#/paths/a'],
    ['a method that is not sent', 'paths: { /a: { get: {}, trace: {} } }', '#/paths/~1a/trace'],
    ['a body of GET', 'paths: { /a: { get: { requestBody: {} } } }', '#/paths/~1a/get/requestBody'],
    ['an operation that is none', 'paths: { /a: { get: {}, put: 7 } }', '#/paths/~1a/put'],
    [
      'a security scheme that is not described',
      'paths: { /a: { get: { security: [{ key: [] }] } } }',
      '#/components/securitySchemes/key',
    ],
    [
      'a key in the query',
      'paths: { /a: { get: { security: [{ key: [] }] } } }\ncomponents: { securitySchemes: { key: { type: apiKey, in: query, name: k } } }',
      '#/components/securitySchemes/key',
    ],
    [
      'a circle of references',
      'paths: { /a: { $ref: "#/paths/~1b" }, /b: { $ref: "#/paths/~1a" }, /c: { get: {} } }',
      '#/paths/~1a',
    ],
    ['parameters that are no list', 'paths: { /a: { get: { parameters: { name: b } } } }', '#/paths/~1a/get/parameters'],
    ['a key that stands twice', 'paths: { /a: { get: {} }, /a: { get: {} } }', '#'],
  ])('%s', async (_what, rest, place) => {
    const imported = importText(minimal(rest));
    expect(places(imported)).toContain(place);
    expect(await errorsOf(imported)).toEqual([]);
  });

  it('a schema that is nothing but itself', async () => {
    const schemas =
      'components: { schemas: { A: { allOf: [{ $ref: "#/components/schemas/B" }] }, B: { $ref: "#/components/schemas/A" } } }';
    const imported = importText(`${withSchema('{ $ref: "#/components/schemas/A" }')}${schemas}\n`);
    expect(imported.warnings.map(({ message }) => message)).toEqual([expect.stringContaining('nothing but itself')]);
    const model = (await loaded(imported)).definitions.models.get('pets-a@1');
    expect(model?.check({})).toBeUndefined();
  });

  it('credentials in the address of a server', () => {
    const imported = importText(
      'openapi: 3.0.0\nservers: [{ url: "https://ada:secret@x.example" }]\npaths: { /a: { get: {} } }\n',
    );
    expect(systemOf(imported).connection).toEqual({ url: 'https://x.example' });
    expect(places(imported)).toEqual(['#/servers/0']);
  });

  it('no server', () => {
    const imported = importText('openapi: 3.0.0\npaths: { /a: { get: {} } }\n');
    expect(systemOf(imported).connection).toEqual({ url: 'https://pets.example' });
    expect(places(imported)).toEqual(['#/servers']);
  });
});

describe('what cannot be read', () => {
  it.each([
    ['Swagger 2.0', 'swagger: "2.0"', 'MORTISE_IMPORT_UNKNOWN'],
    ['something else', 'name: acme', 'MORTISE_IMPORT_UNKNOWN'],
    ['a list', '[1]', 'MORTISE_IMPORT_UNKNOWN'],
    ['neither JSON nor YAML', '{ "openapi": "3.0.0", "paths": ]', 'MORTISE_IMPORT_UNREADABLE'],
    ['JSON that is nested without end', '{"a":'.repeat(50_000), 'MORTISE_IMPORT_UNREADABLE'],
    ['YAML that is nested without end', '['.repeat(50_000), 'MORTISE_IMPORT_UNREADABLE'],
    ['a bomb of aliases', bomb(), 'MORTISE_IMPORT_UNREADABLE'],
  ])('%s', (_what, text, code) => {
    expect(() => importText(text)).toThrow(expect.objectContaining({ code }));
  });
});

/** Nine levels of nine aliases each: 400 million values. */
function bomb(): string {
  const levels = Array.from({ length: 9 }, (_, level) => {
    const inner = level === 0 ? '"x"' : `*l${level - 1}`;
    return `l${level}: &l${level} [${Array.from({ length: 9 }, () => inner).join(', ')}]`;
  });
  return `openapi: 3.0.0\n${levels.join('\n')}\n`;
}

describe('whatever a description says', () => {
  const words = [
    'type',
    'properties',
    'items',
    'required',
    'enum',
    'nullable',
    'allOf',
    'oneOf',
    'discriminator',
    'minimum',
    'exclusiveMinimum',
    'maxLength',
    'pattern',
    '$ref',
    'additionalProperties',
    'not',
    '$defs',
    'example',
    'format',
    'x-a',
    '__proto__',
  ];
  const { schema } = fc.letrec((tie) => ({
    schema: fc.oneof({ depthSize: 'small', withCrossShrink: true }, fc.jsonValue({ maxDepth: 1 }), tie('object')),
    object: fc.dictionary(
      fc.constantFrom(...words),
      fc.oneof(
        tie('schema'),
        fc.constantFrom('string', 'object', '#/components/schemas/A', '#/components/schemas/B', true, 3),
        fc.array(tie('schema'), { maxLength: 3 }),
      ),
      { maxKeys: 6, noNullPrototype: true },
    ),
  }));
  const description = fc.record({ A: schema, B: schema, C: schema });

  it('is imported without errors, or not at all', async () => {
    await fc.assert(
      fc.asyncProperty(description, fc.constantFrom('3.0.0', '3.1.0'), async (schemas, openapi) => {
        const content = {
          'application/json': {
            schema: { anyOf: Object.keys(schemas).map((name) => ({ $ref: `#/components/schemas/${name}` })) },
          },
        };
        const paths = { '/a': { get: { operationId: 'a', responses: { 200: { content } } } } };
        expect(await errorsOf(importText(JSON.stringify({ openapi, paths, components: { schemas } })))).toEqual([]);
      }),
      { numRuns: 25 },
    );
  });
});

describe('real descriptions', () => {
  const packages = fileURLToPath(new URL('../../../../node_modules/', import.meta.url));
  const oas = '@readme/oas-examples/';
  it.each([
    [`${oas}3.0/json/petstore.json`, 20, 0],
    [`${oas}3.1/json/petstore.json`, 20, 0],
    [`${oas}3.0/json/star-trek.json`, 120, 0],
    [`${oas}3.1/json/readme.json`, 54, 0],
    [`${oas}3.1/json/train-travel.json`, 7, 1],
    [`${oas}3.0/json/callbacks.json`, 1, 1],
    [`${oas}3.0/json/circular.json`, 1, 0],
    [`${oas}3.0/json/discriminators.json`, 10, 0],
    [`${oas}3.0/json/parameters-style.json`, 25, 0],
    [`${oas}3.0/json/schema-types.json`, 21, 0],
    [`${oas}3.0/json/security.json`, 15, 0],
    [`${oas}3.0/json/server-variables.json`, 4, 0],
    [`${oas}3.1/json/webhooks.json`, 0, 2],
    ['rclone-openapi/openapi.yaml', 101, 0],
    ['@figma/rest-api-spec/openapi/openapi.yaml', 54, 7],
  ])('%s', async (path, outbounds, inbounds, untested = 0) => {
    const imported = importOpenApi(readFileSync(join(packages, path)), { system: 'real', name: basename(path) });
    expect({ outbounds: imported.outbounds, inbounds: imported.inbounds }).toEqual({ outbounds, inbounds });
    expect(await errorsOf(imported)).toEqual([]);
    expect(await testedWith(imported)).toEqual({ count: outbounds + inbounds - untested, failures: [] });
  });

  it('of five megabytes, whole and in part', async () => {
    const bytes = readFileSync(join(packages, '@octokit/openapi-webhooks/generated/api.github.com.json'));
    const options = { system: 'real', name: 'webhooks' };
    const whole = importOpenApi(bytes, options);
    expect(whole).toMatchObject({ outbounds: 0, inbounds: 261, models: 433 });
    expect(whole.tests).toBeGreaterThan(10);
    expect(whole.files.get('tests/real.yaml')?.length).toBeLessThan(600 * 1024);
    expect(whole.warnings.at(-1)?.message).toMatch(/^Its tests fill a file: \d+ of its outbounds and inbounds have none/);
    expect(await errorsOf(whole)).toEqual([]);
    expect(await testedWith(whole)).toEqual({ count: whole.tests, failures: [] });
    const part = importOpenApi(bytes, { ...options, only: ['/label-*', '/star-*'] });
    expect(part.inbounds).toBe(5);
    expect(await errorsOf(part)).toEqual([]);
    expect(await testedWith(part)).toEqual({ count: 5, failures: [] });
  });
});
