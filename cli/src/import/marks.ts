// The mark of a file that an import wrote: by it is known whether somebody has edited the file since.

import { createHash } from 'node:crypto';

const mark = /mortise import of (\S+), sha256:([0-9a-f]{64})/;

/** The text with a mark: a comment at the top of YAML, `$comment` in a schema. */
export function marked(path: string, text: string, system: string): string {
  const empty = `mortise import of ${system}, sha256:`;
  const withPlace = path.endsWith('.json')
    ? text.replace('{\n', `{\n  "$comment": "${empty}",\n`)
    : `# ${empty}\n# An import writes this file anew as long as nobody has edited it; then it only shows what would change.\n${text}`;
  return withPlace.replace(empty, `${empty}${hashOf(withPlace)}`);
}

/** The system whose import wrote this text, where nobody has edited it since. */
export function untouchedSince(text: string): string | undefined {
  const plain = text.replaceAll('\r\n', '\n');
  const [whole, system, hash] = mark.exec(plain) ?? [];
  if (whole === undefined || hash === undefined) return undefined;
  return hashOf(plain.replace(whole, whole.slice(0, -hash.length))) === hash ? system : undefined;
}

function hashOf(text: string): string {
  return createHash('sha256').update(text).digest('hex');
}
