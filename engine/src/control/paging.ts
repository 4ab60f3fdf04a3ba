// Pages of lists that are held in memory: a limit and a cursor go in, and a Link to the next page comes out.

import type { FastifyReply, FastifyRequest, RouteOptions } from 'fastify';
import { Type } from 'typebox';
import { controlError } from './errors.ts';

const limitDefault = 1000;

const Page = Type.Object(
  {
    limit: Type.Integer({ minimum: 1, maximum: 1000, default: limitDefault }),
    cursor: Type.Optional(
      Type.String({ maxLength: 1000, description: 'Of the Link with rel="next" that came with the page before.' }),
    ),
  },
  { additionalProperties: false },
);

/** Every route that answers with a list takes the parameters of a page. */
export function takePages({ method, schema }: RouteOptions): void {
  const { response } = schema ?? {};
  const answer = (response as Readonly<Record<number, { readonly type?: unknown }>> | undefined)?.[200];
  if (method !== 'GET' || !schema || answer?.type !== 'array' || schema.querystring !== undefined) return;
  schema.querystring = Page;
}

/** Cuts a page out of the list that a route gave (RFC 8288 names the next one). */
export async function cutPage(request: FastifyRequest, reply: FastifyReply, payload: unknown): Promise<unknown> {
  if (!Array.isArray(payload) || request.routeOptions.schema?.querystring !== Page) return payload;
  const list: readonly unknown[] = payload;
  const { limit, cursor } = request.query as { readonly limit: number; readonly cursor?: string };
  const from = cursor === undefined ? 0 : behind(list, cursor);
  const page = list.slice(from, from + limit);
  if (from + limit < list.length) {
    const next = new URLSearchParams({ limit: String(limit), cursor: cursorOf(page.at(-1), from + limit) });
    void reply.header('link', `<${request.url.split('?')[0]}?${next.toString()}>; rel="next"`);
  }
  return page;
}

/** Where the next page begins: behind the last one of the page before; where that is gone, at the place that it had. */
function behind(list: readonly unknown[], cursor: string): number {
  const [, place, name] = /^(\d{1,9}):(.*)$/s.exec(cursor) ?? [];
  if (place === undefined) throw controlError('MORTISE_CONTROL_REQUEST', 'query.cursor is none that a page gave.');
  const found = list.findIndex((item) => name !== '' && nameOf(item) === name);
  return found < 0 ? Math.max(0, Number(place) - 1) : found + 1;
}

function cursorOf(last: unknown, place: number): string {
  return `${place}:${nameOf(last)}`;
}

function nameOf(item: unknown): string {
  const { id, name } = (item ?? {}) as { readonly id?: unknown; readonly name?: unknown };
  return String(id ?? name ?? '');
}
