// The console: the built files of its folder, and its one page for every other path that is not the API's.

import { randomBytes } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { extname, join } from 'node:path';
import type { FastifyReply } from 'fastify';
import { controlError } from './errors.ts';
import { noRoute } from './problem.ts';
import type { ControlServer } from './server.ts';

const types: Readonly<Record<string, string>> = {
  '.js': 'text/javascript; charset=utf-8',
  '.css': 'text/css; charset=utf-8',
  '.svg': 'image/svg+xml',
  '.png': 'image/png',
  '.woff2': 'font/woff2',
};

/** Names as the build gives them: a hash of the content is in each, so that it may be kept for ever. */
const assetName = /^[\w-][\w.-]*$/;

/** Serves what is in `folder` when it is asked for: the console may be built while the engine runs. */
export function consoleRoutes(server: ControlServer, folder: string): void {
  const hidden = { method: 'GET', schema: { hide: true } } as const;
  server.route({
    ...hidden,
    url: '/assets/:name',
    handler: async (request, reply) => {
      const { name } = request.params as { readonly name: string };
      const type = types[extname(name)];
      if (!assetName.test(name) || type === undefined) return noRoute(request);
      const path = join(folder, 'assets', name);
      const takesGzip = /\bgzip\b/.test(request.headers['accept-encoding'] ?? '');
      const packed = takesGzip ? await readIfThere(`${path}.gz`) : undefined;
      const bytes = packed ?? (await readIfThere(path));
      if (!bytes) return noRoute(request);
      if (packed) reply.header('content-encoding', 'gzip');
      // A worker has the policy of its own answer, and the library in it is a script of this origin.
      return reply
        .headers({ 'cache-control': 'public, max-age=31536000, immutable', vary: 'accept-encoding' })
        .header('content-security-policy', "default-src 'none'; script-src 'self'; frame-ancestors 'none'")
        .type(type)
        .send(bytes);
    },
  });
  server.route({
    ...hidden,
    url: '/*',
    handler: async (request, reply) => {
      if (/^\/(api|health|metrics|assets)(\/|$|\?)/.test(request.url)) return noRoute(request);
      return page(folder, reply);
    },
  });
}

async function page(folder: string, reply: FastifyReply): Promise<FastifyReply> {
  const html = await readIfThere(join(folder, 'index.html'));
  if (!html) throw controlError('MORTISE_CONTROL_NO_CONSOLE', 'The console is not built; the API is at /api/v1.');
  const nonce = randomBytes(18).toString('base64');
  return reply
    .header('content-security-policy', pagePolicy(nonce))
    .type('text/html; charset=utf-8')
    .send(html.toString().replaceAll('__CSP_NONCE__', nonce));
}

/** Scripts are files of this origin. Styles that libraries add while they run carry the nonce of the page. */
function pagePolicy(nonce: string): string {
  return [
    "default-src 'none'",
    "script-src 'self'",
    `style-src 'self' 'nonce-${nonce}'`,
    "img-src 'self' data:",
    "font-src 'self'",
    "connect-src 'self'",
    "worker-src 'self'",
    "form-action 'self'",
    "base-uri 'none'",
    "frame-ancestors 'none'",
  ].join('; ');
}

async function readIfThere(path: string): Promise<Buffer | undefined> {
  try {
    return await readFile(path);
  } catch {
    return undefined;
  }
}
