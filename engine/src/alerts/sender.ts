// Sends notices to receivers, beside everything else: at least once, each under an id that stays, until a day has passed.

import type { Clock, Logger } from '@mortise/sdk';
import type { AlertRecord, StoredNotice } from '../access/alert-record.ts';
import { newPublicId } from '../access/random-secret.ts';
import type { AlertReceiver } from '../flow/definitions.ts';
import { sendMail } from './mail.ts';
import type { Notice } from './notice.ts';
import { sendWebhook } from './webhook.ts';

export interface SenderOptions {
  readonly record: AlertRecord;
  readonly clock: Clock;
  readonly log: Logger;
  /** Of the project that runs now. */
  folder(): string;
  /** As the project says them now. */
  receivers(): Readonly<Record<string, AlertReceiver>>;
  /** The text behind a reference to a secret. */
  secret(reference: string): string;
  /** Takes secrets out of a text. */
  redact(text: string): string;
}

/** A mail server that is restarted is back within the first; a longer one than the last would miss a morning. */
const backoffMsFirst = 15_000;
const backoffMsMax = 900_000;
const triedForMs = 86_400_000;
const errorTextMax = 500;
const stopMs = 2000;

export class NoticeSender {
  private readonly options: SenderOptions;
  private readonly busy = new Map<string, Promise<void>>();
  private timer: { cancel(): void } | undefined;
  private stopped = false;
  /** The record is closed: nothing is written any more. */
  private closed = false;

  constructor(options: SenderOptions) {
    this.options = options;
  }

  /** Sends what is due, of each receiver one after the other, so that one which is down holds up no other. */
  wake(): void {
    if (this.stopped) return;
    this.timer?.cancel();
    const { record, clock } = this.options;
    const nowMs = clock.nowMs();
    const waiting = record.waiting();
    const due = waiting.filter(({ dueAtMs }) => dueAtMs <= nowMs);
    for (const receiver of new Set(due.map((notice) => notice.receiver))) {
      if (this.busy.has(receiver)) continue;
      const own = due.filter((notice) => notice.receiver === receiver);
      const work = this.sendAll(own).finally(() => {
        this.busy.delete(receiver);
        this.wake();
      });
      this.busy.set(receiver, work);
    }
    const next = waiting.find(({ dueAtMs }) => dueAtMs > nowMs);
    if (next) this.timer = clock.after(next.dueAtMs - nowMs, () => this.wake());
  }

  /** Sends one now, to see whether it arrives. Gives what went wrong. */
  async try(receiver: string, to: AlertReceiver, notice: Notice): Promise<string | undefined> {
    const { record, clock } = this.options;
    const id = newPublicId();
    const error = await this.send(to, id, notice);
    record.tried({ id, receiver, payload: JSON.stringify(notice) }, clock.nowMs(), error);
    return error;
  }

  /** What is under way is given a moment: otherwise it is sent again after the next start. */
  async stop(): Promise<void> {
    this.stopped = true;
    this.timer?.cancel();
    const late = new Promise<void>((resolve) => this.options.clock.after(stopMs, resolve));
    await Promise.race([Promise.all(this.busy.values()), late]);
    this.closed = true;
  }

  private async sendAll(notices: readonly StoredNotice[]): Promise<void> {
    for (const notice of notices) if (!this.stopped && !(await this.sendOne(notice))) return;
  }

  /** Whether the receiver took it, or will never: then the next one is sent. */
  private async sendOne(notice: StoredNotice): Promise<boolean> {
    const { record, clock, log, receivers } = this.options;
    const { number, receiver, attempts, madeAtMs } = notice;
    const to = Object.hasOwn(receivers(), receiver) ? receivers()[receiver] : undefined;
    if (!to) {
      record.failed(number, 'The project has no such receiver any more.', clock.nowMs(), undefined);
      return true;
    }
    const error = await this.send(to, notice.id, JSON.parse(notice.payload) as Notice);
    if (this.closed) return false;
    const nowMs = clock.nowMs();
    if (error === undefined) {
      record.sent(number, nowMs);
      return true;
    }
    const isOver = nowMs - madeAtMs >= triedForMs;
    const backoffMs = Math.min(backoffMsMax, backoffMsFirst * 2 ** Math.min(attempts, 10));
    record.failed(number, error, nowMs, isOver ? undefined : nowMs + backoffMs);
    log.warn({ event: 'alert.unsent', receiver, attempts: attempts + 1, isOver }, `A notice did not reach ${receiver}: ${error}`);
    return isOver;
  }

  private async send(to: AlertReceiver, id: string, notice: Notice): Promise<string | undefined> {
    const { secret, redact, clock, folder } = this.options;
    try {
      if (to.kind === 'webhook') await sendWebhook(to.url, secret(to.secret), id, notice, clock.nowMs());
      else {
        const password = to.password === undefined ? undefined : secret(to.password);
        await sendMail(to, { password, folder: folder() }, id, notice);
      }
      return undefined;
    } catch (error) {
      return redact(error instanceof Error ? error.message : String(error)).slice(0, errorTextMax);
    }
  }
}
