// Makes text of the bytes of a document: by its byte order mark, by its declaration, or by the option.

import {
  characterEncodingNames,
  characterEncodings,
  firstUndecodableByte,
  formatError,
  hasByteOrderMark,
  undecodable,
} from '@mortise/sdk';
import type { CharacterEncoding } from '@mortise/sdk';

/** A declaration that names the encoding is all in the first bytes: nobody writes a longer one. */
const beginningBytes = 256;
const marked: readonly CharacterEncoding[] = ['utf-32le', 'utf-32be', 'utf-8', 'utf-16le', 'utf-16be'];
/** Without a mark these first characters, which every declaration begins with, tell the width (XML 1.0, appendix F). */
const wide: readonly CharacterEncoding[] = ['utf-16le', 'utf-16be', 'utf-32le', 'utf-32be'];
const characterBytesMax = 4;

/** Names as documents write them, for encodings that are called otherwise here. */
const otherNames: Readonly<Record<string, CharacterEncoding>> = {
  'iso-8859-1': 'latin1',
  'us-ascii': 'ascii',
  utf8: 'utf-8',
  cp1252: 'windows-1252',
  gb2312: 'gbk',
  ibm437: 'cp437',
  ibm850: 'cp850',
};

/** What stands in the declaration where a document is written in the encoding. */
export function declaredName(encoding: CharacterEncoding): string {
  const name = Object.keys(otherNames).find(
    (other) => otherNames[other] === encoding && (other.startsWith('iso') || other.startsWith('us')),
  );
  return (name ?? encoding.replace(/^utf-(16|32)[lb]e$/, 'utf-$1')).toUpperCase();
}

export class Intake {
  readonly #default: CharacterEncoding;
  #encoding: CharacterEncoding | undefined;
  #held = new Uint8Array();
  #offset = 0;

  constructor(encoding: CharacterEncoding) {
    this.#default = encoding;
  }

  /** The text of what came, as far as its characters are complete. A fault is given behind the text before it. */
  *push(chunk: Uint8Array): Generator<string> {
    this.#held = Buffer.concat([this.#held, chunk]);
    if (this.#encoding || this.#held.length >= beginningBytes) yield* this.#decode(false);
  }

  *end(): Generator<string> {
    yield* this.#decode(true);
  }

  *#decode(isLast: boolean): Generator<string> {
    const encoding = (this.#encoding ??= this.#begin());
    const { decode } = characterEncodings[encoding];
    const all = this.#held;
    for (let left = 0; left < characterBytesMax && left <= all.length; left++) {
      const text = decode(all.subarray(0, all.length - left));
      if (text === undefined) continue;
      if (isLast && left > 0) break;
      this.#keep(all.length - left);
      if (text !== '') yield text;
      return;
    }
    const index = firstUndecodableByte(all, encoding);
    yield decode(all.subarray(0, index)) ?? '';
    throw undecodable(all, encoding, 'The document', { offsetBytes: this.#offset });
  }

  /** The encoding; what told it, a mark, is passed. */
  #begin(): CharacterEncoding {
    const mark = marked.find((encoding) => hasByteOrderMark(this.#held, encoding));
    if (mark) {
      this.#keep(characterEncodings[mark].byteOrderMark.length);
      return mark;
    }
    const unmarked = wide.find((encoding) => {
      const opening = characterEncodings[encoding].encode('<?') ?? new Uint8Array();
      return opening.every((byte, index) => this.#held[index] === byte);
    });
    return unmarked ?? this.#declared() ?? this.#default;
  }

  #declared(): CharacterEncoding | undefined {
    const text = Buffer.from(this.#held.subarray(0, beginningBytes)).toString('latin1');
    const [, name] = /^<\?xml\s[^>]*?\sencoding\s*=\s*["']([A-Za-z0-9._-]+)["']/.exec(text) ?? [];
    if (name === undefined) return undefined;
    const lower = name.toLowerCase();
    const known = Object.hasOwn(otherNames, lower) ? otherNames[lower] : characterEncodingNames.find((one) => one === lower);
    if (known) return known;
    throw formatError('MORTISE_FORMAT_ENCODING', `The document is declared to be in the encoding "${name}", which is not known.`);
  }

  #keep(from: number): void {
    this.#held = this.#held.slice(from);
    this.#offset += from;
  }
}
