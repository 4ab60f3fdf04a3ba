// A YAML file that was read: its value, and where each part of it stands.

import { isAlias, isMap, isScalar, isSeq } from 'yaml';
import type { Document, LineCounter, Node, Scalar } from 'yaml';
import type { Path } from '@mortise/sdk';
import type { Place, WrittenFile, Writing } from '../problems.ts';

interface YamlParts {
  readonly file: string;
  readonly text: string;
  readonly document: Document;
  readonly lines: LineCounter;
}

/** So much of a comment is shown. */
const commentCharactersMax = 500;

interface Found {
  readonly key: Node | undefined;
  readonly value: Node | undefined;
  readonly isWhole: boolean;
}

export class YamlFile implements WrittenFile {
  readonly file: string;
  readonly text: string;
  readonly value: unknown;
  private readonly document: Document;
  private readonly lines: LineCounter;

  constructor({ file, text, document, lines }: YamlParts, value: unknown) {
    this.file = file;
    this.text = text;
    this.value = value;
    this.document = document;
    this.lines = lines;
  }

  locate(path: Path, at: 'key' | 'value' = 'value', offset?: number): { readonly line: number; readonly column: number } {
    const { value, isWhole } = this.find(path);
    const isWithin = offset !== undefined && isWhole && isScalar(value);
    const { line, column } = isWithin ? this.placeWithin(value, offset) : this.place(path, at);
    return { line, column };
  }

  place(path: Path, at: 'key' | 'value' = 'value'): Place {
    const { key, value, isWhole } = this.find(path);
    return this.placeOf((at === 'key' && isWhole ? key : undefined) ?? value ?? key);
  }

  /** How the value that `path` leads to was written; undefined where there is none. */
  writing(path: Path): Writing | undefined {
    const { value, isWhole } = this.find(path);
    const range = value?.range;
    if (!value || !range || !isWhole) return undefined;
    const comment = isScalar(value) ? this.commentBehind(range[1]) : undefined;
    return {
      style: styleOf(value),
      text: this.text.slice(range[0], range[1]),
      start: this.placeAt(range[0]),
      end: this.placeAt(range[1]),
      ...(comment ? { comment } : {}),
    };
  }

  placeAt(offset: number): Place {
    const { line, col } = this.lines.linePos(offset);
    return { file: this.file, line: Math.max(line, 1), column: Math.max(col, 1) };
  }

  private placeOf(node: Node | undefined): Place {
    return this.placeAt(node?.range?.[0] ?? 0);
  }

  /** The place of a character of a scalar's text. Folded blocks and escapes do not tell: then where the scalar begins. */
  private placeWithin(node: Scalar, offset: number): Place {
    const start = node.range?.[0] ?? 0;
    if (node.type === 'BLOCK_LITERAL') return this.placeInBlock(start, String(node.value).slice(0, offset).split('\n'));
    const written = this.text.slice(start, node.range?.[1]);
    const isAsWritten = written.includes(String(node.value));
    return this.placeAt(isAsWritten ? start + written.indexOf(String(node.value)) + offset : start);
  }

  /** `before` are the lines of the block up to the character, the last of them cut off there. */
  private placeInBlock(start: number, before: readonly string[]): Place {
    let at = this.text.indexOf('\n', start) + 1;
    const indent = /^\s*?( *)\S/m.exec(this.text.slice(at))?.[1]?.length ?? 0;
    for (let line = 1; line < before.length; line++) at = this.text.indexOf('\n', at) + 1;
    return this.placeAt(at + indent + (before.at(-1) ?? '').length);
  }

  /** Follows `path` as far as it leads. */
  private find(path: Path): Found {
    let found: Found = { key: undefined, value: this.document.contents ?? undefined, isWhole: true };
    for (const part of path) {
      const next = childOf(this.resolved(found.value), part);
      if (!next) return { ...found, isWhole: false };
      found = next;
    }
    return found;
  }

  private resolved(node: Node | undefined): Node | undefined {
    return isAlias(node) ? node.resolve(this.document) : node;
  }

  private commentBehind(offset: number): Writing['comment'] {
    const found = /^([ \t]*)(#.*)/.exec(this.text.slice(offset, offset + commentCharactersMax));
    if (found?.[1] === undefined || found[2] === undefined) return undefined;
    return { place: this.placeAt(offset + found[1].length), text: found[2].trimEnd() };
  }
}

function childOf(node: Node | undefined, part: string | number): Found | undefined {
  if (isSeq(node)) {
    const value = node.items[Number(part)] as Node | undefined;
    return value && { key: value, value, isWhole: true };
  }
  const pair = isMap(node) ? node.items.find(({ key }) => isScalar(key) && String(key.value) === String(part)) : undefined;
  return pair && { key: pair.key as Scalar, value: (pair.value ?? pair.key) as Node, isWhole: true };
}

function styleOf(node: Node): Writing['style'] {
  if (isMap(node)) return 'mapping';
  if (isSeq(node)) return 'list';
  const type = isScalar(node) ? node.type : undefined;
  if (type === 'PLAIN') return 'plain';
  return type === 'BLOCK_FOLDED' || type === 'BLOCK_LITERAL' ? 'block' : 'quoted';
}
