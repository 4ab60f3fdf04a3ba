// Writes values as elements: attributes, text and elements in the order of their properties.

import { characterEncodings, excerpt, formatError, scalarText } from '@mortise/sdk';
import { Names } from './names.ts';
import type { Meaning, XmlOptions } from './names.ts';

interface Place {
  /** The default namespace that is in force there. */
  readonly defaultUri: string;
  readonly depth: number;
  readonly path: string;
  /** Whether white space may be added. */
  readonly isLoose: boolean;
}

type Written = Readonly<Record<string, unknown>>;

/** Characters that XML 1.0 has not, escaped or not. */
// oxlint-disable-next-line no-control-regex -- control characters are what is looked for
const impossible = /[\u0000-\u0008\u000b\u000c\u000e-\u001f\ufffe\uffff]/;

export class ElementWriter {
  readonly #options: XmlOptions;
  readonly #names: Names;
  readonly #cdata: ReadonlySet<string>;
  readonly #encode: (text: string) => Uint8Array | undefined;

  constructor(options: XmlOptions) {
    this.#options = options;
    this.#names = new Names(options);
    this.#cdata = new Set(options.cdata);
    this.#encode = characterEncodings[options.encoding].encode;
  }

  /** A whole document. Throws MORTISE_FORMAT_UNWRITABLE. */
  document(value: unknown): string {
    const [entry, ...more] = isObject(value) ? Object.entries(value) : [];
    if (!entry || more.length > 0)
      throw unwritable(`A document is an object with one property, its element; found ${excerpt(value)}.`);
    return this.element(entry[0], entry[1]) + this.#lineEnd();
  }

  /** An element that a document may begin with: it declares all namespaces. */
  element(name: string, value: unknown): string {
    return this.#element(name, value, { defaultUri: '', depth: 1, path: '', isLoose: true }, this.#declarations());
  }

  /** The elements around records: what stands before the first and behind the last. */
  around(path: readonly string[]): { readonly before: string; readonly behind: string } {
    const opened = path.map((name, index) => this.#tags(name, index === 0 ? '' : this.#names.defaultUri, index === 0));
    return {
      before: opened.map(({ open }, index) => this.#pad(index) + open + this.#lineEnd()).join(''),
      behind: opened
        .map(({ close }, index) => this.#pad(index) + close + this.#lineEnd())
        .toReversed()
        .join(''),
    };
  }

  /** A record inside of those elements. */
  record(name: string, value: unknown, depth: number): string {
    const isOutermost = depth === 1;
    const place = { defaultUri: isOutermost ? '' : this.#names.defaultUri, depth, path: '', isLoose: true };
    return this.#pad(depth - 1) + this.#element(name, value, place, isOutermost ? this.#declarations() : '') + this.#lineEnd();
  }

  #tags(name: string, defaultUri: string, isOutermost: boolean): { readonly open: string; readonly close: string } {
    const tag = this.#tag(name, defaultUri, '');
    return { open: `<${tag.name}${isOutermost ? this.#declarations() : ''}${tag.declared}>`, close: `</${tag.name}>` };
  }

  #element(name: string, value: unknown, place: Place, declarations: string): string {
    const path = `${place.path}/${name}`;
    if (place.depth > this.#options.depthMax)
      throw unwritable(`${path.slice(0, 200)} is nested deeper than ${this.#options.depthMax} (depthMax).`);
    const tag = this.#tag(name, place.defaultUri, path);
    const inner = { defaultUri: tag.defaultUri, depth: place.depth + 1, path, isLoose: place.isLoose };
    const members = isObject(value) ? value : { '#text': value };
    const attributes = Object.entries(members).filter(([member, one]) => member.startsWith('@') && isThere(one));
    const opening = `<${tag.name}${declarations}${tag.declared}${attributes.map((one, index) => this.#attribute(one, index, path)).join('')}`;
    const content = this.#content(name, members, inner);
    return content === '' ? `${opening}/>` : `${opening}>${content}</${tag.name}>`;
  }

  #content(name: string, members: Written, place: Place): string {
    const inside = Object.entries(members).filter(([member, one]) => !member.startsWith('@') && isThere(one));
    const [first] = inside;
    if (!first) return '';
    const special = inside.find(([member]) => member === '#text' || member === '#content');
    if (!special) return this.#elements(inside, place);
    if (inside.length > 1) throw unwritable(`${place.path} has "${special[0]}" and other elements; expected only one of them.`);
    if (special[0] === '#content') return this.#ordered(special[1], { ...place, isLoose: false });
    return this.#text(special[1], place.path, this.#cdata.has(name));
  }

  #elements(members: readonly (readonly [string, unknown])[], place: Place): string {
    const all = members.flatMap(([name, value]) =>
      Array.isArray(value) ? value.map((one: unknown) => [name, one] as const) : [[name, value] as const],
    );
    const isIndented = place.isLoose && this.#options.indent > 0 && all.length > 0;
    const written = all.map(
      ([name, value]) => (isIndented ? this.#lineEnd() + this.#pad(place.depth - 1) : '') + this.#element(name, value, place, ''),
    );
    return written.join('') + (isIndented ? this.#lineEnd() + this.#pad(place.depth - 2) : '');
  }

  #ordered(content: unknown, place: Place): string {
    if (!Array.isArray(content))
      throw unwritable(`The "#content" of ${place.path} is ${excerpt(content)}; expected an array of texts and elements.`);
    return content
      .map((one: unknown) => (isObject(one) ? this.#elements(Object.entries(one), place) : this.#text(one, place.path, false)))
      .join('');
  }

  #text(value: unknown, path: string, isCdata: boolean): string {
    const text = this.#characters(value, path);
    if (isCdata && text !== '' && !text.includes('\r') && this.#encode(text))
      return `<![CDATA[${text.replaceAll(']]>', ']]]]><![CDATA[>')}]]>`;
    return this.#numbered(
      text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;').replaceAll('\r', '&#13;'),
    );
  }

  /** A character that the encoding has not is written by its number (XML 1.0, section 4.1). */
  #numbered(text: string): string {
    if (this.#encode(text)) return text;
    return Array.from(text, (one) => (this.#encode(one) ? one : `&#${one.codePointAt(0)};`)).join('');
  }

  #attribute([member, value]: readonly [string, unknown], index: number, path: string): string {
    const name = member.slice(1);
    const meaning = this.#names.meaning(name, 'attribute');
    if (!meaning) throw unwritable(`${path} has an attribute ${excerpt(name)}, which is no name with a prefix of "namespaces".`);
    const text = this.#characters(value, `${path}/${member}`).replace(
      /[&<"\r\n\t]/g,
      (character) => escapes[character] ?? character,
    );
    const { prefix, declared } = this.#prefix(meaning, `a${index}`);
    return `${declared} ${prefix}${meaning.local}="${this.#numbered(text)}"`;
  }

  #characters(value: unknown, path: string): string {
    const text = scalarText(value);
    if (text === undefined) throw unwritable(`${path} is ${excerpt(value)}; expected a text, number or boolean.`);
    if (impossible.test(text) || !text.isWellFormed())
      throw unwritable(`${path} has a character that XML cannot have, in ${excerpt(text)}.`);
    return text;
  }

  /** The tag's name, what has to be declared at it, and the default namespace inside. */
  #tag(name: string, defaultUri: string, path: string): { name: string; declared: string; defaultUri: string } {
    const meaning = this.#names.meaning(name, 'element');
    if (!meaning) throw unwritable(`${path || name} is no name of an element with a prefix of "namespaces".`);
    const isDefault = meaning.uri === this.#names.defaultUri || meaning.uri === '';
    if (!isDefault || meaning.prefix) {
      const { prefix, declared } = this.#prefix(meaning, 'e');
      return { name: prefix + meaning.local, declared, defaultUri };
    }
    const declared = meaning.uri === defaultUri ? '' : ` xmlns="${meaning.uri}"`;
    return { name: meaning.local, declared, defaultUri: meaning.uri };
  }

  /** A namespace that the user gave no prefix gets one where it is used. */
  #prefix({ uri, prefix }: Meaning & { readonly prefix?: string }, made: string): { prefix: string; declared: string } {
    if (prefix) return { prefix: `${prefix}:`, declared: '' };
    if (uri === '') return { prefix: '', declared: '' };
    const free = this.#freePrefix(made);
    return { prefix: `${free}:`, declared: ` xmlns:${free}="${uri}"` };
  }

  #freePrefix(made: string): string {
    const taken = new Set(this.#names.declared.map(([prefix]) => prefix));
    return taken.has(made) ? this.#freePrefix(`${made}_`) : made;
  }

  #declarations(): string {
    return this.#names.declared.map(([prefix, uri]) => ` xmlns:${prefix}="${uri}"`).join('');
  }

  #pad(depth: number): string {
    return ' '.repeat(this.#options.indent * depth);
  }

  #lineEnd(): string {
    return this.#options.indent > 0 ? '\n' : '';
  }
}

const escapes: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '"': '&quot;',
  '\r': '&#13;',
  '\n': '&#10;',
  '\t': '&#9;',
};

function isThere(value: unknown): boolean {
  return value !== null && value !== undefined;
}

function isObject(value: unknown): value is Written {
  return typeof value === 'object' && value !== null && !Array.isArray(value) && !ArrayBuffer.isView(value);
}

function unwritable(message: string): Error {
  return formatError('MORTISE_FORMAT_UNWRITABLE', message);
}
