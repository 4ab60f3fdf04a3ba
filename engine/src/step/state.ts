// What steps that keep state ask the runner for: to take it, to change it, and to move the messages that belong to it.

import type { Json } from '@mortise/sdk';
import type { Message } from './types.ts';

/** Names what a step keeps under a key, in its flow. */
export interface StateName {
  readonly step: string;
  readonly key: string;
}

/** What `take` answers. */
export interface Taken {
  readonly value: Json | undefined;
  readonly nowMs: number;
  /** The largest place of those that left in this attempt, from 0: their places are not free before it is committed. */
  readonly leftThrough: number;
}

/** A message that belongs to a state. */
export interface Member {
  readonly place: number;
  readonly message: Message;
}

/** What is noted with a message that belongs to a state. */
export interface Membership {
  readonly key: string;
  readonly place: number;
}

export type StateEffect =
  /** Takes what is kept: no other attempt has it until this one is committed. Answer: `Taken`. */
  | ({ readonly kind: 'take' } & StateName)
  /** Changes what was taken; undefined forgets it. `forMs`: so long it is kept. */
  | ({ readonly kind: 'keep'; readonly value: Json | undefined; readonly forMs?: number } & StateName)
  /** Holds the message as a member, at a place where no other is; it comes back to `entry` when it is due. Answer: its id. */
  | ({
      readonly kind: 'join';
      readonly entry: string;
      readonly place: number;
      readonly message: Message;
      readonly dueAtMs?: number;
    } & StateName)
  /** Answer: the bodies of all members, by their places. */
  | ({ readonly kind: 'bodies' } & StateName)
  /** Answer: the first members, at most so many, as they stand on disk. */
  | ({ readonly kind: 'members'; readonly limit: number } & StateName)
  /** Answer: whether there is a member at this place. */
  | ({ readonly kind: 'has'; readonly place: number } & StateName)
  /** The members at these places are members no more, and done. `into`: the message that was made of them. */
  | ({ readonly kind: 'leave'; readonly from: number; readonly through: number; readonly into?: string } & StateName)
  /** Has the member at this place come back at that time. It must be one that `members` gave. */
  | ({ readonly kind: 'due'; readonly place: number; readonly dueAtMs: number } & StateName)
  /** Answer: the `Membership` of the message under way, which has come back. */
  | { readonly kind: 'membership' }
  /** The message goes on behind the step of that id, in a delivery of its own; in order within its lane. Answer: its id. */
  | {
      readonly kind: 'proceed';
      readonly step: string;
      readonly message: Message;
      readonly lane: string;
      readonly member?: Member;
    }
  /** Answer: the next number of a sequence, which this delivery has from now on. */
  | { readonly kind: 'draw'; readonly name: string; readonly from: number; readonly to: number }
  /** Notes durably what is to be done if this delivery ends badly: the message then goes to `entry`. */
  | { readonly kind: 'register'; readonly entry: string; readonly message: Message };
