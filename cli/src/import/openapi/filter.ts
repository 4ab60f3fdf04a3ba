// Which operations are wanted: by tag, by path, by operation id.

import { nearest } from '@mortise/sdk';
import { cliError } from '../../errors.ts';

export interface Wanted {
  readonly path: string;
  readonly id: string | undefined;
  readonly tags: readonly string[];
}

export class Filter {
  readonly #wishes: readonly string[];
  readonly #met = new Set<string>();
  readonly #known = new Set<string>();

  /** `tag:pets`, `/pets/*` (a `*` stands for anything), or an operation id; everything where there is none. */
  constructor(wishes: readonly string[] = []) {
    this.#wishes = wishes;
  }

  wants(operation: Wanted): boolean {
    for (const tag of operation.tags) this.#known.add(`tag:${tag}`);
    for (const known of [operation.path, operation.id]) if (known !== undefined) this.#known.add(known);
    const met = this.#wishes.filter((wish) => fits(wish, operation));
    for (const wish of met) this.#met.add(wish);
    return this.#wishes.length === 0 || met.length > 0;
  }

  /** Throws a usage error for the first wish that nothing met. */
  check(): void {
    const idle = this.#wishes.find((wish) => !this.#met.has(wish));
    if (idle === undefined) return;
    const near = nearest(idle, this.#known);
    const tags = [...this.#known].filter((one) => one.startsWith('tag:')).slice(0, 50);
    const remedy = near
      ? `Did you mean "${near}"?`
      : `Write tag:NAME, a path as /pets/*, or an operation id. Tags: ${tags.join(', ') || 'none'}.`;
    throw cliError('MORTISE_CLI_USAGE', `No operation fits --only ${idle}.`, { remedy });
  }
}

function fits(wish: string, { path, id, tags }: Wanted): boolean {
  if (wish.startsWith('tag:')) return tags.includes(wish.slice('tag:'.length));
  return wish.startsWith('/') ? fitsPath(wish.split('*'), path) : wish === id;
}

/** The first part begins the path, the last one ends it, the others stand between, in order. */
function fitsPath([first = '', ...parts]: readonly string[], path: string): boolean {
  const last = parts.pop();
  if (last === undefined) return path === first;
  if (!path.startsWith(first)) return false;
  let at = first.length;
  for (const part of parts) {
    const found = path.indexOf(part, at);
    if (found < 0) return false;
    at = found + part.length;
  }
  return path.length - last.length >= at && path.endsWith(last);
}
