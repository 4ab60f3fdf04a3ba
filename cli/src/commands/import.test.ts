// mortise import openapi: from files and URLs into a project, again and again, and what is made of it against a real server.

import { once } from 'node:events';
import { readFileSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import type { IncomingMessage, Server, ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { freePort, initProject, mortise, startMortise, temporaryFolder } from '../cli.fixture.ts';
import type { Ended } from '../cli.fixture.ts';
import { openDescription } from '../import/fetch.ts';
import { lineDiff } from '../import/line-diff.ts';
import { marked, untouchedSince } from '../import/marks.ts';

const { folder, remove } = temporaryFolder();
const pets = fileURLToPath(new URL('../import/fixtures/pets-3.0.yaml', import.meta.url));
let project: string;
beforeAll(async () => {
  ({ project } = await initProject(folder));
});
afterAll(remove);

const run = (...words: readonly string[]): Promise<Ended> => mortise(['import', 'openapi', ...words], { cwd: project });
const read = (path: string): string => readFileSync(join(project, path), 'utf8');

interface Report {
  readonly written: boolean;
  readonly outbounds: number;
  readonly files: readonly { readonly path: string; readonly fate: string; readonly diff?: readonly string[] }[];
}

async function report(...words: readonly string[]): Promise<Report> {
  const { out, err } = await run(...words, '--json');
  expect(err).toBe('');
  return JSON.parse(out) as Report;
}

const fates = ({ files }: Report): Readonly<Record<string, string>> =>
  Object.fromEntries(files.filter(({ fate }) => fate !== 'same').map(({ path, fate }) => [path, fate]));

describe('an import', () => {
  it('shows what it would write', async () => {
    const { status, out } = await run(pets, '--system', 'pets', '--dry-run');
    expect(status).toBe(0);
    expect(out).toContain('warning #/servers\n  There is another server too');
    expect(out).toContain('systems/pets.yaml: new, would be written\n');
    expect(out).toContain('pets: 6 outbounds, 1 inbounds, 8 models, 7 tests. 10 new. Nothing was written.');
    expect(() => read('systems/pets.yaml')).toThrow('ENOENT');
  });

  it('writes a system that has no errors', async () => {
    expect(fates(await report(pets, '--system', 'pets'))).toMatchObject({
      'systems/pets.yaml': 'new',
      'models/pets-pet.schema.json': 'new',
    });
    expect(JSON.parse((await mortise(['check', project, '--json'])).out)).toMatchObject({ errors: 0 });
    const { status, out } = await mortise(['test', project, 'pets', 'pets.list-pets']);
    expect(out).toMatch(/pass pets\/list-pets \(outbound pets\.list-pets, \d+ ms\)/);
    expect({ status, end: out.trim().split('\n').at(-1) }).toEqual({ status: 0, end: '7 passed, 0 failed' });
  });

  it('changes nothing when it comes again', async () => {
    expect(fates(await report(pets, '--system', 'pets'))).toEqual({});
  });

  it('writes anew what nobody edited, keeps what somebody did, and removes nothing', async () => {
    const edited = read('models/pets-owner-v2.schema.json').replace('"name"', '"fullName"');
    writeFileSync(join(project, 'models/pets-owner-v2.schema.json'), edited);
    const newer = join(folder, 'newer.yaml');
    const text = readFileSync(pets, 'utf8');
    writeFileSync(
      newer,
      text
        .replace('Owner.v2: { type: object', 'Owner.v2: { type: object, minProperties: 1')
        .replace('maxItems: 2', 'maxItems: 3')
        .replace('    Toy:\n', '    Old:\n')
        .replace('schemas/Toy"', 'schemas/Old"'),
    );
    const again = await report(newer, '--system', 'pets');
    expect(fates(again)).toEqual({
      'models/pets-old.schema.json': 'new',
      'models/pets-owner-v2.schema.json': 'kept',
      'models/pets-pet.schema.json': 'changed',
      'models/pets-toy.schema.json': 'gone',
    });
    expect(again.files.find(({ path }) => path === 'models/pets-pet.schema.json')?.diff).toContain('+           "maxItems": 3,');
    expect(read('models/pets-pet.schema.json')).toContain('"maxItems": 3');
    expect(read('models/pets-owner-v2.schema.json')).toBe(edited);
    expect(read('models/pets-toy.schema.json')).toContain('pets-ball@1');
  });

  it('does not touch a system that is not its own', async () => {
    const before = read('systems/shop.yaml');
    expect(fates(await report(pets, '--system', 'shop'))).toMatchObject({ 'systems/shop.yaml': 'kept' });
    expect(read('systems/shop.yaml')).toBe(before);
  });

  it('refuses what it cannot use', async () => {
    expect((await run(join(project, 'mortise.yaml'), '--system', 'x')).err).toContain(
      'error MORTISE_IMPORT_UNKNOWN: mortise.yaml says "openapi: nothing"',
    );
    expect((await run(pets, '--system', 'X y')).err).toContain('Write "x-y".');
    expect((await run(pets, '--system', 'x', '--only', 'tag:pest')).err).toContain('Did you mean "tag:pets"?');
    const empty = join(folder, 'empty.json');
    writeFileSync(empty, '{ "openapi": "3.1.0", "paths": {} }');
    expect((await run(empty, '--system', 'x')).err).toContain('empty.json describes no operation.');
  });
});

describe('a mark', () => {
  it.each(['a.yaml', 'a.schema.json'])('tells of any edit of %s, and not of other ends of lines', (path) => {
    const text = marked(path, '{\n  "type": "object"\n}\n', 'pets');
    expect(untouchedSince(text)).toBe('pets');
    expect(untouchedSince(text.replaceAll('\n', '\r\n'))).toBe('pets');
    expect(untouchedSince(text.replace('object', 'string'))).toBeUndefined();
    expect(untouchedSince(text.replace('of pets', 'of cats'))).toBeUndefined();
  });
});

describe('a diff', () => {
  it('shows the lines around a change, and no more than is asked for', () => {
    const before = ['1', '2', '3', '4', '5', '6', '7', '8'].join('\n');
    expect(lineDiff(before, before.replace('6', 'six'), 99)).toEqual(['  4', '  5', '- 6', '+ six']);
    expect(lineDiff('a\nx\nb', 'a\ny\nz\nb', 2)).toEqual(['  a', '- x', '  … 2 more lines']);
    expect(lineDiff('a\n', 'a\r\n', 9)).toEqual([]);
  });
});

/** A server on a free port of this machine. */
async function serve(
  answer: (request: IncomingMessage, response: ServerResponse) => void,
): Promise<{ readonly url: string; readonly server: Server }> {
  const server = createServer(answer).listen(0, '127.0.0.1');
  await once(server, 'listening');
  return { url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`, server };
}

async function stopServer(server: Server): Promise<void> {
  server.closeAllConnections();
  server.close();
  await once(server, 'close');
}

describe('a description that is fetched', () => {
  const text = readFileSync(pets);
  let url: string;
  let server: Server;
  beforeAll(async () => {
    ({ url, server } = await serve((request, response) => {
      const target = {
        '/moved': '/pets.yaml',
        '/away': 'http://169.254.169.254/latest',
        '/loop': '/loop',
        '/file': 'file:///etc/hosts',
      }[request.url ?? ''];
      if (target !== undefined) response.writeHead(302, { location: target }).end();
      else if (request.url?.startsWith('/pets.yaml')) response.end(text);
      else if (request.url === '/stalls') response.write('{');
      else response.writeHead(404).end();
    }));
  });
  afterAll(() => stopServer(server));

  it('is imported, and comes by a redirect', async () => {
    expect(await report(`${url}/moved`, '--system', 'fetched', '--dry-run')).toMatchObject({ outbounds: 6, written: false });
    const withSecrets = `${url.replace('//', '//ada:secret@')}/pets.yaml?token=secret`;
    expect(await openDescription(withSecrets)).toMatchObject({ base: `${url}/pets.yaml` });
  });

  it.each([
    ['/gone', /answered HTTP 404/],
    ['/away', /link-local and metadata addresses/],
    ['/loop', /more than 3 times/],
    ['/file', /no address of HTTP/],
  ])('is refused at %s', async (path, message) => {
    await expect(openDescription(url + path)).rejects.toMatchObject({
      code: 'MORTISE_IMPORT_FETCH',
      message: expect.stringMatching(message),
    });
  });

  it('is refused where it is too long, takes too long, or where nobody answers', async () => {
    const limits = { bytesMax: 100, timeoutMs: 20_000 };
    await expect(openDescription(`${url}/pets.yaml`, limits)).rejects.toMatchObject({ code: 'MORTISE_IMPORT_UNREADABLE' });
    await expect(openDescription(pets, limits)).rejects.toMatchObject({ code: 'MORTISE_IMPORT_UNREADABLE' });
    await expect(openDescription(`${url}/stalls`, { ...limits, timeoutMs: 50 })).rejects.toMatchObject({
      code: 'MORTISE_IMPORT_FETCH',
    });
    await expect(openDescription(`http://127.0.0.1:${await freePort()}/`)).rejects.toMatchObject({
      code: 'MORTISE_IMPORT_FETCH',
    });
    await expect(openDescription('http://[fe80::1]/a')).rejects.toMatchObject({ code: 'MORTISE_IMPORT_FETCH' });
  });
});

describe('what was imported', () => {
  it('asks the system as it is described', async () => {
    const asked: string[] = [];
    const { url, server } = await serve((request, response) => {
      const { 'x-shop': shop, authorization } = request.headers;
      asked.push([request.method, request.url, shop, authorization].filter((part) => part !== undefined).join(' '));
      response.setHeader('content-type', 'application/json');
      response.end(
        request.url?.startsWith('/v7/pets?')
          ? '[{"id":"7","name":"Rex","species":"dog"}]'
          : '{"id":"7","name":"Rex","species":"dog"}',
      );
    });
    const { project: own, control } = await initProject(join(folder, 'own'));
    const description = join(folder, 'local.yaml');
    writeFileSync(description, readFileSync(pets, 'utf8').replace('https://{region}.pets.example/{base}/', `${url}/{base}/`));
    await mortise(['import', 'openapi', description, '--system', 'pets', '--project', own, '--only', 'tag:pets']);
    writeFileSync(join(own, 'flows', 'shop-orders.yaml'), adopt);
    const engine = startMortise(['run', own], { env: { PETS_WEBHOOK_KEY: 'key', PETS_TOKEN: 'the-token' } });
    try {
      await engine.printed('Running acme');
      const body = join(folder, 'asked.json');
      writeFileSync(body, '{ "species": "dog & cat", "tag": ["a", "b/c"], "items": [], "limit": 0 }');
      const { out, err } = await mortise(['send', 'shop.order-created', body, '--control', control]);
      expect(out + err).toContain('"found": "7"');
    } finally {
      await engine.end();
      await stopServer(server);
    }
    expect(asked).toEqual([
      'GET /v7/pets?species=dog%20%26%20cat&limit=0&tag=a&tag=b%2Fc Bearer the-token',
      'GET /v7/pets/7%2F..',
      'PUT /v7/pets/7 main Bearer the-token',
    ]);
  });
});

const adopt = `name: shop-orders
from: { system: shop, inbound: order-created }
steps:
  - call: { system: pets, outbound: list-pets, into: found }
  - call:
      system: pets
      outbound: get-pets-pet-id
      with: |
        { "pet-id": $found[0].id & "/.." }
      into: pet
  - set:
      headers:
        pet-id: $found[0].id
        x-shop: '"main"'
  - call: { system: pets, outbound: replace-pet, with: $pet, into: done }
  - reply:
      body: |
        { "found": $pet.id }
`;
