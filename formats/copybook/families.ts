// Records that belong to others: put under the nearest record before them, and taken apart again.

import { isRecord } from './members.ts';
import type { RecordValue } from './members.ts';
import type { Field } from './layout.ts';
import type { RecordPlan } from './record-plan.ts';
import { irregularKey, orderKey } from './record-values.ts';

/** Deeper than families are, and far from what the stack takes. */
const depthMax = 50;

/** Which records belong under which, as "choose" says. */
export class Families {
  readonly #plan: RecordPlan;
  readonly #parents = new Map<Field, Field>();
  readonly #members = new Set<Field>();

  constructor(plan: RecordPlan) {
    this.#plan = plan;
    for (const { take, under } of plan.options.choose) {
      const [child, parent] = [plan.named.get(take.toUpperCase()), plan.named.get(under?.toUpperCase() ?? '')];
      if (!child || !parent) continue;
      this.#parents.set(child, parent);
      this.#members.add(child).add(parent);
    }
  }

  get isEmpty(): boolean {
    return this.#members.size === 0;
  }

  /** Which of the records with a place in a family this is. */
  kindOf(taken: readonly Field[]): Field | undefined {
    return taken.findLast((field) => this.#members.has(field));
  }

  parentOf(kind: Field): Field | undefined {
    return this.#parents.get(kind);
  }

  /** The kinds below one, in the order of "choose". */
  childrenOf(kind: Field): Field[] {
    return [...this.#parents].filter(([, parent]) => parent === kind).map(([child]) => child);
  }

  keyOf(kind: Field): string {
    return this.#plan.keys.get(kind) ?? '';
  }

  /** The object that holds a record's fields, and its lists. */
  bodyOf(value: RecordValue, kind: Field): RecordValue {
    const body = this.#plan.isWrapped ? value[this.keyOf(kind)] : value;
    return isRecord(body) ? body : value;
  }

  /** Puts a record into the list of the one that it belongs to. */
  adopt(parent: { readonly body: RecordValue; readonly order: Field[] }, kind: Field, body: RecordValue): void {
    const key = this.keyOf(kind);
    const list = parent.body[key];
    if (Array.isArray(list)) list.push(body);
    else parent.body[key] = [body];
    parent.order.push(kind);
  }

  /** Says in which order the records stood, where the lists do not tell. */
  close({ kind, body, order }: { readonly kind: Field; readonly body: RecordValue; readonly order: readonly Field[] }): void {
    const places = this.childrenOf(kind);
    if (order.some((one, index) => index > 0 && places.indexOf(one) < places.indexOf(order[index - 1] ?? one)))
      body[orderKey] = order.map((one) => this.keyOf(one));
  }

  /** A value with all that belongs to it, as the records that are written one behind the other. */
  *apart(value: unknown): Generator<unknown> {
    const kind = isRecord(value) ? this.#kindIn(value) : undefined;
    if (!kind || !isRecord(value)) yield value;
    else yield* this.#apart(this.#bodyWithNotes(value, kind), kind, 0);
  }

  #bodyWithNotes(value: RecordValue, kind: Field): RecordValue {
    const body = this.bodyOf(value, kind);
    const noted = value[irregularKey];
    return body === value || noted === undefined ? body : { ...body, [irregularKey]: noted };
  }

  /** A root by what it has: by its name, or the one that has no parent and no other one's field. */
  #kindIn(value: RecordValue): Field | undefined {
    const roots = [...this.#members].filter((one) => !this.#parents.has(one));
    return roots.find((root) => Object.hasOwn(value, this.keyOf(root)));
  }

  *#apart(body: RecordValue, kind: Field, depth: number): Generator<unknown> {
    const children = this.childrenOf(kind);
    const own: RecordValue = { ...body };
    const lists = new Map<string, unknown[]>();
    for (const child of children) {
      const list = body[this.keyOf(child)];
      if (!Array.isArray(list)) continue;
      delete own[this.keyOf(child)];
      lists.set(this.keyOf(child), [...list]);
    }
    delete own[orderKey];
    yield this.#wrapped(own, kind);
    for (const key of orderOf(body[orderKey], lists)) {
      const child = children.find((one) => this.keyOf(one) === key);
      const next = lists.get(key)?.shift();
      if (child && isRecord(next) && depth < depthMax) yield* this.#apart(next, child, depth + 1);
      else yield next;
    }
  }

  /** A record by its name, with what is irregular beside it. */
  #wrapped(body: RecordValue, kind: Field): RecordValue {
    if (!this.#plan.isWrapped) return body;
    const { [irregularKey]: noted, ...own } = body;
    return { [this.keyOf(kind)]: own, ...(noted === undefined ? {} : { [irregularKey]: noted }) };
  }
}

/** The noted order where it names just what is there; else list by list. */
function orderOf(noted: unknown, lists: ReadonlyMap<string, readonly unknown[]>): string[] {
  const plain = [...lists].flatMap(([key, list]) => list.map(() => key));
  if (!Array.isArray(noted) || noted.length !== plain.length) return plain;
  const fits = [...lists].every(([key, list]) => noted.filter((one) => one === key).length === list.length);
  return fits ? noted.map(String) : plain;
}
