// By which addresses and with which credentials operations are reached: servers and security schemes become connections.

import { slug } from '../../new/ground.ts';
import { isMapping, listOf, mappingOf, textOf, wordOf } from '../values.ts';
import type { Mapping } from '../values.ts';
import type { ApiDocument, Pointer } from './document.ts';
import { shown } from './document.ts';
import type { Operation } from './operations.ts';

export interface Connection {
  readonly url: string | undefined;
  /** The name of the security scheme, and what the connection says of it. */
  readonly scheme: string | undefined;
  readonly auth: Mapping | undefined;
}

export class Connections {
  readonly #document: ApiDocument;
  readonly #system: string;
  /** Where the description came from, for servers that are written without a host. */
  readonly #base: string | undefined;
  readonly #all = new Map<string, Connection>();

  constructor(document: ApiDocument, system: string, base: string | undefined) {
    this.#document = document;
    this.#system = system;
    this.#base = base;
  }

  /** In the order in which they were first asked for. */
  get all(): readonly Connection[] {
    return [...this.#all.values()];
  }

  /** The connection of an operation: the same for all that have server and credentials in common. */
  of(operation: Operation): Connection {
    const isOwn = operation.servers !== undefined;
    const url = this.#url(
      isOwn ? operation.servers : this.#document.root['servers'],
      isOwn ? [...operation.at, 'servers'] : ['servers'],
    );
    const { scheme, auth } = this.#security(operation);
    const key = JSON.stringify([url, scheme]);
    const known = this.#all.get(key);
    if (known) return known;
    const connection = { url, scheme, auth };
    this.#all.set(key, connection);
    return connection;
  }

  /** Names for `connections`, where there are several. */
  names(): ReadonlyMap<Connection, string> {
    const taken = new Set<string>();
    return new Map(
      this.all.map((connection) => {
        const base = slug(connection.scheme ?? 'public') || 'connection';
        let name = base;
        for (let count = 2; taken.has(name); count++) name = `${base}-${count}`;
        taken.add(name);
        return [connection, name];
      }),
    );
  }

  #url(servers: unknown, at: Pointer): string | undefined {
    const [first, ...others] = listOf(servers);
    if (!isMapping(first)) return this.#placeholder(at);
    for (const other of others) {
      const url = textOf(mappingOf(other)['url']);
      if (url !== undefined) this.#document.warn(at, `There is another server too, which is not used: ${shown(url)}.`);
    }
    const filled = this.#filled(wordOf(first['url']), mappingOf(first['variables']), [...at, 0]);
    const url = URL.parse(filled, this.#base);
    if (url && (url.username !== '' || url.password !== '')) {
      this.#document.warn([...at, 0], 'The address of the server holds credentials: they are left out, and belong under "auth".');
      [url.username, url.password] = ['', ''];
    }
    if (url && /^https?:$/.test(url.protocol)) return url.href.replace(/[?#].*$/, '').replace(/\/$/, '');
    this.#document.warn([...at, 0], `The server "${shown(filled)}" is no address by itself.`);
    return this.#placeholder(at);
  }

  #placeholder(at: Pointer): string {
    this.#document.warn(at, `It is not said where the system is: write its address in place of https://${this.#system}.example.`);
    return `https://${this.#system}.example`;
  }

  /** Variables have a default; an environment of the project may say something else. */
  #filled(url: string, variables: Mapping, at: Pointer): string {
    return url.replace(/\{([^{}]*)\}/g, (_, name: string) => {
      const variable = mappingOf(Object.hasOwn(variables, name) ? variables[name] : undefined);
      const [first] = listOf(variable['enum']);
      const value = variable['default'] ?? first;
      if (value === undefined)
        this.#document.warn([...at, 'variables', name], `The variable has no default: its name stands for it.`);
      return wordOf(value) || name;
    });
  }

  #security({ value, at }: Operation): Pick<Connection, 'scheme' | 'auth'> {
    const isOwn = value['security'] !== undefined;
    const place = isOwn ? [...at, 'security'] : ['security'];
    const choices = listOf(isOwn ? value['security'] : this.#document.root['security']).filter(isMapping);
    const names = choices.map((choice) => Object.keys(choice));
    const wanted = names.filter((all) => all.length > 0);
    if (wanted.length === 0) return { scheme: undefined, auth: undefined };
    for (const [scheme, ...more] of wanted.toSorted((a, b) => a.length - b.length)) {
      const auth = scheme === undefined ? undefined : this.#auth(scheme);
      if (!auth) continue;
      if (more.length > 0)
        this.#document.warn(
          place,
          `Besides ${scheme} it wants ${more.join(', ')}, which a connection cannot show too: add it by hand.`,
        );
      return { scheme, auth };
    }
    return { scheme: undefined, auth: undefined };
  }

  /** What a connection says of a security scheme. Secrets are named, never written. */
  #auth(name: string): Mapping | undefined {
    const at = ['components', 'securitySchemes', name];
    const schemes = mappingOf(mappingOf(this.#document.root['components'])['securitySchemes']);
    const found = Object.hasOwn(schemes, name) ? this.#document.mapping(schemes[name], at) : undefined;
    if (!found) {
      this.#document.warn(at, 'The security scheme is asked for, and not described: it is left out.');
      return undefined;
    }
    const secret = `env:${slug(`${this.#system}-${name}`).replaceAll('-', '_').toUpperCase()}`;
    const { type, scheme, in: place, name: header } = found.value;
    const kind = `${wordOf(type)} ${wordOf(scheme)}`.trim().toLowerCase();
    if (kind === 'http basic') {
      this.#document.warn(at, 'Write the name of the user in place of USER.');
      return { basic: { user: 'USER', password: secret } };
    }
    if (kind === 'apikey' && place === 'header' && typeof header === 'string') return { header: { name: header, value: secret } };
    if (/^(oauth2|openidconnect)/.test(kind)) {
      this.#document.warn(
        at,
        `It is ${wordOf(type)}: ${secret} takes the place of the token, which has to be fetched by other means.`,
      );
      return { bearer: secret };
    }
    if (kind === 'http bearer') return { bearer: secret };
    const where = place === undefined ? '' : ` in ${shown(place)}`;
    this.#document.warn(
      at,
      `A connection cannot show ${shown(kind || 'nothing')}${where}: it is left out, and has to be added by hand.`,
    );
    return undefined;
  }
}
