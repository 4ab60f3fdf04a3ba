// Takes the place of every outbound in a process that is killed: notes on disk what arrived, before it gives a receipt.

import { createHash } from 'node:crypto';
import { closeSync, existsSync, fsyncSync, openSync, readFileSync, writeSync } from 'node:fs';
import { InDoubt, isBodyStream, Unavailable } from '@mortise/sdk';
import type { Message, Outbound, Receipt, SendContext } from '@mortise/sdk';
import { gather } from '../../flow/body.ts';
import type { OutboundDefinition } from '../../flow/definitions.ts';
import { writtenName } from '../recorder.ts';
import { readBody } from '../test-file.ts';
import type { Life } from './protocol.ts';
import { seededRandom } from './seeded-random.ts';

/** One send that arrived. */
export interface Arrival {
  readonly delivery: string;
  /** `system.outbound`, as people write it. */
  readonly to: string;
  /** Of options and body. */
  readonly hash: string;
  readonly root: string;
  readonly isCall: boolean;
  readonly attempt: number;
  readonly life: number;
  readonly at: string;
  /** What came after: the receipt, no receipt because the process died, or an error although it had arrived. */
  readonly end: 'receipt' | 'killed' | 'failed';
}

/** So many sends of a hundred fail before they arrive, and as many after. */
const failingPercent = 5;
/** A delivery that fails again and again would be given up in the end, as it should. */
const failingAttemptsMax = 2;

export class ArrivalRecorder {
  private readonly life: Life;
  private readonly file: number;
  private sends = 0;

  constructor(life: Life, file: string) {
    this.life = life;
    this.file = openSync(file, 'a');
  }

  outbound(definition: OutboundDefinition): Outbound {
    return { send: (message, context) => this.send(definition, message, context), close: async () => undefined };
  }

  close(): void {
    closeSync(this.file);
  }

  private async send(outbound: OutboundDefinition, message: Message, context: SendContext): Promise<Receipt> {
    const to = writtenName(outbound);
    const isCall = message.id === context.deliveryId;
    const body = isBodyStream(message.body) ? await gather(message.body.open()) : message.body;
    this.sends += 1;
    const kill = this.life.sendKill?.send === this.sends ? this.life.sendKill.at : undefined;
    if (kill === 'before-arrival') return die();
    const failure = isCall ? undefined : this.failureOf(context, outbound);
    if (failure === 'before') throw new Unavailable(`${to} was not reached, as the seed says.`);
    const end = kill ? 'killed' : failure ? 'failed' : 'receipt';
    this.note({ to, isCall, end, hash: contentHash(context.options, body), root: message.properties.root }, context);
    if (kill) return die();
    if (failure) throw new InDoubt(`${to} got it, and gave no answer, as the seed says.`);
    return { detail: 'recorded', ...this.replyOf(to, isCall) };
  }

  private note(facts: Pick<Arrival, 'to' | 'isCall' | 'end' | 'hash' | 'root'>, { deliveryId, attempt }: SendContext): void {
    const arrival: Arrival = {
      ...facts,
      delivery: deliveryId,
      attempt,
      life: this.life.number,
      at: new Date().toISOString(),
    };
    writeSync(this.file, `${JSON.stringify(arrival)}\n`);
    fsyncSync(this.file);
  }

  /** Only an outbound that may be asked again says that it does not know. */
  private failureOf({ deliveryId, attempt }: SendContext, { onInDoubt }: OutboundDefinition): 'before' | 'after' | undefined {
    if (!this.life.sendsFail || attempt > failingAttemptsMax) return undefined;
    const draw = seededRandom(`${this.life.seed} ${deliveryId} ${attempt}`)() * 100;
    if (draw < failingPercent) return 'before';
    return draw < 2 * failingPercent && onInDoubt === 'retry' ? 'after' : undefined;
  }

  private replyOf(to: string, isCall: boolean): Pick<Receipt, 'reply'> {
    const answer = Object.hasOwn(this.life.answers, to) ? this.life.answers[to] : undefined;
    if (answer?.reply === undefined) return isCall ? { reply: { body: null } } : {};
    const body = readBody(answer.reply, this.life.folder);
    const status = answer.status === undefined ? {} : { status: answer.status };
    return { reply: { body: body.kind === 'file' ? body.bytes : body.value, ...status } };
  }
}

/** What the recorders of all lives noted, in the order in which it arrived. */
export function readArrivals(file: string): readonly Arrival[] {
  if (!existsSync(file)) return [];
  const lines = readFileSync(file, 'utf8').split('\n').slice(0, -1);
  return lines.map((line) => JSON.parse(line) as Arrival);
}

function contentHash(options: unknown, body: unknown): string {
  const hash = createHash('sha256').update(`${JSON.stringify(options)}\n`);
  return hash.update(body instanceof Uint8Array ? body : (JSON.stringify(body) ?? '')).digest('hex');
}

/** Ends the process as a power cut would, in the middle of what it does. Never returns. */
function die(): Promise<never> {
  process.kill(process.pid, 'SIGKILL');
  return new Promise(() => undefined);
}
