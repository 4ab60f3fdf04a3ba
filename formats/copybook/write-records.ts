// Writes values as records: takes families apart, fills in totals, and refuses what does not fit.

import { formatError } from '@mortise/sdk';
import { Families } from './families.ts';
import { framerOf } from './frame-records.ts';
import type { Framer } from './frame-records.ts';
import { isRecord } from './members.ts';
import type { RecordValue } from './members.ts';
import type { Field } from './layout.ts';
import type { CopybookOptions } from './options.ts';
import { planOf } from './record-plan.ts';
import type { RecordPlan } from './record-plan.ts';
import type { WriteState } from './record-state.ts';
import { writeRecord, writeStateOf } from './record-values.ts';
import { Totals } from './totals.ts';

/** Records are handed on in blocks: a chunk a record would cost the one who writes them a call each. */
const blockBytes = 64 * 1024;
/** As deep as levels of a copybook go. */
const depthMax = 50;

export class RecordWriter {
  readonly #options: CopybookOptions;
  readonly #plan: RecordPlan;
  readonly #families: Families;
  readonly #totals: Totals;
  readonly #framer: Framer;
  readonly #state: WriteState;
  #block = new Uint8Array(2 * blockBytes);
  #bytes = 0;
  #record = 0;

  constructor(options: CopybookOptions) {
    this.#options = options;
    this.#plan = planOf(options);
    this.#families = new Families(this.#plan);
    this.#totals = new Totals(this.#plan);
    this.#framer = framerOf(this.#plan);
    this.#state = writeStateOf(this.#plan);
  }

  /** A block of bytes where enough records have gathered. Throws MORTISE_FORMAT_UNWRITABLE. */
  push(value: unknown): Uint8Array | undefined {
    for (const record of this.#families.isEmpty ? [value] : this.#families.apart(value)) this.#write(record);
    return this.#bytes < blockBytes ? undefined : this.#flush();
  }

  /** What is left. */
  end(): Uint8Array {
    this.#gather(this.#framer.end());
    return this.#flush();
  }

  #write(value: unknown): void {
    this.#record += 1;
    const record = this.#totals.isEmpty ? value : this.#withTotals(value);
    const written = writeRecord(this.#plan, this.#state, record);
    if ('problem' in written) throw this.#unwritable(written.problem);
    if (written.bytes.length > this.#options.recordMax)
      throw this.#unwritable(`has more than ${this.#options.recordMax} bytes (recordMax)`);
    this.#gather(this.#framer.add(written.bytes));
  }

  /** Fills in what a trailer leaves open, and compares what it says. */
  #withTotals(value: unknown): unknown {
    if (!isRecord(value)) return value;
    const copy: RecordValue = copyOf(value);
    const taken = this.#takenBy(copy);
    this.#totals.fill(taken, copy);
    const wrong = this.#totals.check(taken, copy);
    if (wrong !== undefined) throw this.#unwritable(wrong);
    return copy;
  }

  /** The alternatives that a value has, at any depth. */
  #takenBy(value: RecordValue): Field[] {
    return [...this.#plan.named.values()].filter((field) => hasKey(value, this.#plan.keys.get(field) ?? ''));
  }

  #gather(parts: readonly Uint8Array[]): void {
    for (const part of parts) {
      const bytes = this.#bytes + part.length;
      if (bytes > this.#block.length) {
        const larger = new Uint8Array(2 * bytes);
        larger.set(this.#block.subarray(0, this.#bytes));
        this.#block = larger;
      }
      this.#block.set(part, this.#bytes);
      this.#bytes = bytes;
    }
  }

  #flush(): Uint8Array {
    const block = this.#block.slice(0, this.#bytes);
    this.#bytes = 0;
    return block;
  }

  #unwritable(what: string): Error {
    return formatError('MORTISE_FORMAT_UNWRITABLE', `Record ${this.#record} ${what}.`);
  }
}

/** Objects are copied, so that totals are not filled into what somebody else holds. */
function copyOf(value: RecordValue, depth = 0): RecordValue {
  return Object.fromEntries(
    Object.entries(value).map(([key, one]) => [key, isRecord(one) && depth < depthMax ? copyOf(one, depth + 1) : one]),
  );
}

function hasKey(value: RecordValue, key: string, depth = 0): boolean {
  return Object.entries(value).some(
    ([name, one]) => (name === key && one !== undefined) || (isRecord(one) && depth < depthMax && hasKey(one, key, depth + 1)),
  );
}
