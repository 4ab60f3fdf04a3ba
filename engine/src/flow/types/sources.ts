// What fields come from that are no fields of what a flow receives: replies of calls, and functions that nobody looks into.

/** Where a value comes from that the flow did not receive. */
export interface Source {
  /** `the reply of crm.get-customer`, or `unknown`. */
  readonly from: string;
  /** Why nothing more is known. */
  readonly reason?: string;
}

/** Names of sources, as the first part of a path: no variable is called so, since variables begin with a letter. */
export class Sources {
  readonly byName = new Map<string, Source>();
  private readonly names = new Map<string, string>();

  /** The name of a source; the same source has one name. */
  name(source: Source): string {
    const key = JSON.stringify(source);
    const known = this.names.get(key);
    if (known !== undefined) return known;
    const name = `$${this.names.size + 1}`;
    this.names.set(key, name);
    this.byName.set(name, source);
    return name;
  }
}
