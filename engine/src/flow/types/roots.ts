// What fields come from that are no fields of what a flow receives: replies of calls, and functions that nobody looks into.

/** Where a value comes from that the flow did not receive. */
export interface FieldRoot {
  /** `the reply of crm.get-customer`, or `unknown`. */
  readonly from: string;
  /** Why nothing more is known. */
  readonly reason?: string;
}

/** Names of such roots, as the first part of a path: no variable is called so, since variables begin with a letter. */
export class FieldRoots {
  readonly byName = new Map<string, FieldRoot>();
  private readonly names = new Map<string, string>();

  /** The name of a root; the same root has one name. */
  name(root: FieldRoot): string {
    const key = JSON.stringify(root);
    const known = this.names.get(key);
    if (known !== undefined) return known;
    const name = `$${this.names.size + 1}`;
    this.names.set(key, name);
    this.byName.set(name, root);
    return name;
  }
}
