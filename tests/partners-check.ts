// Goes over everything that the demo's supplier and its mainframe ever got, and says what is wrong with it.

import { readPostings } from '../examples/order-to-cash/ledger.ts';
import { readInterchange } from '../examples/order-to-cash/played-x12.ts';

/** One content that came under a name, however often. */
export interface ReceivedFile {
  readonly name: string;
  readonly bytes: Uint8Array;
  readonly times: number;
}

export interface Findings {
  /** What must never be. Empty where all is well. */
  readonly problems: readonly string[];
  /** Numbers between 1 and the last one that never came. */
  readonly gaps: readonly number[];
  /** What was ordered or posted, as often as it was. */
  readonly orders: readonly string[];
  /** The groups that were acknowledged, as often as they were. */
  readonly acknowledged: readonly number[];
  /** How many files came more than once. */
  readonly resent: number;
}

/** All that a supplier got: 850 and 997, one interchange a file. */
export function lookAtInterchanges(received: readonly ReceivedFile[]): Findings {
  const problems: string[] = [];
  const [orders, acknowledged]: [string[], number[]] = [[], []];
  const interchanges = new Numbers('interchange', problems);
  const groups = new Numbers('group', problems);
  for (const { name, bytes } of received) {
    const interchange = reading(name, problems, () => readInterchange(Buffer.from(bytes).toString('latin1')));
    if (!interchange) continue;
    interchanges.add(interchange.number, name);
    for (const group of interchange.groups) {
      groups.add(group.number, name);
      for (const { id, segments } of group.sets) {
        const [first = []] = segments;
        if (id === '850') orders.push(first[3] ?? '');
        else if (id === '997' && first[1] !== 'FA') acknowledged.push(Number(first[2]));
        else problems.push(`${name} has a ${id} about ${first[1]}`);
      }
    }
  }
  return { problems, gaps: interchanges.gaps(), orders, acknowledged, resent: resentOf(received) };
}

/** All that a mainframe got: files of postings. */
export function lookAtPostings(received: readonly ReceivedFile[]): Findings {
  const problems: string[] = [];
  const orders: string[] = [];
  const files = new Numbers('file', problems);
  for (const { name, bytes } of received) {
    const file = reading(name, problems, () => readPostings(bytes));
    if (!file) continue;
    files.add(file.number, name);
    orders.push(...file.postings.map(({ orderId }) => orderId));
  }
  return { problems, gaps: files.gaps(), orders, acknowledged: [], resent: resentOf(received) };
}

/** Each number is on one document: every content that came counts, so a document that came changed is another one. */
class Numbers {
  readonly #documents = new Map<number, string>();
  readonly #what: string;
  readonly #problems: string[];

  constructor(what: string, problems: string[]) {
    this.#what = what;
    this.#problems = problems;
  }

  add(number: number, document: string): void {
    const former = this.#documents.get(number);
    if (former !== undefined) this.#problems.push(`The ${this.#what} ${number} is on two documents: ${former} and ${document}`);
    this.#documents.set(number, document);
  }

  gaps(): readonly number[] {
    const last = Math.max(0, ...this.#documents.keys());
    return Array.from({ length: last }, (_, index) => index + 1).filter((number) => !this.#documents.has(number));
  }
}

function reading<Read>(name: string, problems: string[], read: () => Read): Read | undefined {
  try {
    return read();
  } catch (error) {
    problems.push(`${name} cannot be read: ${error instanceof Error ? error.message : String(error)}`);
    return undefined;
  }
}

function resentOf(received: readonly ReceivedFile[]): number {
  return received.filter(({ times }) => times > 1).length;
}
