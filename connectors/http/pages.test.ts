// Lists in pages, from a real system: read to their end in every way, and given up where there is none.

import fc from 'fast-check';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { MortiseError } from '@mortise/sdk';
import { openOutboundForTest } from '@mortise/sdk/testing';
import type { OutboundHarness } from '@mortise/sdk/testing';
import connector from './connector.ts';
import { linkTo } from './link-header.ts';
import { outbounds } from './outbound.ts';
import { startTestSystem } from './test-system.fixture.ts';
import type { TestAnswer, TestSystem } from './test-system.fixture.ts';

const secrets = { TOKEN: 'the-token' };
const all = Array.from({ length: 7 }, (_, n) => ({ n }));

let system: TestSystem;
let one: OutboundHarness;

beforeEach(async () => {
  system = await startTestSystem();
  const connection = { url: `${system.url}/api`, auth: { bearer: 'env:TOKEN' } };
  one = await openOutboundForTest({ connector, outbounds, name: 'request', connection, secrets });
});

afterEach(async () => {
  await one.close();
  await system.close();
});

type Query = URLSearchParams;

/** Answers every page by its query. */
function paged(answer: (query: Query) => { body: unknown; link?: string } | TestAnswer): void {
  system.answer = ({ url }) => {
    const given = answer(new URL(url, system.url).searchParams);
    if ('status' in given) return given;
    const link = given.link === undefined ? {} : { link: given.link };
    return { status: 200, headers: { 'content-type': 'application/json', ...link }, body: JSON.stringify(given.body) };
  };
}

async function read(paging: object, options: object = {}): Promise<{ detail: string | undefined; text: string; value: unknown }> {
  const { detail, reply } = await one.send('', { method: 'GET', path: '/orders?status=open', paging, ...options });
  const text = Buffer.from(reply?.body as Uint8Array).toString();
  expect(reply).toMatchObject({ status: 200, contentType: 'application/json' });
  return { detail, text, value: JSON.parse(text) };
}

async function failure(reading: Promise<unknown>): Promise<MortiseError> {
  const error = await reading.then(
    () => undefined,
    (reason: unknown) => reason,
  );
  if (!(error instanceof MortiseError)) throw new Error(`Expected a failure of the contract, found ${String(error)}.`);
  return error;
}

const slice = (from: number) => all.slice(from, from + 3);
const queries = () => system.received.map(({ url }) => url.slice('/api/orders?'.length));

describe('a list in pages', () => {
  it('by link is one list, with our credentials on every page', async () => {
    paged((query) => {
      const from = Number(query.get('from') ?? 0);
      const first = `</api/orders?from=0>; rel="first"`;
      return { body: slice(from), link: from < 6 ? `${first}, <?from=${from + 3}>; rel="next last"` : first };
    });
    expect(await read({ by: 'link' })).toMatchObject({ value: all, detail: 'HTTP 200, 7 items on 3 pages' });
    expect(queries()).toEqual(['status=open', 'from=3', 'from=6']);
    for (const { headers } of system.received) expect(headers.authorization).toBe('Bearer the-token');
  });

  it.each([null, '', undefined, false])('by cursor is read until a page says %j', async (end) => {
    paged((query) => {
      const from = Number(query.get('after') ?? 0);
      return { body: { data: { orders: slice(from) }, meta: { next: from < 6 ? String(from + 3) : end } } };
    });
    expect((await read({ by: 'cursor', cursor: '/meta/next', parameter: 'after', items: '/data/orders' })).value).toEqual(all);
    expect(queries()).toEqual(['status=open', 'status=open&after=3', 'status=open&after=6']);
  });

  it('by cursor takes numbers as they came', async () => {
    const long = '12345678901234567890';
    system.answer = ({ url }) => ({ status: 200, body: url.includes(long) ? '{"items":[2]}' : `{"items":[1],"next":${long}}` });
    expect((await read({ by: 'cursor', cursor: '/next', parameter: 'after', items: '/items' })).value).toEqual([1, 2]);
  });

  it('by cursor without a parameter follows the URL that a page names', async () => {
    paged((query) => {
      const from = Number(query.get('from') ?? 0);
      return { body: { value: slice(from), next: from < 6 ? `${system.url}/api/orders?from=${from + 3}` : null } };
    });
    expect((await read({ by: 'cursor', cursor: '/next', items: '/value' })).value).toEqual(all);
  });

  it('by page ends with an empty page, or with a short one where the size is known', async () => {
    paged((query) => ({ body: slice((Number(query.get('page')) - 1) * 3) }));
    expect((await read({ by: 'page' })).value).toEqual(all);
    expect(queries().map((query) => new URLSearchParams(query).get('page'))).toEqual(['1', '2', '3', '4']);
    expect((await read({ by: 'page', size: 3 })).detail).toBe('HTTP 200, 7 items on 3 pages');
  });

  it('by offset counts the items that came', async () => {
    paged((query) => ({ body: slice(Number(query.get('skip'))) }));
    expect((await read({ by: 'offset', parameter: 'skip', size: 3 })).value).toEqual(all);
    expect(queries().map((query) => new URLSearchParams(query).get('skip'))).toEqual(['0', '3', '6']);
  });

  it('keeps the digits of its numbers, whatever the pages', async () => {
    const digits = ['1.10', '12345678901234567890', '1e3', '-0', '0.1', '3', '1.0'];
    const bodies = [`[${digits.join(',')}]`, '[{"a":1.50}]'];
    system.answer = ({ url }) => ({
      status: 200,
      body: bodies[Number(new URL(url, system.url).searchParams.get('page')) - 1] ?? '[]',
    });
    expect((await read({ by: 'page' })).text).toBe(`[${digits.join(',')},{"a":1.50}]`);
  });

  it('that is empty is an empty list', async () => {
    paged(() => ({ body: [] }));
    expect((await read({ by: 'link' })).text).toBe('[]');
  });

  it('is not read with a method that may have an effect', async () => {
    const error = await failure(one.send('', { method: 'POST', paging: { by: 'link' } }));
    expect([error.name, error.message, system.received.length]).toEqual(['Rejected', expect.stringContaining('GET'), 0]);
  });
});

describe('a list without an end', () => {
  it.each([
    ['leads back to a page that was read', { by: 'link' }, '<?status=open>; rel=next'],
    ['more than 5 pages', { by: 'page', pagesMax: 5 }, ''],
    ['more than 10 items', { by: 'offset', itemsMax: 10 }, ''],
  ])('is given up: it %s', async (why, paging, link) => {
    paged(() => ({ body: slice(0), link }));
    const error = await failure(read(paging));
    expect([error.name, error.message]).toEqual(['Rejected', expect.stringContaining(why)]);
    expect(system.received.length).toBeLessThanOrEqual(5);
  });

  it('is given up where a cursor comes again', async () => {
    paged(() => ({ body: { items: [1], next: 'same' } }));
    const error = await failure(read({ by: 'cursor', cursor: '/next', parameter: 'after', items: '/items' }));
    expect([error.name, error.message, system.received.length]).toEqual(['Rejected', expect.stringContaining('leads back'), 2]);
  });

  it('is given up where its pages together are too long', async () => {
    paged(() => ({ body: ['x'.repeat(600)] }));
    const error = await failure(read({ by: 'page' }, { replyBytesMax: '1KiB' }));
    expect([error.name, error.message, system.received.length]).toEqual([
      'Rejected',
      expect.stringContaining('replyBytesMax'),
      2,
    ]);
  });
});

describe('a page', () => {
  it('at another origin is not read', async () => {
    const other = await startTestSystem();
    try {
      for (const next of [
        `${other.url}/orders`,
        'https://evil.example/',
        '//evil.example/',
        system.url.replace('//', '//us:pass@'),
      ]) {
        paged(() => ({ body: [], link: `<${next}>; rel=next` }));
        const error = await failure(read({ by: 'link' }));
        expect([error.name, error.message]).toEqual(['Rejected', expect.stringContaining('expected the same origin')]);
      }
      expect(other.received).toHaveLength(0);
    } finally {
      await other.close();
    }
  });

  it.each(['http://[', 'http://a b/'])('at no URL, "%s", is not read', async (next) => {
    paged(() => ({ body: [], link: `<${next}>; rel=next` }));
    expect((await failure(read({ by: 'link' }))).name).toBe('Rejected');
  });

  it.each([
    ['no JSON', '', '{'],
    ['no JSON', '', '['.repeat(100_000)],
    ['without a list', '', '{}'],
    ['without a list', '/items', '{"items":{}}'],
    ['without a list', '/__proto__', '{}'],
    ['without a list', '/a/b', '{"a":null}'],
  ])('that is %s at "%s" is rejected', async (why, items, body) => {
    system.answer = () => ({ status: 200, body });
    const error = await failure(read({ by: 'link', items }));
    expect([error.name, error.message]).toEqual(['Rejected', expect.stringContaining(why)]);
  });

  it.each([
    [404, 'Rejected'],
    [503, 'Unavailable'],
    [500, 'Unavailable'],
  ])('that is answered %i makes the whole list %s', async (status, meaning) => {
    paged((query) => (query.get('page') === '2' ? { status } : { body: [1] }));
    expect((await failure(read({ by: 'page' }))).name).toBe(meaning);
  });

  it('that is limited makes the list Busy', async () => {
    paged((query) => (query.get('page') === '2' ? { status: 429, headers: { 'retry-after': '7' } } : { body: [1] }));
    expect(await failure(read({ by: 'page' }))).toMatchObject({ name: 'Busy', retryAfterMs: 7000 });
  });
});

describe('the header Link', () => {
  it.each([
    ['<a>; rel=next', 'a'],
    ['<a>; rel="next"', 'a'],
    ['<a>;rel="prev", <b>;rel="NEXT"', 'b'],
    ['<a>; title="x, <z>; rel=next"; rel="prev", <b>; rel="up next"', 'b'],
    ['<a>; title="\\"; rel=next"; rel=prev', undefined],
    ['<a>; rel=next; anchor="#other", <b>; rel=next', 'b'],
    ['<a>; rel=prev; rel=next', undefined],
    ['<a,b;c>; rel=next', 'a,b;c'],
    ['  ,, <a> ; REL = "next" , <b>', 'a'],
    ['<a>; foo; rel=next', 'a'],
    ['<a>; rel="nextpage"', undefined],
    ['<a>', undefined],
    ['a; rel=next', undefined],
    ['<a; rel=next', undefined],
    ['', undefined],
    [undefined, undefined],
  ])('%j leads to %j', (header, target) => {
    expect(linkTo(header, 'next')).toBe(target);
  });

  it('gives back every target that was written into it', () => {
    const target = fc.webUrl({ withQueryParameters: true });
    const text = fc.string().map((value) => `"${value.replace(/["\\]/g, '\\$&')}"`);
    const link = fc.record({ target, rel: fc.constantFrom('prev', 'first', 'last'), title: text });
    const written = ({ target: to, rel, title }: { target: string; rel: string; title: string }) =>
      `<${to}>; title=${title}; rel="${rel}"`;
    fc.assert(
      fc.property(
        fc.array(link, { maxLength: 4 }),
        target,
        text,
        fc.array(link, { maxLength: 2 }),
        (before, next, title, after) => {
          const links = [...before.map(written), written({ target: next, rel: 'next', title }), ...after.map(written)];
          expect(linkTo(links.join(', '), 'next')).toBe(next);
        },
      ),
      { numRuns: 50 },
    );
  });

  it('may hold anything', () => {
    fc.assert(
      fc.property(fc.stringMatching(/^[<>;,="\\ relnxt]{0,40}$/), (header) => {
        const found = linkTo(header, 'next');
        expect(found === undefined || header.includes(found)).toBe(true);
      }),
    );
    expect(linkTo(`<a>${'; x="'.repeat(3000)}`, 'next')).toBeUndefined();
  });
});
