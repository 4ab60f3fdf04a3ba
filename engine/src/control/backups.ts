// Backups under way, by target: whoever asks for one again waits for it, so that no request has to last as long as a backup.

import type { BackupSummary, ControlHost } from './host.ts';

/** Requesters, and what stands between, give up on an answer that takes minutes. */
const answerMs = 60_000;
/** So long what came of a backup is kept for who asks again. */
const keptMs = 300_000;

export class Backups {
  private readonly host: Pick<ControlHost, 'backup' | 'clock'>;
  private readonly known = new Map<string, Promise<BackupSummary>>();

  constructor(host: Pick<ControlHost, 'backup' | 'clock'>) {
    this.host = host;
  }

  /** Begins one, or joins the one that is under way; undefined where it takes longer. */
  async wait(target: string): Promise<BackupSummary | undefined> {
    const backup = this.known.get(target) ?? this.begin(target);
    const late = Promise.withResolvers<undefined>();
    const timer = this.host.clock.after(answerMs, () => late.resolve(undefined));
    let isOver = true;
    try {
      const done = await Promise.race([backup, late.promise]);
      isOver = done !== undefined;
      return done;
    } finally {
      timer.cancel();
      if (isOver) this.forget(target, backup);
    }
  }

  private begin(target: string): Promise<BackupSummary> {
    const backup = this.host.backup(target);
    this.known.set(target, backup);
    const forgetLater = (): void => void this.host.clock.after(keptMs, () => this.forget(target, backup));
    backup.then(forgetLater, forgetLater);
    return backup;
  }

  private forget(target: string, backup: Promise<BackupSummary>): void {
    if (this.known.get(target) === backup) this.known.delete(target);
  }
}
