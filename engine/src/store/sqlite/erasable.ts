// Finds all that is to be erased for a business key: the journeys it leads to, and what their messages became in others.

import type { BusinessKey, ErasableJourney } from '../store.ts';
import { readState } from './delivery-row.ts';
import { HeldJourneys, hexOf, rootsOfKey } from './holds.ts';
import type { Names } from './names.ts';
import { openStateMax, stateCodes } from './schema.ts';
import { inTime, journeyRange, linksOfJourney } from './selects.ts';
import type { Statements } from './statements.ts';
import { bytesToUuid } from './uuid.ts';
import type { Row, Value } from './values.ts';
import { asBytes, asNumber, asText, readJson } from './values.ts';

const selectMessages = `SELECT m.seq, m.id, m.parent, m.keys, m.body_kind, m.body FROM ${linksOfJourney}`.replace(
  'links l WHERE',
  'links l CROSS JOIN messages m ON m.seq = l.seq WHERE',
);
const selectDeliveries = `SELECT d.seq, d.id, d.destination, d.flow, ifnull(e.state, o.state), d.lane, e.outputs FROM links l
  CROSS JOIN deliveries d ON d.seq = l.seq LEFT JOIN ended e ON e.seq = d.seq
  LEFT JOIN open o ON o.destination = d.destination AND o.seq = d.seq WHERE l.message = ?`;
const selectParents = `SELECT d.parent FROM ${linksOfJourney} AND d.parent IS NOT NULL`.replace(
  'links l WHERE',
  'links l CROSS JOIN links o ON o.message = l.message CROSS JOIN deliveries d ON d.seq = o.seq WHERE',
);
const selectOutputs = `SELECT m.id FROM deliveries d CROSS JOIN messages m ON m.seq = ifnull(d.message, d.seq)
  WHERE d.parent IN (SELECT unhex(value) FROM json_each(?)) AND ${inTime('d.seq')}`;
const rootOf = 'SELECT ifnull(root, message) FROM links WHERE message = ? AND other = 0';
const selectReplays = 'SELECT id FROM messages WHERE replay_of = ?';
const selectMade = 'SELECT message FROM joined WHERE seq = ?';
const selectMembers = `SELECT m.id FROM joined j CROSS JOIN deliveries d ON d.seq = j.seq
  CROSS JOIN messages m ON m.seq = ifnull(d.message, d.seq) WHERE j.message = ?`;

interface Message {
  readonly seq: number;
  readonly id: Uint8Array;
  readonly parent: string | undefined;
  /** Its value of the business key. */
  readonly value: string | undefined;
  readonly blob: string | undefined;
}

/** One journey as far as it is known. */
interface Found {
  readonly root: Uint8Array;
  readonly messages: ReadonlyMap<string, Message>;
  readonly children: ReadonlyMap<string, readonly string[]>;
  readonly erased: Set<string>;
}

/** Where to go on: from these messages of a journey, or from all with which it begins. */
interface Lead {
  readonly root: Uint8Array;
  readonly from?: string;
}

export class ErasableFinder {
  readonly #statements: Statements;
  readonly #names: Names;
  readonly #found = new Map<string, Found>();
  /** Deliveries whose outputs elsewhere were looked for. */
  readonly #asked = new Set<string>();

  constructor(statements: Statements, names: Names) {
    this.#statements = statements;
    this.#names = names;
  }

  find(key: BusinessKey): readonly ErasableJourney[] {
    const held = new HeldJourneys(this.#statements);
    const leads: Lead[] = rootsOfKey(this.#statements, key).map((root) => ({ root }));
    for (const lead of leads) leads.push(...this.#follow(lead, key));
    for (let made = this.#madeElsewhere(); made.length > 0; made = this.#madeElsewhere()) {
      const more: Lead[] = [...made];
      for (const lead of more) more.push(...this.#follow(lead, key));
    }
    const rows = new KeyRows(this.#statements, [...this.#found.values()], key);
    return [...this.#found.values()]
      .filter(({ erased, root }) => erased.size > 0 || rows.of(root).keys.length > 0)
      .map((found) => this.#journey(found, held.holding(found.root), rows))
      .reverse();
  }

  /** Marks what is erased of a journey; gives where the same data went, and where it came from. */
  #follow({ root, from }: Lead, { name, value }: BusinessKey): readonly Lead[] {
    const found = this.#load(root, name);
    const begun = found.erased.size;
    const beginnings = [...found.messages].filter(([, { parent }]) => parent === undefined || !found.messages.has(parent));
    const own = [...found.messages].filter(([, message]) => message.value === value);
    const marked = (from === undefined ? [...beginnings, ...own] : [[from] as const]).flatMap(([id]) => mark(found, id, value));
    if (begun > 0 && marked.length === 0) return [];
    const leads = marked.flatMap((id) => this.#leadsOf(found.messages.get(id)));
    // Where the whole journey is about one person, what came together in it is too.
    const isWhole = from === undefined && found.erased.size === found.messages.size;
    return isWhole ? [...leads, ...marked.flatMap((id) => this.#membersOf(found.messages.get(id)))] : leads;
  }

  #load(root: Uint8Array, name: string): Found {
    const known = this.#found.get(hexOf(root));
    if (known) return known;
    const messages = new Map<string, Message>();
    for (const [seq, id, parent, keys, kind, body] of this.#statements.rows(selectMessages, ...journeyRange(root))) {
      const values = typeof keys === 'string' ? readJson<Readonly<Record<string, string>>>(keys) : {};
      messages.set(hexOf(asBytes(id)), {
        seq: asNumber(seq),
        id: asBytes(id),
        parent: parent instanceof Uint8Array ? hexOf(parent) : undefined,
        value: Object.hasOwn(values, name) ? values[name] : undefined,
        blob: asNumber(kind) > 1 ? asText(body) : undefined,
      });
    }
    const children = new Map<string, string[]>();
    for (const [id, { parent }] of messages)
      if (parent !== undefined) children.set(parent, [...(children.get(parent) ?? []), id]);
    const found = { root, messages, children, erased: new Set<string>() };
    this.#found.set(hexOf(root), found);
    return found;
  }

  /** Replays of a message, and messages of which it became a part. */
  #leadsOf(message: Message | undefined): readonly Lead[] {
    if (!message) return [];
    const made = this.#deliveriesOf(message.id).flatMap(([seq = null]) => this.#statements.rows(selectMade, seq));
    return this.#inJourneys([...made, ...this.#statements.rows(selectReplays, message.id)]);
  }

  /**
   * What the last message of a group became stands in the journey of the first one, as an output of its delivery. There is no index by
   * that: it is looked for where a delivery says that it has more outputs than its own journey has.
   */
  #madeElsewhere(): readonly Lead[] {
    const makers = [...this.#found.values()].flatMap(({ root, erased, messages }) => {
      const own = new Set(this.#statements.rows(selectParents, ...journeyRange(root)).map(([parent]) => hexOf(asBytes(parent))));
      const deliveries = [...erased].flatMap((id) => this.#deliveriesOf(messages.get(id)?.id ?? new Uint8Array()));
      return deliveries
        .filter((row) => typeof row[6] === 'number' && row[6] > 0)
        .map((row) => hexOf(asBytes(row[1])))
        .filter((id) => !own.has(id));
    });
    const asked = makers.filter((id) => !this.#asked.has(id));
    for (const id of asked) this.#asked.add(id);
    return asked.length === 0 ? [] : this.#inJourneys(this.#statements.rows(selectOutputs, JSON.stringify(asked)));
  }

  #membersOf(message: Message | undefined): readonly Lead[] {
    const members = message ? this.#statements.rows(selectMembers, message.id) : [];
    return this.#inJourneys(members).map(({ root }) => ({ root }));
  }

  #inJourneys(ids: readonly Row[]): readonly (Lead & { readonly from: string })[] {
    return ids.flatMap(([value]) => {
      const id = asBytes(value);
      const root = this.#statements.row(rootOf, id)?.[0];
      return root instanceof Uint8Array ? [{ root, from: hexOf(id) }] : [];
    });
  }

  #deliveriesOf(id: Uint8Array): readonly Row[] {
    return this.#statements.rows(`${selectDeliveries} AND ${inTime('d.seq')}`, id);
  }

  #journey({ root, messages, erased }: Found, holds: readonly string[], rows: KeyRows): ErasableJourney {
    const gone = [...erased].flatMap((id) => messages.get(id) ?? []);
    const deliveries = gone.flatMap(({ id }) => this.#deliveriesOf(id));
    const { keys, once, values } = rows.of(root);
    const lanes = deliveries.flatMap((row) => (typeof row[5] === 'string' ? [row[5]] : []));
    return {
      root: bytesToUuid(root),
      holds,
      messages: gone.map(({ seq }) => seq),
      deliveries: deliveries.map(([seq]) => asNumber(seq)),
      keys,
      once,
      stateKeys: [...new Set([...values, ...lanes])],
      blobs: [...gone.flatMap(({ blob }) => blob ?? []), ...this.#blobsOf(root, deliveries)],
      open: deliveries.filter(([, , , , state]) => isOpen(state)).map((row) => this.#openOf(row)),
      spared: messages.size - erased.size,
    };
  }

  #openOf([, id, destination, flow, state]: Row): ErasableJourney['open'][number] {
    return {
      id: bytesToUuid(asBytes(id)),
      state: readState(state),
      destination: this.#names.nameOf(asNumber(destination)),
      flow: this.#names.nameOf(asNumber(flow)),
    };
  }

  #blobsOf(root: Uint8Array, deliveries: readonly Row[]): readonly string[] {
    const replies = this.#statements.rows('SELECT body FROM replies WHERE root = ? AND body_kind > 1', root);
    const sql = 'SELECT body FROM calls WHERE delivery = ? AND body_kind > 1';
    return [...replies, ...deliveries.flatMap(([, id = null]) => this.#statements.rows(sql, id))].map(([body]) => asText(body));
  }
}

/** Dead ones too: a person may bring them back. */
function isOpen(state: Value | undefined): boolean {
  return asNumber(state) <= openStateMax || state === stateCodes.dead;
}

/**
 * Marks a message and what came of it; gives those that were not marked before. Spared is what carries another value that its parent
 * does not carry: there the way of somebody else's data begins.
 */
function mark(found: Found, from: string, value: string): readonly string[] {
  const marked: string[] = [];
  const next = [from];
  for (const id of next) {
    const message = found.messages.get(id);
    if (!message || found.erased.has(id)) continue;
    found.erased.add(id);
    marked.push(id);
    for (const child of found.children.get(id) ?? []) {
      const own = found.messages.get(child)?.value;
      if (own === undefined || own === value || own === message.value) next.push(child);
    }
  }
  return marked;
}

/** Rows of business keys and of `once` have no index by journey: both tables are gone through, once. */
class KeyRows {
  readonly #byRoot = new Map<string, { readonly keys: number[]; readonly once: number[]; readonly values: string[] }>();

  constructor(statements: Statements, found: readonly Found[], key: BusinessKey) {
    const roots = new Map(found.map((one) => [hexOf(one.root), one]));
    if (roots.size === 0) return;
    for (const [n, name, value, root] of statements.iterate(`SELECT n, name, value, root FROM keys WHERE ${inTime('n')}`)) {
      const hex = hexOf(asBytes(root));
      const journey = roots.get(hex);
      const isOurs = name === key.name ? value === key.value : journey && journey.erased.size === journey.messages.size;
      if (!journey || !isOurs) continue;
      this.#rows(hex).keys.push(asNumber(n));
      this.#rows(hex).values.push(asText(value));
    }
    // Of a journey that retention has dropped the key may outlast the messages.
    const idsOf = ({ root, messages, erased }: Found): readonly string[] => (messages.size === 0 ? [hexOf(root)] : [...erased]);
    const owners = new Map(found.flatMap((one) => idsOf(one).map((id) => [id, hexOf(one.root)] as const)));
    for (const [n, messages] of statements.iterate(`SELECT n, messages FROM once WHERE ${inTime('n')}`)) {
      const owner = readJson<readonly string[]>(messages)
        .map((id) => owners.get(id.replaceAll('-', '')))
        .find(Boolean);
      if (owner !== undefined) this.#rows(owner).once.push(asNumber(n));
    }
  }

  of(root: Uint8Array): {
    readonly keys: readonly number[];
    readonly once: readonly number[];
    readonly values: readonly string[];
  } {
    return this.#byRoot.get(hexOf(root)) ?? { keys: [], once: [], values: [] };
  }

  #rows(root: string): { readonly keys: number[]; readonly once: number[]; readonly values: string[] } {
    const known = this.#byRoot.get(root) ?? { keys: [], once: [], values: [] };
    this.#byRoot.set(root, known);
    return known;
  }
}
