// Counts, by destination, what was made for it and what failed there: rates are the differences.

export class Traffic {
  private readonly made = new Map<string, number>();
  private readonly failures = new Map<string, number>();

  /** A delivery was committed, whether it waits now or has been sent already. */
  count(destination: string): void {
    this.made.set(destination, (this.made.get(destination) ?? 0) + 1);
  }

  countFailure(destination: string): void {
    this.failures.set(destination, (this.failures.get(destination) ?? 0) + 1);
  }

  /** Since the start. */
  totals(destination: string): { readonly made: number; readonly failures: number } {
    return { made: this.made.get(destination) ?? 0, failures: this.failures.get(destination) ?? 0 };
  }
}
