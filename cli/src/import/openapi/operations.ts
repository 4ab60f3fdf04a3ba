// The operations of a description that are wanted, each with its parameters, and the names that they get.

import { slug } from '../../new/ground.ts';
import { listOf, textOf } from '../values.ts';
import type { Mapping } from '../values.ts';
import type { ApiDocument, Located, Pointer } from './document.ts';
import type { Filter } from './filter.ts';

export interface Parameter {
  readonly name: string;
  readonly in: 'path' | 'query' | 'header' | 'cookie';
  readonly required: boolean;
  readonly value: Mapping;
  readonly at: Pointer;
}

export interface Operation {
  /** Unique among all of the import. */
  readonly name: string;
  readonly method: string;
  readonly path: string;
  readonly value: Mapping;
  readonly at: Pointer;
  /** Of the path item, and of the operation, which go before. */
  readonly parameters: readonly Parameter[];
  readonly servers: unknown;
}

const methods = ['get', 'put', 'post', 'delete', 'options', 'head', 'patch'];
const places = ['path', 'query', 'header', 'cookie'] as const;

/** Gives names that nothing else has yet. */
export class Names {
  readonly #taken = new Set<string>();

  take(called: string, otherwise: string): string {
    const base = slug(called).slice(0, 100).replace(/-+$/, '') || slug(otherwise) || 'operation';
    let name = base;
    for (let count = 2; this.#taken.has(name); count++) name = `${base}-${count}`;
    this.#taken.add(name);
    return name;
  }
}

/** All that `filter` wants, in the order of the description. */
export function operationsOf(document: ApiDocument, filter: Filter, names: Names): readonly Operation[] {
  const { root } = document;
  return document.entries(root['paths'], ['paths']).flatMap(({ name: path, value, at }) => {
    const item = document.mapping(value, at);
    if (!item) return [];
    if (!path.startsWith('/')) document.warn(at, 'A path begins with "/": it is read as if it did.');
    return operationsIn(document, item, path.startsWith('/') ? path : `/${path}`, names, filter);
  });
}

/** The operations of one path item; also of webhooks and callbacks. */
export function operationsIn(
  document: ApiDocument,
  item: Located,
  path: string,
  names: Names,
  filter: Filter,
): readonly Operation[] {
  if (item.value['trace'] !== undefined) document.warn([...item.at, 'trace'], 'The method TRACE is not sent: it is left out.');
  const shared = parametersIn(document, item.value['parameters'], [...item.at, 'parameters']);
  return methods.flatMap((method) => {
    const found = item.value[method] === undefined ? undefined : document.mapping(item.value[method], [...item.at, method]);
    if (!found) return [];
    const { value, at } = found;
    const id = textOf(value['operationId']);
    const tags = listOf(value['tags']).filter((tag) => typeof tag === 'string');
    if (!filter.wants({ path, id, tags })) return [];
    const own = parametersIn(document, value['parameters'], [...at, 'parameters']);
    const parameters = [...new Map([...shared, ...own].map((one) => [`${one.in} ${one.name}`, one])).values()];
    const name = names.take(id ?? '', `${method}-${path}`);
    return [
      { name, method: method.toUpperCase(), path, value, at, parameters, servers: value['servers'] ?? item.value['servers'] },
    ];
  });
}

function parametersIn(document: ApiDocument, written: unknown, at: Pointer): readonly Parameter[] {
  if (written !== undefined && !Array.isArray(written)) document.warn(at, 'Expected a list of parameters. It is left out.');
  return listOf(written).flatMap((one, index) => {
    const found = document.mapping(one, [...at, index]);
    if (!found) return [];
    const { name, required } = found.value;
    const place = places.find((known) => known === found.value['in']);
    if (typeof name !== 'string' || !place) {
      document.warn(found.at, 'A parameter has a name, and is in path, query, header or cookie. It is left out.');
      return [];
    }
    if (place === 'path' && required !== true)
      document.warn(found.at, 'A parameter of the path is always required: it is read so.');
    return [{ name, in: place, required: required === true || place === 'path', value: found.value, at: found.at }];
  });
}
