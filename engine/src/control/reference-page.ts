// The reference of the API as a page, made from its description: it has no script, and loads nothing.

import { createHash } from 'node:crypto';

interface Operation {
  readonly operationId?: string;
  readonly summary?: string;
  readonly tags?: readonly string[];
  readonly parameters?: readonly {
    readonly name: string;
    readonly in: string;
    readonly required?: boolean;
    readonly schema?: object;
  }[];
  readonly requestBody?: { readonly content?: Contents };
  readonly responses?: Readonly<Record<string, { readonly description?: string; readonly content?: Contents }>>;
}
type Contents = Readonly<Record<string, { readonly schema?: object }>>;

/** Of an OpenAPI description, what the page shows. */
export interface Described {
  readonly info: { readonly title: string; readonly version: string };
  readonly paths: Readonly<Record<string, Readonly<Record<string, Operation>>>>;
}

const style = `
body { font: 16px/1.5 system-ui, sans-serif; margin: 2rem auto; max-width: 60rem; padding: 0 1rem; color: #1a1a1a; background: #fff }
code, pre { font: 13px/1.45 ui-monospace, monospace } pre { background: #f4f4f4; padding: .7rem; overflow: auto }
h3 code { font-size: 15px } h2 { border-bottom: 1px solid #ccc; margin-top: 2.5rem } td, th { text-align: left; padding: .1rem 1rem .1rem 0 }
@media (prefers-color-scheme: dark) { body { background: #16181c; color: #e6e6e6 } pre { background: #22252b } a { color: #8ab4f8 } }
`;

/** Nothing but the style of the page itself, by its hash. */
export const referencePolicy = `default-src 'none'; style-src 'sha256-${createHash('sha256').update(style).digest('base64')}'; frame-ancestors 'none'; base-uri 'none'; form-action 'none'`;

export function referencePage({ info, paths }: Described): string {
  const operations = Object.entries(paths).flatMap(([path, methods]) =>
    Object.entries(methods).map(([method, operation]) => ({ method: method.toUpperCase(), path, operation })),
  );
  const groups = Map.groupBy(operations, ({ operation: { tags = ['other'] } }) => tags[0] ?? 'other');
  const contents = [...groups.keys()].map((tag) => `<li><a href="#${text(tag)}">${text(tag)}</a></li>`);
  const parts = [...groups].map(([tag, own]) => `<h2 id="${text(tag)}">${text(tag)}</h2>${own.map(operationPart).join('')}`);
  const title = `${text(info.title)} ${text(info.version)}: the control API`;
  const head = `<meta charset="utf-8"><meta name="viewport" content="width=device-width"><title>${title}</title><style>${style}</style>`;
  const lead = '<p>The same for programs: <a href="/api/openapi.json">/api/openapi.json</a> (OpenAPI 3.1).</p>';
  return `<!doctype html><html lang="en"><head>${head}</head><body><h1>${title}</h1>${lead}<ul>${contents.join('')}</ul>${parts.join('')}</body></html>`;
}

function operationPart({ method, path, operation }: { method: string; path: string; operation: Operation }): string {
  const { operationId = '', summary = '', parameters = [], requestBody, responses = {} } = operation;
  const rows = parameters.map(
    ({ name, in: place, required, schema }) =>
      `<tr><td><code>${text(name)}</code></td><td>${text(place)}${required ? ', required' : ''}</td><td>${words(schema)}</td></tr>`,
  );
  const table = rows.length === 0 ? '' : `<table><tr><th>parameter</th><th>in</th><th></th></tr>${rows.join('')}</table>`;
  const answers = Object.entries(responses)
    .filter(([status]) => status !== 'default')
    .map(([status, { content }]) => `<p>${text(status)}</p>${schemasOf(content)}`);
  const body = requestBody ? `<p>Takes</p>${schemasOf(requestBody.content)}` : '';
  return `<h3 id="${text(operationId)}"><code>${method} ${text(path)}</code></h3><p>${text(summary)}</p>${table}${body}${answers.join('')}`;
}

function words(schema: object | undefined): string {
  const { description = '', type = '' } = (schema ?? {}) as { readonly description?: string; readonly type?: string };
  return [type, description].filter(Boolean).map(text).join(': ');
}

function schemasOf(content: Contents = {}): string {
  const parts = Object.entries(content).map(
    ([type, { schema }]) =>
      `<details><summary><code>${text(type)}</code></summary><pre>${text(JSON.stringify(schema, null, 2))}</pre></details>`,
  );
  return parts.join('');
}

function text(value: string): string {
  return value.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;').replaceAll('"', '&quot;');
}
