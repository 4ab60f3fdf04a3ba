// Counts, by destination, what was made for it, by which flow, and what failed there: rates are the differences.

export class Traffic {
  /** Since the start. An edge is `flow:NAME destination`; what an inbound or a channel gave to a flow has no edge of its own. */
  readonly made = new Map<string, number>();
  readonly failures = new Map<string, number>();

  /** A delivery was committed, whether it waits now or has been sent already. */
  count(destination: string, flow: string): void {
    increase(this.made, destination);
    if (!destination.startsWith('flow:')) increase(this.made, edgeName(flow, destination));
  }

  countFailure(destination: string): void {
    increase(this.failures, destination);
  }
}

export function edgeName(flow: string, destination: string): string {
  return `flow:${flow} ${destination}`;
}

function increase(counts: Map<string, number>, name: string): void {
  counts.set(name, (counts.get(name) ?? 0) + 1);
}
