// The headers of a part: read with limits, and never written with a line end inside.

import { characterEncodings } from '@mortise/sdk';
import type { MultipartOptions, PartHead } from './part.ts';

export const headerBytesMax = 16 * 1024;
const headersMax = 100;
const token = /^[!#$%&'*+.^_`|~0-9A-Za-z-]+$/;
// oxlint-disable-next-line no-control-regex -- control characters are what is looked for
const control = /[\u0000-\u0008\u000a-\u001f\u007f]/;
/** What stands for a quote and for line ends in names (HTML Standard, "multipart/form-data"). */
const escapes: readonly (readonly [string, string])[] = [
  ['"', '%22'],
  ['\r', '%0D'],
  ['\n', '%0A'],
];

/** What the headers say, or what is wrong with them. */
export function readHead(
  bytes: Uint8Array,
  kind: MultipartOptions['kind'],
): (PartHead & { readonly transfer?: string }) | string {
  const text = characterEncodings['utf-8'].decode(bytes);
  if (text === undefined) return 'has headers that are no UTF-8';
  const lines = text === '' ? [] : text.replace(/\r\n[ \t]+/g, ' ').split('\r\n');
  if (lines.length > headersMax) return `has more than ${headersMax} headers`;
  const headers = new Map<string, string>();
  for (const line of lines) {
    const colon = line.indexOf(':');
    const name = line.slice(0, colon).toLowerCase();
    if (colon < 0 || !token.test(name) || control.test(line))
      return `has a line that is no header, ${JSON.stringify(line.slice(0, 40))}`;
    if (headers.has(name)) return `has the header "${name}" twice`;
    headers.set(name, line.slice(colon + 1).trim());
  }
  return headOf(headers, kind);
}

function headOf(headers: Map<string, string>, kind: MultipartOptions['kind']): ReturnType<typeof readHead> {
  const take = (name: string): string | undefined => {
    const value = headers.get(name);
    headers.delete(name);
    return value;
  };
  const disposition = readDisposition(take('content-disposition'));
  if (typeof disposition === 'string') return disposition;
  const [contentType, transfer] = [take('content-type'), take('content-transfer-encoding')];
  if (kind === 'form-data' && (disposition.type !== 'form-data' || disposition.name === undefined))
    return 'has no Content-Disposition of form-data with a name';
  return {
    ...(disposition.name === undefined ? {} : { name: disposition.name }),
    ...(disposition.filename === undefined ? {} : { filename: disposition.filename }),
    ...(disposition.type === undefined || kind === 'form-data' ? {} : { disposition: disposition.type }),
    ...(contentType === undefined ? {} : { contentType }),
    ...(headers.size > 0 ? { headers: Object.fromEntries(headers) } : {}),
    ...(transfer === undefined ? {} : { transfer: transfer.toLowerCase() }),
  };
}

interface Disposition {
  readonly type?: string;
  readonly name?: string;
  readonly filename?: string;
}

function readDisposition(header: string | undefined): Disposition | string {
  if (header === undefined) return {};
  const [, type = '', rest = ''] = /^([^\s;]+)\s*(.*)$/s.exec(header) ?? [];
  const parameters = new Map<string, string>();
  let left = rest;
  while (left !== '') {
    const found = /^;\s*([^\s=;]+)\s*=\s*(?:"((?:[^"\\]|\\.)*)"|([^\s;"]+))\s*/s.exec(left);
    if (!found) return 'has a Content-Disposition that cannot be read';
    const [all, name = '', quoted, plain = ''] = found;
    if (parameters.has(name.toLowerCase())) return `has a Content-Disposition with "${name}" twice`;
    parameters.set(name.toLowerCase(), quoted === undefined ? plain : unquoted(quoted));
    left = left.slice(all.length);
  }
  const name = parameters.get('name');
  const filename = extended(parameters.get('filename*')) ?? parameters.get('filename');
  if (!token.test(type)) return 'has a Content-Disposition of no type';
  if (filename !== undefined && /[/\\\0]/.test(filename)) return 'has a file name with folders in it';
  return { type: type.toLowerCase(), ...(name === undefined ? {} : { name }), ...(filename === undefined ? {} : { filename }) };
}

/** Browsers do not escape a backslash: only one before a quote or another one escapes. */
function unquoted(text: string): string {
  return escapes.reduce((all, [plain, escaped]) => all.replaceAll(escaped, plain), text.replace(/\\(["\\])/g, '$1'));
}

/** `UTF-8''na%C3%AFve.txt` (RFC 8187). */
function extended(value: string | undefined): string | undefined {
  const [, encoded] = /^utf-8'[^']*'(.*)$/is.exec(value ?? '') ?? [];
  try {
    return encoded === undefined ? undefined : decodeURIComponent(encoded);
  } catch {
    return undefined;
  }
}

/** The lines of the headers, or what cannot be written of them. */
export function writeHead(head: PartHead, kind: MultipartOptions['kind']): readonly string[] | { readonly problem: string } {
  const { name, filename, contentType, headers = {} } = head;
  if (kind === 'form-data' && name === undefined) return { problem: 'has no name' };
  const other = head.disposition ?? ((name ?? filename) === undefined ? undefined : 'attachment');
  const type = kind === 'form-data' ? 'form-data' : other;
  if (type !== undefined && !/^[a-z-]+$/.test(type))
    return { problem: `has the disposition ${JSON.stringify(type)}; expected a word in lower case` };
  const parameters = Object.entries({ name, filename }).filter(([, value]) => value !== undefined);
  const disposition = parameters.map(([parameter, value]) => `; ${parameter}="${quoted(value ?? '')}"`).join('');
  const lines = [
    ...(type === undefined ? [] : [['Content-Disposition', `${type}${disposition}`] as const]),
    ...(contentType === undefined ? [] : [['Content-Type', contentType] as const]),
    ...Object.entries(headers),
  ];
  if (filename !== undefined && /[/\\\0]/.test(filename))
    return { problem: `has the file name ${JSON.stringify(filename)}, with folders in it` };
  const ambiguous = [name, filename].find((text) => text !== undefined && escapes.some(([, escaped]) => text.includes(escaped)));
  if (ambiguous !== undefined)
    return { problem: `has the name ${JSON.stringify(ambiguous)}, which would be read as another one` };
  const bad = lines.find(
    ([header, value]) => !token.test(header) || control.test(value) || !value.isWellFormed() || value.trim() !== value,
  );
  if (bad) return { problem: `has a header ${JSON.stringify(bad[0])} that is none` };
  const own = Object.keys(headers).find(
    (header) => header !== header.toLowerCase() || /^content-(disposition|type|transfer-encoding)$/.test(header),
  );
  if (own !== undefined) return { problem: `has a header "${own}" that has to be in lower case, or a property of its own` };
  return lines.map(([header, value]) => `${header}: ${value}`);
}

function quoted(text: string): string {
  const escaped = text.replaceAll('\\', '\\\\');
  return escapes.reduce((all, [plain, encoded]) => all.replaceAll(plain, encoded), escaped);
}
