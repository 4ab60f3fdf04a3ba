// Takes the place of every outbound in a test: notes what is sent, and answers or fails as the test says.

import { Busy, InDoubt, isBodyStream, Rejected, Unavailable } from '@mortise/sdk';
import type { Message, Outbound, Receipt, SendContext } from '@mortise/sdk';
import { gather } from '../flow/body.ts';
import type { OutboundDefinition } from '../flow/definitions.ts';
import { harnessError } from './errors.ts';
import { readBody } from './test-file.ts';
import type { Answer } from './test-file.ts';

/** One send that succeeded. */
export interface Recorded {
  /** `system.outbound`, as people write it. */
  readonly to: string;
  readonly outbound: OutboundDefinition;
  readonly deliveryId: string;
  /** Sent by a `call` step, which waits for the reply: no output of the flow. */
  readonly isCall: boolean;
  readonly message: Message;
  /** What the connector got besides, templates filled in and secrets by reference. */
  readonly options: Readonly<Record<string, unknown>>;
}

/** Busy systems say when to come again. */
const busyMs = 1000;

export class Recorder {
  readonly sent: Recorded[] = [];
  private readonly answers: Readonly<Record<string, Answer>>;
  private readonly folder: string;
  private readonly failures = new Map<string, number>();

  constructor(answers: Readonly<Record<string, Answer>>, folder: string) {
    this.answers = answers;
    this.folder = folder;
  }

  outbound(definition: OutboundDefinition): Outbound {
    return { send: (message, context) => this.send(definition, message, context), close: async () => undefined };
  }

  private async send(outbound: OutboundDefinition, message: Message, { deliveryId, options }: SendContext): Promise<Receipt> {
    const to = writtenName(outbound);
    const isCall = message.id === deliveryId;
    const answer = Object.hasOwn(this.answers, to) ? this.answers[to] : undefined;
    if (isCall && !answer)
      throw harnessError('MORTISE_HARNESS_NO_REPLY', `The flow called ${to}, and the test does not say what it replies.`);
    if (answer?.fails !== undefined) this.fail(to, answer.fails, answer.times ?? Infinity);
    const body = isBodyStream(message.body) ? await gather(message.body.open()) : message.body;
    this.sent.push({ to, outbound, deliveryId, isCall, message: { ...message, body }, options: options as Recorded['options'] });
    if (answer?.reply === undefined) return { detail: 'recorded' };
    const { status } = answer;
    return { detail: 'recorded', reply: { body: replyBody(answer, this.folder), ...(status === undefined ? {} : { status }) } };
  }

  private fail(to: string, how: NonNullable<Answer['fails']>, times: number): void {
    const failed = this.failures.get(to) ?? 0;
    if (failed >= times) return;
    this.failures.set(to, failed + 1);
    const message = `${to} fails, as the test says.`;
    if (how === 'Busy') throw new Busy(message, busyMs);
    throw how === 'Rejected' ? new Rejected(message) : how === 'InDoubt' ? new InDoubt(message) : new Unavailable(message);
  }
}

/** What an outbound replies in a test: a value, or the bytes of a file. */
export function replyBody({ reply }: Pick<Answer, 'reply'>, folder: string): unknown {
  const body = readBody(reply, folder);
  return body.kind === 'file' ? body.bytes : body.value;
}

/** The engine gives outbounds that flows write in place a name of their own. */
export function writtenName({ system, name, uses }: OutboundDefinition): string {
  return name.startsWith(`${uses}-in-place`) ? `${system}.${uses}` : `${system}.${name}`;
}
