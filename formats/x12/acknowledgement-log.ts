// Gathers what acknowledgements say while an interchange is read, and gives them when it has ended.

import { acknowledgeGroup, statusOf } from './acknowledge-group.ts';
import { acknowledgeInterchange, answerTo } from './acknowledge-interchange.ts';
import type { EnvelopeState, GroupState } from './envelope-state.ts';
import type { Made } from './make-records.ts';
import type { X12Options } from './options.ts';
import type { OpenRecord } from './record.ts';
import type { Syntax } from './syntax.ts';
import type { FlatSegment, X12Value } from './value.ts';

/** A value to be sent back; numbers, date and time are not in it. */
export type Acknowledgement = Pick<X12Value, 'set' | 'acknowledges' | 'segments' | 'transaction'> & {
  readonly interchange: Partial<X12Value['interchange']>;
  readonly group?: Partial<NonNullable<X12Value['group']>>;
  readonly syntax: Syntax;
};

/** The version and the convention of a 999, whatever it acknowledges. */
const version999 = '005010X231A1';

export class AcknowledgementLog {
  readonly #options: X12Options;

  constructor(options: X12Options) {
    this.#options = options;
  }

  note({ group }: OpenRecord, { result }: Made): void {
    if (group && result && this.#options.acknowledge !== 'no') group.results.push(result);
  }

  /** Never of what is an acknowledgement itself. */
  *acknowledgements(state: EnvelopeState): Generator<Acknowledgement> {
    if (this.#wantsTa1(state)) yield this.#ta1(state);
    if (this.#options.acknowledge === 'no') return;
    for (const group of state.ended) if (!isAcknowledgement(group)) yield this.#group(state, group, this.#options.acknowledge);
  }

  #wantsTa1({ interchange, groups, acknowledgementGroups }: EnvelopeState): boolean {
    const { ta1 } = this.#options;
    if (ta1 === 'no' || (ta1 === 'requested' && interchange.acknowledgmentRequested !== '1')) return false;
    return groups > acknowledgementGroups;
  }

  #ta1(state: EnvelopeState): Acknowledgement {
    const isRejected =
      state.headFindings.some(({ name }) => !this.#options.noted.includes(name)) && this.#options.faults !== 'value';
    const segment = acknowledgeInterchange(state.interchange, state.findings, isRejected);
    const acknowledges = {
      interchange: state.interchange.controlNumber,
      status: typeof segment[4] === 'string' ? segment[4] : '',
    };
    return {
      set: 'TA1',
      acknowledges,
      interchange: answerTo(state.interchange),
      segments: [segment],
      syntax: plainSyntax(state.syntax),
    };
  }

  #group(state: EnvelopeState, ended: GroupState, kind: '997' | '999'): Acknowledgement {
    const { group } = ended;
    const segments: readonly FlatSegment[] = acknowledgeGroup(ended, kind, state.syntax);
    const acknowledges = {
      interchange: state.interchange.controlNumber,
      group: group.controlNumber,
      functionalCode: group.functionalCode,
      status: statusOf(ended),
    };
    const version = kind === '999' ? version999 : group.version.slice(0, 6);
    return {
      set: kind,
      acknowledges,
      interchange: answerTo(state.interchange),
      group: { functionalCode: 'FA', sender: group.receiver, receiver: group.sender, agency: 'X', version },
      transaction: { controlNumber: '0001', ...(kind === '999' ? { implementation: version999 } : {}) },
      segments,
      syntax: plainSyntax(state.syntax),
    };
  }
}

function isAcknowledgement({ group }: GroupState): boolean {
  return group.functionalCode === 'FA';
}

function plainSyntax({ final: _final, bom: _bom, ...syntax }: Syntax): Syntax {
  return syntax;
}
