// Pages of lists that are held in memory: a limit and a cursor go in, and a Link to the next page comes out.

import type { FastifyReply, FastifyRequest, RouteOptions } from 'fastify';
import { Type } from './schema.ts';
import { controlError } from './errors.ts';

const limitDefault = 1000;

export const pageFields = {
  limit: Type.Integer({ minimum: 1, maximum: 1000, default: limitDefault }),
  cursor: Type.Optional(
    Type.String({ maxLength: 1000, description: 'Of the page before: of its Link with rel="next", or its "next".' }),
  ),
};
const Page = Type.Object(pageFields, { additionalProperties: false });

interface Asked {
  readonly limit: number;
  readonly cursor?: string | undefined;
}

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
  const { limit, cursor } = request.query as Asked;
  const { part, next } = pageOf<unknown>(payload, { limit, cursor });
  if (next !== undefined) {
    const query = new URLSearchParams({ limit: String(limit), cursor: next });
    void reply.header('link', `<${request.url.split('?')[0]}?${query.toString()}>; rel="next"`);
  }
  return part;
}

/** A part of a list, and the cursor behind it where that is not the end. */
export function pageOf<Item>(list: readonly Item[], { limit, cursor }: Asked): { readonly part: Item[]; readonly next?: string } {
  const from = cursor === undefined ? 0 : behind(list, cursor);
  const part = list.slice(from, from + limit);
  return { part, ...(from + limit < list.length ? { next: cursorOf(part.at(-1), from + limit) } : {}) };
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
  if (typeof item === 'string') return item;
  const { id, name } = { ...(item as { readonly id?: unknown; readonly name?: unknown } | null) };
  const found = id ?? name;
  return typeof found === 'string' ? found : '';
}
