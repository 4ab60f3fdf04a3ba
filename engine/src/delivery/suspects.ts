// Suspects take turns: one at a time over the whole engine, so that if the process dies it is known by which.

interface Waiting {
  readonly crashes: number;
  begin(): void;
}

export class SuspectTurns {
  private readonly waiting: Waiting[] = [];
  private isTaken = false;

  /**
   * Runs when its turn comes. Those during which the process died before come last: they hold up no others, and a process
   * that is killed again and again for some other reason does not die during the same one each time.
   */
  async take(crashes: number, run: () => Promise<void>): Promise<void> {
    const turn = Promise.withResolvers<void>();
    this.waiting.push({ crashes, begin: turn.resolve });
    if (!this.isTaken) {
      this.isTaken = true;
      queueMicrotask(() => this.next());
    }
    await turn.promise;
    await run().finally(() => this.next());
  }

  private next(): void {
    const fewest = Math.min(...this.waiting.map(({ crashes }) => crashes));
    const index = this.waiting.findIndex(({ crashes }) => crashes === fewest);
    const [chosen] = index < 0 ? [] : this.waiting.splice(index, 1);
    this.isTaken = chosen !== undefined;
    chosen?.begin();
  }
}
