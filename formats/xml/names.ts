// Names of elements and attributes: with the prefixes that the user declared, whatever prefixes a document has.

import type { FormatOptionsOf } from '@mortise/sdk';
import { xmlError } from './errors.ts';
import type format from './format.ts';

export type XmlOptions = FormatOptionsOf<typeof format>;

/** What a name means: the URI of its namespace, "" for none, and the name in it. */
export interface Meaning {
  readonly uri: string;
  readonly local: string;
}

const xmlUri = 'http://www.w3.org/XML/1998/namespace';
const start =
  'A-Z_a-z\\u00c0-\\u00d6\\u00d8-\\u00f6\\u00f8-\\u02ff\\u0370-\\u037d\\u037f-\\u1fff\\u200c\\u200d\\u2070-\\u218f\\u2c00-\\u2fef\\u3001-\\ud7ff\\uf900-\\ufdcf\\ufdf0-\\ufffd\\u{10000}-\\u{effff}';
/** A name without a colon (Namespaces in XML 1.0, section 3). */
const localName = new RegExp(`^[${start}][${start}\\-.0-9\\u00b7\\u0300-\\u036f\\u203f\\u2040]*$`, 'u');

export class Names {
  readonly #uris: ReadonlyMap<string, string>;
  readonly #prefixes: ReadonlyMap<string, string>;
  /** The namespace of names without a prefix. */
  readonly defaultUri: string;

  /** Throws MORTISE_XML_OPTIONS. */
  constructor(options: XmlOptions) {
    const entries = Object.entries(options.namespaces);
    for (const [prefix, uri] of entries) refusePrefix(prefix, uri);
    this.#uris = new Map([...entries, ['xml', xmlUri]]);
    this.#prefixes = new Map([...this.#uris].map(([prefix, uri]) => [uri, prefix]));
    if (this.#prefixes.size < this.#uris.size) throw fault('Two prefixes in "namespaces" are of one namespace.');
    const { lists, ordered, cdata } = options;
    const stray = [...lists, ...ordered, ...cdata, ...pathOf(options)].find((name) => !this.meaning(name, 'element'));
    if (stray !== undefined) throw fault(`"${stray}" is no name of an element with a prefix of "namespaces".`);
    this.defaultUri = this.#uris.get('') ?? '';
  }

  /** The prefixes that are declared where a document begins. */
  get declared(): readonly (readonly [prefix: string, uri: string])[] {
    return [...this.#uris].filter(([prefix]) => prefix !== 'xml' && prefix !== '');
  }

  element(uri: string, local: string): string {
    if (uri === this.defaultUri) return local;
    return this.#prefixed(uri, local);
  }

  /** An attribute without a prefix is in no namespace, whatever the default is. */
  attribute(uri: string, local: string): string {
    if (uri === '') return local;
    const prefix = this.#prefixes.get(uri);
    return prefix === '' ? `{${uri}}${local}` : this.#prefixed(uri, local);
  }

  /** What a written name means; undefined where it is none. */
  meaning(name: string, kind: 'element' | 'attribute'): (Meaning & { readonly prefix?: string }) | undefined {
    const clark = /^\{([^{}]*)\}(.*)$/s.exec(name);
    const [prefix, local] = clark ? [undefined, clark[2] ?? ''] : split(name);
    if (!localName.test(local) || /^xmlns$/i.test(local)) return undefined;
    if (clark) return /[\s<>"&]/.test(clark[1] ?? '') ? undefined : { uri: clark[1] ?? '', local };
    if (prefix === '') return { uri: kind === 'element' ? this.defaultUri : '', local };
    const uri = this.#uris.get(prefix ?? '');
    return uri === undefined ? undefined : { uri, local, prefix: prefix ?? '' };
  }

  #prefixed(uri: string, local: string): string {
    const prefix = this.#prefixes.get(uri);
    return prefix === undefined ? `{${uri}}${local}` : `${prefix}:${local}`;
  }
}

/** The names on the way to the records; none where the document is one value. */
export function pathOf({ record }: XmlOptions): readonly string[] {
  return record?.slice(1).split('/') ?? [];
}

/** A prefix before the first colon. */
function split(name: string): readonly [string, string] {
  const colon = name.indexOf(':');
  return colon < 0 ? ['', name] : [name.slice(0, colon), name.slice(colon + 1)];
}

function refusePrefix(prefix: string, uri: string): void {
  if (uri === '' || uri === xmlUri || /[\s<>"&{}]/.test(uri))
    throw fault(`The namespace ${JSON.stringify(uri)} cannot have a prefix.`);
  if (prefix !== '' && (!localName.test(prefix) || /^xml/i.test(prefix)))
    throw fault(`"${prefix}" in "namespaces" cannot be a prefix.`);
}

function fault(message: string): Error {
  return xmlError('MORTISE_XML_OPTIONS', message);
}
