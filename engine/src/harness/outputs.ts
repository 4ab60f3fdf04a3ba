// What came out of a flow in a test: the messages that outbounds got, and those that channels got.

import type { Accepted } from '@mortise/sdk';
import type { BlobFolder } from '../flow/body.ts';
import { gather, loadBody } from '../flow/body.ts';
import { isBodyStream } from '@mortise/sdk';
import type { OutboundDefinition } from '../flow/definitions.ts';
import type { Store, StoredDelivery, StoredJourney, StoredMessage } from '../store/store.ts';
import type { Recorded } from './recorder.ts';

/** One message that went out. */
export interface Output {
  /** `system.outbound`, or the name of a channel. */
  readonly to: string;
  readonly body: unknown;
  readonly headers: Readonly<Record<string, string>>;
  readonly type: string;
  readonly subject?: string;
  /** Of what went to an outbound: by its format bytes become values again. */
  readonly outbound?: OutboundDefinition;
  /** What its connector gets besides. */
  readonly options?: Readonly<Record<string, unknown>>;
}

/** How it ended. */
export interface Outcome {
  readonly state: string;
  /** What went wrong, in sentences. */
  readonly reasons: readonly string[];
}

export interface Observed {
  readonly outputs: readonly Output[];
  readonly calls: readonly Output[];
  readonly outcome: Outcome;
}

export async function observe(
  accepted: readonly Accepted[],
  sent: readonly Recorded[],
  store: Store,
  blobs: BlobFolder,
): Promise<Observed> {
  const journeys = await Promise.all(accepted.map(({ id }) => wholeJourney(store, id)));
  const channels = await Promise.all(
    journeys.flatMap((journey) => channelMessages(journey)).map((found) => channelOutput(found, blobs)),
  );
  const outbounds = sent.filter(({ isCall }) => !isCall).map(outboundOutput);
  return {
    outputs: [...outbounds, ...channels],
    calls: sent.filter(({ isCall }) => isCall).map(outboundOutput),
    outcome: outcomeOf(journeys),
  };
}

async function wholeJourney(store: Store, root: string): Promise<StoredJourney> {
  const { next: first, ...whole } = await store.read.journey(root);
  const [messages, deliveries, joined] = [[...whole.messages], [...whole.deliveries], [...whole.joined]];
  for (let after = first; after !== undefined; ) {
    const page = await store.read.journey(root, { after });
    messages.push(...page.messages);
    deliveries.push(...page.deliveries);
    joined.push(...page.joined);
    after = page.next;
  }
  return { messages, deliveries: deliveries.sort((a, b) => a.seq - b.seq), joined };
}

function outboundOutput({ to, outbound, message, options }: Recorded): Output {
  const { body, headers, type, subject } = message;
  return { to, outbound, options, body, headers, type, ...(subject === undefined ? {} : { subject }) };
}

interface ChannelMessage {
  readonly channel: string;
  readonly message: StoredMessage;
}

/** No other flow runs: what was published, and what `onDead` put there, has no subscriber. */
function channelMessages({ messages, deliveries }: StoredJourney): readonly ChannelMessage[] {
  const byId = new Map(messages.map((message) => [message.id, message]));
  return deliveries.flatMap(({ destination, message: id, parent }) => {
    const message = byId.get(id);
    if (!destination.startsWith('channel:') || parent === undefined || !message) return [];
    return [{ channel: destination.slice('channel:'.length), message }];
  });
}

async function channelOutput({ channel, message }: ChannelMessage, blobs: BlobFolder): Promise<Output> {
  const loaded = await loadBody(message.body, blobs);
  const body = isBodyStream(loaded) ? await gather(loaded.open()) : loaded;
  const { headers, type, subject } = message;
  return { to: channel, body, headers, type, ...(subject === undefined ? {} : { subject }) };
}

/** Ends that are no fault of anyone. */
const goodStates = new Set(['done', 'unclaimed', 'filtered']);

/** How the message that came in ended; where that is well, how the first of its outputs did that did not. */
function outcomeOf(journeys: readonly StoredJourney[]): Outcome {
  const deliveries = journeys.flatMap((journey) => journey.deliveries);
  const first = deliveries.find(({ parent }) => parent === undefined);
  const failed = deliveries.filter(({ state }) => !goodStates.has(state));
  return { state: failed[0]?.state ?? first?.state ?? 'nothing', reasons: failed.map(reasonOf) };
}

function reasonOf({ destination, state, error }: StoredDelivery): string {
  return error ? `${destination} is ${state}: ${error.code}: ${error.message} ${error.remedy}` : `${destination} is ${state}.`;
}
