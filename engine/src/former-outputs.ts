// What a hop of a journey put out before, and what became of that: so that nothing that succeeded is sent again unasked.

import { engineError } from './delivery/errors.ts';
import type { StoredBody, StoredDelivery, StoredJourney, StoredMessage, StoreReader, WaitingDelivery } from './store/store.ts';

/** Of an output: there was none, all of it came out, all failed, some is under way, or some came out and some did not. */
export type Verdict = 'none' | 'done' | 'failed' | 'open' | 'mixed';

/** For each destination, how many outputs to it were met. */
type Matcher = Map<string, number>;

/** All of them are in memory together. */
const deliveriesMax = 50_000;

export class FormerOutputs {
  readonly outputs: readonly { readonly to: string; readonly body: StoredBody }[];
  /** Something that it put out was taken by a system. */
  readonly hasDone: boolean;
  private readonly children: ReadonlyMap<string | undefined, readonly StoredDelivery[]>;
  private readonly own: readonly StoredDelivery[];
  /** By the id of a message the channel that it went to. */
  private readonly toChannel: ReadonlyMap<string, string>;

  static async of({ delivery, message }: WaitingDelivery, read: StoreReader): Promise<FormerOutputs> {
    const messages: StoredMessage[] = [];
    const deliveries: StoredDelivery[] = [];
    let after: string | undefined;
    do {
      const page: StoredJourney = await read.journey(message.root, after === undefined ? {} : { after });
      // Bodies of what came later are not held: there may be very many.
      messages.push(...page.messages.filter(({ parent }) => parent === message.id));
      deliveries.push(...page.deliveries);
      if (deliveries.length > deliveriesMax) throw tooLarge(delivery.id);
      after = page.next;
    } while (after !== undefined);
    return new FormerOutputs(delivery, messages, deliveries);
  }

  private constructor(delivery: StoredDelivery, messages: readonly StoredMessage[], deliveries: readonly StoredDelivery[]) {
    this.children = Map.groupBy(deliveries, ({ parent }) => parent);
    this.own = this.children.get(delivery.id) ?? [];
    const made = new Set(this.own.map(({ message }) => message));
    const channel = ({ source }: StoredMessage): string | undefined => /^\/channels\/(.+)$/.exec(source)?.[1];
    this.outputs = messages
      .filter(({ id }) => made.has(id))
      .map((one) => {
        const name = channel(one);
        const to = name === undefined ? this.own.find(({ message }) => message === one.id)?.destination : `channel:${name}`;
        return { to: to ?? one.source, body: one.body };
      });
    this.hasDone = this.own.some((one) => ['done', 'mixed'].includes(this.verdictOf(one)));
    this.toChannel = new Map(
      messages.flatMap((one) => {
        const name = channel(one);
        return name !== undefined && made.has(one.id) ? [[one.id, `channel:${name}`] as const] : [];
      }),
    );
  }

  matcher(): Matcher {
    return new Map();
  }

  /** What became of the former output that stands where the next one to this destination stands. */
  verdict(matcher: Matcher, destination: string): Verdict {
    return this.next(
      matcher,
      destination,
      this.own.filter((one) => one.destination === destination).map((one) => this.verdictOf(one)),
    );
  }

  /** The same for a message as a whole: to a channel it goes to all who subscribe. */
  verdictOfMessage(matcher: Matcher, to: string): Verdict {
    if (!to.startsWith('channel:')) return this.verdict(matcher, to);
    const sent = [...this.toChannel].filter(([, name]) => name === to).map(([id]) => id);
    const verdicts = sent.map((id) =>
      combined(this.own.filter(({ message }) => message === id).map((one) => this.verdictOf(one))),
    );
    return this.next(matcher, to, verdicts);
  }

  private next(matcher: Matcher, destination: string, verdicts: readonly Verdict[]): Verdict {
    const place = matcher.get(destination) ?? 0;
    matcher.set(destination, place + 1);
    return verdicts[place] ?? 'none';
  }

  private verdictOf({ id, state, destination }: StoredDelivery): Verdict {
    if (state === 'waiting' || state === 'held' || state === 'in-doubt') return 'open';
    const came = (this.children.get(id) ?? []).map((child) => this.verdictOf(child));
    const isFlow = destination.startsWith('flow:');
    const own: Verdict = ['done', 'filtered', 'unclaimed'].includes(state) ? 'done' : 'failed';
    // That a flow ran is no success by itself, where something should have come of it.
    return isFlow && own === 'done' && came.length > 0 ? combined(came) : combined([own, ...came]);
  }
}

function tooLarge(id: string): Error {
  return engineError('MORTISE_DELIVERY_WRONG_STATE', `The journey of delivery ${id} has more than ${deliveriesMax} deliveries.`, {
    remedy: 'Run again the hops further on that failed, or replay its message as a whole.',
  });
}

function combined(verdicts: readonly Verdict[]): Verdict {
  const found = new Set(verdicts);
  if (found.has('open')) return 'open';
  if (found.size === 1) return verdicts[0] ?? 'none';
  return found.size === 0 ? 'none' : 'mixed';
}
