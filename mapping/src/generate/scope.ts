// Which variables are visible where: frames of blocks and functions, tuples of paths, and what the host binds.

/** A variable of a frame. `isSurely`: wherever it is read from now on, it has been bound. */
export interface Variable {
  readonly js: string;
  isSurely: boolean;
}

export interface Scope {
  readonly outer: Scope | undefined;
  /** The variables of a frame. */
  readonly variables?: Map<string, Variable>;
  /** Bindings that travel with a tuple: the tuple's name in the code, and what may be in it. */
  readonly tuple?: { readonly js: string; readonly names: ReadonlySet<string> };
}

/** The nearest frame: where `:=` binds. */
export function frameOf(scope: Scope): Map<string, Variable> {
  let at: Scope | undefined = scope;
  while (at && !at.variables) at = at.outer;
  if (!at?.variables) throw new Error('A scope without a frame: the generator begins with one.');
  return at.variables;
}

/** Whether anything in the expression may bind this name here. */
export function mayBeBound(scope: Scope, name: string): boolean {
  for (let at: Scope | undefined = scope; at; at = at.outer)
    if (at.variables?.has(name) || at.tuple?.names.has(name)) return true;
  return false;
}

/** The code that reads a variable; `free` is the code for one that nothing in the expression has bound. */
export function readVariable(scope: Scope, name: string, free: () => string): string {
  const parts: string[] = [];
  for (let at: Scope | undefined = scope; at; at = at.outer) {
    const variable = at.variables?.get(name);
    if (variable?.isSurely) return [...parts, variable.js].join('');
    if (variable) parts.push(`${variable.js} !== unbound ? ${variable.js} : `);
    if (at.tuple?.names.has(name)) {
      const quoted = JSON.stringify(name);
      parts.push(`Object.hasOwn(${at.tuple.js} ?? none, ${quoted}) ? ${at.tuple.js}[${quoted}] : `);
    }
  }
  return [...parts, free()].join('');
}
