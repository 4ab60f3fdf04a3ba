// The store's interface: one verb to write, a few questions to read. Implementations pass `conformance.ts` unchanged.

import type { Headers, Json } from '@mortise/sdk';
import type { Balance, FileCount, PeriodBalance, TroubleRow } from './balance-rows.ts';
import type { DeliveryState } from './delivery-state.ts';

/** Periods that can be balanced begin and end at multiples of this: the zones of the world differ by quarters of an hour. */
export const periodMs = 900_000;

/** What is put together field by field: a literal that spreads what may be absent takes three times as long, and as much memory. */
export type Draft<T> = { -readonly [Name in keyof T]: T[Name] };

/** A body as it is stored: JSON text, bytes, or a blob file that holds either; or nothing, where a person had it erased. */
export type StoredBody =
  | { readonly kind: 'erased' }
  | { readonly kind: 'json'; readonly text: string }
  | { readonly kind: 'bytes'; readonly bytes: Uint8Array }
  | { readonly kind: 'blob'; readonly blob: string; readonly sizeBytes: number; readonly holds: 'json' | 'bytes' };

export interface StoredMessage {
  /** UUID text. Time-ordered: the first 48 bits are the root's accept time, for derived ids too. */
  readonly id: string;
  readonly root: string;
  readonly parent?: string;
  readonly replayOf?: string;
  readonly source: string;
  readonly type: string;
  readonly subject?: string;
  readonly time: string;
  readonly dataContentType?: string;
  readonly dataSchema?: string;
  readonly headers: Headers;
  readonly keys: Readonly<Record<string, string>>;
  readonly variables: Readonly<Record<string, unknown>>;
  readonly acceptedAtMs: number;
  readonly expiresAtMs?: number;
  readonly key?: string;
  readonly body: StoredBody;
}

/** Why an attempt failed, or why a delivery ended. Plain JSON; holds no secret. */
export interface StoredError {
  readonly code: string;
  readonly message: string;
  readonly remedy: string;
  readonly details?: Json;
}

/** One row of the journal: one message owed to one flow or one outbound. */
export interface StoredDelivery {
  /** Ascending in the order of commits; from `takeSeq()`. Lanes and windows go by it. */
  readonly seq: number;
  readonly id: string;
  readonly message: string;
  /** `flow:NAME`, `outbound:SYSTEM.OUTBOUND`, `channel:NAME` (unclaimed) or `reply:FLOW`. */
  readonly destination: string;
  /** The flow whose retry, order and dead-letter policy it follows. */
  readonly flow: string;
  /** The delivery that this one is an output of; absent for what an inbound accepted. */
  readonly parent?: string;
  /** The id of the step behind which a held message goes on. */
  readonly entry?: string;
  readonly lane?: string;
  readonly state: DeliveryState;
  /** Attempts that were counted. */
  readonly attempts: number;
  /** Waiting: not before then. Held: until then. Milliseconds since 1970. */
  readonly dueAtMs?: number;
  /** An outbound's options, evaluated when the output was rendered. */
  readonly options?: Json;
  readonly createdAtMs: number;
  readonly endedAtMs?: number;
  /** The revision of the flow that the last attempt ran on. */
  readonly revision?: string;
  readonly error?: StoredError;
  /** What the receiving system said. */
  readonly detail?: string;
  /** Timings of the last attempt and the attempts that failed before it. */
  readonly journal?: Json;
  /** How many deliveries came of it as outputs. */
  readonly outputs?: number;
  /** It is dead or in doubt, and what follows in its lane waits for a person. */
  readonly holdsLane?: boolean;
  /** How often the process died while this one ran alone under its mark. */
  readonly crashes?: number;
}

/** What changes of a delivery. A property that is absent keeps its value; null takes it away. */
export interface DeliveryChange {
  readonly seq: number;
  /** The states in which the change is right; in any other the whole commit is refused. */
  readonly from: readonly DeliveryState[];
  readonly state: DeliveryState;
  readonly attempts?: number;
  readonly dueAtMs?: number | null;
  readonly endedAtMs?: number | null;
  readonly revision?: string;
  readonly error?: StoredError | null;
  readonly detail?: string;
  readonly journal?: Json;
  readonly outputs?: number;
  readonly holdsLane?: boolean;
  readonly crashes?: number;
  /** The durable mark before a suspect runs; cleared by every change that does not set it. */
  readonly marked?: boolean;
}

export interface DedupeKey {
  readonly flow: string;
  readonly step: string;
  readonly key: string;
}

/** Names what a step keeps under a key; `flow` is empty where flows share it. */
export interface StateKey {
  readonly flow: string;
  readonly step: string;
  readonly key: string;
}

/** What a step keeps. */
export interface StoredState {
  /** Which write it comes from: the sequence number that the writer chose for it. */
  readonly version: number;
  readonly value: Json;
  /** From then on it counts as forgotten, and is removed when it has no members. */
  readonly untilMs?: number;
}

/** Deliveries become members of a state, and leave it, in the commit that changes it: first those join, then these leave. */
export interface StateChange extends StateKey {
  /** The version that it changes, 0 where nothing is kept: in any other the whole commit is refused. */
  readonly was: number;
  /** The version that it makes; from `takeSeq()`. */
  readonly version: number;
  /** Null forgets the state; what members it has then are members no more. */
  readonly value: Json | null;
  readonly untilMs?: number;
  /** Deliveries of this commit, by id, each at a place where no other is. */
  readonly join?: readonly { readonly place: number; readonly delivery: string }[];
  readonly leave?: readonly Leave[];
}

/** Members at places `from` to `through` are members no more. Those that are held or dead end in `state`; others stay as they are. */
export interface Leave {
  readonly from: number;
  readonly through: number;
  readonly state: 'done' | 'filtered';
  readonly endedAtMs: number;
  /** The message of this commit that was made of them: the journeys of both tell it. */
  readonly into?: string;
}

/** A delivery that belongs to a state, with its message. */
export interface StoredMember {
  readonly place: number;
  readonly delivery: StoredDelivery;
  readonly message: StoredMessage;
}

/** A message became a part of another one, perhaps of another journey. */
export interface Joined {
  readonly member: string;
  readonly memberRoot: string;
  readonly into: string;
  readonly intoRoot: string;
}

/** What a requester was answered, kept for one who asks again. */
export interface StoredReply {
  readonly body: StoredBody;
  readonly contentType?: string;
  readonly status?: number;
  readonly headers?: Headers;
}

/**
 * One transaction: all of it or none. The engine's only way to write.
 * Order within: `once` is asked first, then `changes` and `states` are checked, then everything is written.
 */
export interface Commit {
  /** If this key was committed before in this scope, nothing of the commit is done, and the first one's messages are told. */
  readonly once?: {
    readonly scope: string;
    readonly key: string;
    readonly messages: readonly string[];
    readonly keepUntilMs: number;
  };
  readonly cursor?: { readonly scope: string; readonly value: Json };
  readonly messages?: readonly StoredMessage[];
  readonly deliveries?: readonly StoredDelivery[];
  readonly changes?: readonly DeliveryChange[];
  /** Replies of calls, kept with the delivery that called. `call` is the id under which it was sent. */
  readonly calls?: readonly { readonly delivery: string; readonly call: string; readonly reply: StoredReply }[];
  /** Replies to requesters, by root message. */
  readonly replies?: readonly { readonly root: string; readonly reply: StoredReply }[];
  readonly dedupe?: readonly (DedupeKey & { readonly root: string; readonly untilMs: number })[];
  /** Whose dedupe keys are released, because the message turned out invalid or was discarded in that flow: those of other flows stay. */
  readonly released?: readonly { readonly root: string; readonly flow: string }[];
  /** Business keys, by which people find the journey. */
  readonly keys?: readonly { readonly name: string; readonly value: string; readonly root: string }[];
  readonly states?: readonly StateChange[];
  /** The dispatch marks: of each destination, everything up to `seq` may have begun to run. Never goes down. */
  readonly marks?: readonly { readonly destination: string; readonly seq: number }[];
  /** What is paused from now on. One of the same kind and name is replaced. */
  readonly pauses?: readonly StoredPause[];
  /** What goes on; one that is not paused counts as done. Carried out behind `pauses`. */
  readonly resumes?: readonly Pick<StoredPause, 'kind' | 'name'>[];
  /** What was read of files, added to what this commit's predecessors read of them. */
  readonly files?: readonly FileCount[];
  /** What retention drops. */
  readonly drop?: Drop;
  readonly holds?: readonly StoredHold[];
  readonly lifts?: readonly StoredHold['id'][];
  /** Journeys that `erasable` gave. Refused where one is not as it was then: open again, or under legal hold. */
  readonly erase?: readonly ErasableJourney[];
}

/** What is kept whatever its age, and is not erased, until the hold is lifted: journeys, each whole. */
export interface StoredHold {
  readonly id: string;
  readonly atMs: number;
  readonly who: string;
  readonly reason: string;
  readonly about: HeldAbout;
}

/** Those that a business key leads to, now or later; one; or those with a delivery of a flow that was created in a time. */
export type HeldAbout =
  | { readonly key: BusinessKey }
  | { readonly journey: string }
  | { readonly flow?: string; readonly fromMs?: number; readonly untilMs?: number };

export type BusinessKey = { readonly name: string; readonly value: string };

/** Of one journey, which rows are erased for a business key; `open` ends first, and what steps keep under `stateKeys` is forgotten. */
export interface ErasableJourney {
  readonly root: string;
  /** The ids of the holds that keep it; then it is not erased. */
  readonly holds: readonly string[];
  readonly messages: readonly number[];
  readonly deliveries: readonly number[];
  readonly keys: readonly number[];
  readonly once: readonly number[];
  readonly stateKeys: readonly string[];
  readonly blobs: readonly string[];
  readonly open: readonly Pick<StoredDelivery, 'id' | 'state' | 'destination' | 'flow'>[];
  /** Messages that are kept: they carry another value of the key, and so are about somebody else. */
  readonly spared: number;
}

/** Something that a person has stopped, until a person lets it go on. */
export interface StoredPause {
  readonly kind: 'engine' | 'flow' | 'system';
  /** Of the flow or the system; `*` for the engine. */
  readonly name: string;
  readonly sinceMs: number;
  readonly reason?: string;
  /** Of a flow that is drained: what was made for it up to this number still runs, and what comes of that. */
  readonly drainsTo?: number;
}

/**
 * Deliveries that retention drops, with their messages, calls and replies when nothing else refers to them. Left out is what
 * has not ended, what ended at `endedBeforeMs` or later, what holds its lane, and what is a member of a state: it is no conflict. The counts of what was
 * dropped stay.
 */
export interface Drop {
  readonly seqs?: readonly number[];
  readonly endedBeforeMs?: number;
  /** Business keys, by what `droppableKeys` gave. */
  readonly keys?: readonly number[];
}

/** What a commit dropped. */
export interface Dropped {
  readonly deliveries: number;
  readonly messages: number;
  /** Of the deliveries: those that were dead or invalid. */
  readonly troubles: number;
  /** Of the messages: those whose body lies in a blob file, which may be swept now. */
  readonly blobs: number;
}

export interface CommitResult {
  /** Set where `once` had been committed before: the ids of the messages of that commit; nothing was done now. */
  readonly duplicateOf?: readonly string[];
  /** Set where the commit named what to drop. */
  readonly dropped?: Dropped;
}

/** A delivery with its message, as the engine takes it into memory. */
export interface WaitingDelivery {
  readonly delivery: StoredDelivery;
  readonly message: StoredMessage;
  /** It may have run when the process died, and has not ended since. */
  readonly suspect: boolean;
  /** What the file holds of it is not what was written, as this says: it must not be delivered. The message is an empty one. */
  readonly damage?: string;
}

/** What the engine learns once, on start. */
export interface Recovered {
  /** The last process closed the store; then only what had a mark of its own, and had not ended, becomes suspect. */
  readonly clean: boolean;
  /** Of each destination, how many deliveries are waiting. */
  readonly waiting: ReadonlyMap<string, number>;
  /** Lanes that wait for a person. */
  readonly heldLanes: readonly { readonly destination: string; readonly lane: string; readonly seq: number }[];
  /** All that may have begun to run before the process died, oldest first; durable as such since before `open` resolved. */
  readonly suspects: readonly { readonly seq: number; readonly destination: string; readonly crashes: number }[];
  /** What was paused and has not been resumed, oldest first. */
  readonly pauses: readonly StoredPause[];
}

/** One row of a list: the journal's row and what a person wants to see of the message. */
export interface JournalRow {
  readonly delivery: StoredDelivery;
  readonly message: Omit<StoredMessage, 'body' | 'headers' | 'variables'> & { readonly bodyBytes: number };
}

export interface JournalFilter {
  readonly destination?: string;
  /** To one of these; none has no rows. */
  readonly destinations?: readonly string[];
  readonly flow?: string;
  readonly states?: readonly DeliveryState[];
  readonly key?: BusinessKey;
  readonly sinceMs?: number;
  readonly untilMs?: number;
  /** Newest first, those with a smaller seq than this. */
  readonly beforeSeq?: number;
  /** In place of that: oldest first, those with a larger seq than this. */
  readonly afterSeq?: number;
  /** From 1 to 1000. */
  readonly limit: number;
}

/** One journey: the messages of one root in the order of their ids, and all deliveries of these, oldest first. */
export interface StoredJourney {
  readonly messages: readonly StoredMessage[];
  readonly deliveries: readonly StoredDelivery[];
  /** What became a part of its messages, and of what its messages became a part; at most `joinedMax` of each message. */
  readonly joined: readonly Joined[];
  /** There are more messages: the id behind which they begin. */
  readonly next?: string;
}

/** A part of a journey: messages with larger ids than `after`, so many at most. */
export interface JourneyPage {
  readonly after?: string;
  /** From 1 to 1000, which is the default. Long bodies make it fewer, but one at least. */
  readonly limit?: number;
}

/** A group may have very many members: so many of them are told. */
export const joinedMax = 1000;

/** Which deliveries have ended so long ago that retention drops them. */
export interface DroppableAsk {
  /** Ended before then. */
  readonly beforeMs: number;
  /** Another time for messages of these sources. */
  readonly sources?: readonly { readonly source: string; readonly beforeMs: number }[];
  /** Leaves out dead and invalid ones, which a person may still bring back. */
  readonly sparesTroubles?: boolean;
  readonly afterSeq: number;
  readonly limit: number;
  /** Of bodies; one delivery at least. */
  readonly bytesMax: number;
}

/** Some of them; and behind which number to ask on. Absent: that was the end. */
export interface Droppable {
  readonly numbers: readonly number[];
  readonly next?: number;
}

/** Questions. They are answered from a read connection of its own, and never from the path of a message unless it says so. */
export interface StoreReader {
  /** The next waiting deliveries of a destination with a larger seq, in order; at most `limit`, or `bytesMax` of bodies (one at least). */
  waiting(destination: string, afterSeq: number, limit: number, bytesMax: number): Promise<readonly WaitingDelivery[]>;
  /** One delivery with its message, in whatever state; undefined where there is none. By seq or by id. */
  delivery(by: { readonly seq: number } | { readonly id: string }): Promise<WaitingDelivery | undefined>;
  /** Held deliveries that are due by then, oldest due first; and when the next one is due after that. */
  heldDue(untilMs: number, limit: number): Promise<{ readonly due: readonly number[]; readonly nextAtMs?: number }>;
  message(id: string): Promise<StoredMessage | undefined>;
  journey(root: string, page?: JourneyPage): Promise<StoredJourney>;
  /** All deliveries of one message, oldest first. */
  deliveriesOf(message: string): Promise<readonly StoredDelivery[]>;
  journal(filter: JournalFilter): Promise<readonly JournalRow[]>;
  /** Held and open deliveries of a flow by entry step: a change that drops a step with such is refused. */
  entries(flow: string): Promise<ReadonlyMap<string, number>>;
  /** What a flow that is drained up to a number still owes: of its own and of what it sends. */
  left(flow: string, drainsTo: number): Promise<{ readonly waiting: number; readonly held: number }>;
  /** What a step keeps under a key; undefined where that is nothing, or was forgotten. On the path of messages. */
  state(key: StateKey, nowMs: number): Promise<StoredState | undefined>;
  /** The next members of a state at larger places, in order; at most `limit`, or `bytesMax` of bodies (one at least). */
  members(key: StateKey, afterPlace: number, limit: number, bytesMax: number): Promise<readonly StoredMember[]>;
  calls(delivery: string): Promise<ReadonlyMap<string, StoredReply>>;
  reply(root: string): Promise<StoredReply | undefined>;
  cursor(scope: string): Promise<Json | undefined>;
  balance(): Promise<Balance>;
  /** What waits for a person now: dead deliveries, counted by destination and flow. */
  troubles(): Promise<readonly TroubleRow[]>;
  /** The same for what was created from `fromMs` on and before `untilMs`; both are multiples of `periodMs`. */
  period(fromMs: number, untilMs: number): Promise<PeriodBalance>;
  droppable(ask: DroppableAsk): Promise<Droppable>;
  /** Business keys of journeys of which nothing is left, and which began before `beforeMs`. */
  droppableKeys(ask: { readonly beforeMs: number; readonly after: number; readonly limit: number }): Promise<Droppable>;
  /** What would be erased for a business key: journeys that it leads to, and before them what became of their messages in others. */
  erasable(key: BusinessKey): Promise<readonly ErasableJourney[]>;
  holds(): Promise<readonly StoredHold[]>;
  /** Bytes that rows and blob files take; what is free inside of files does not count. */
  usedBytes(): Promise<number>;
  /** The names of all blobs that messages or replies refer to. */
  blobs(): Promise<ReadonlySet<string>>;
}

export interface Store {
  readonly recovered: Recovered;
  readonly read: StoreReader;
  /** The next sequence number; never given twice, also across restarts. */
  takeSeq(): number;
  /**
   * Writes; resolves when it is on disk (fsync). Commits take effect in the order of the calls. Rejects with
   * MORTISE_STORE_CONFLICT when a change's `from` did not hold (nothing was done), and with MORTISE_STORE_FAILED when the
   * disk failed: what was under way may or may not be there; nothing is taken any more; `failed` resolves.
   */
  commit(commit: Commit): Promise<CommitResult>;
  /** Bytes handed to `commit` that are not on disk yet: back-pressure goes by it. */
  readonly queuedBytes: number;
  /**
   * Who has this dedupe key, if it is not expired by `nowMs`. On the path of messages: answers from memory, without waiting,
   * where the key was surely never seen.
   */
  findDedupe(
    key: DedupeKey,
    nowMs: number,
  ): { readonly root: string } | undefined | Promise<{ readonly root: string } | undefined>;
  /** Resolves with the error when the store cannot go on: then the process must end and start again. Else never settles. */
  readonly failed: Promise<Error>;
  /** Waits for what was handed over, notes the clean end (marks of destinations are void then), closes. Idempotent. */
  close(): Promise<void>;
}

/** A store that lies in a file of the data folder: the engine backs it up itself. */
export interface FileStore extends Store {
  /** Writes a copy of all rows as they are now into a new file, while commits go on. Blob files are not in it. */
  copyTo(file: string): Promise<void>;
  /** Overwrites what is left in the files of rows that are gone; commits wait meanwhile. */
  scrub(): Promise<void>;
}
