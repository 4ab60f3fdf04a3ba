// Decodes EDIFACT message by message: each is a value, or a problem of its own, and an interchange may be answered behind its last.

import { MortiseError, decodeByChunk, positionToJson } from '@mortise/sdk';
import type { Decoded, Position } from '@mortise/sdk';
import { acknowledgementOf, isAnswerable } from './acknowledge.ts';
import { edifactError } from './errors.ts';
import { errorOf } from './faults.ts';
import type { Fault } from './faults.ts';
import format from './format.ts';
import { segmentPlaces } from './raw-content.ts';
import { TreeBuilder } from './message-tree.ts';
import { valueOf } from './message-value.ts';
import { Profile } from './profile.ts';
import type { EdifactOptions, Finding } from './profile.ts';
import type { EnvelopeFault, Found, ReadInterchange, ReadMessage } from './read-message.ts';
import { MessageReader } from './read-messages.ts';

/** More refused messages are not reported one by one: the acknowledgement refuses the interchange as a whole. */
const refusalsMax = 10_000;
/** With these faults a message does not fit into the tree of its definition. */
const misfits = new Set(['15', '16', '33', '34', '35', '36']);

export const decoder = decodeByChunk(format, (options) => new ValueReader(options));

class ValueReader {
  readonly #options: EdifactOptions;
  readonly #profile: Profile;
  readonly #reader: MessageReader;

  constructor(options: EdifactOptions) {
    this.#options = options;
    this.#profile = new Profile(options);
    this.#reader = new MessageReader(options);
  }

  *push(chunk: Uint8Array): Generator<Decoded> {
    for (const found of this.#reader.push(chunk)) yield* this.#give(found);
  }

  *end(): Generator<Decoded> {
    for (const found of this.#reader.end()) yield* this.#give(found);
  }

  *#give(found: Found): Generator<Decoded> {
    if ('message' in found) yield* this.#giveMessage(found.message);
    else if ('stray' in found) yield this.#problem(found.stray);
    else yield* this.#answer(found.closed);
  }

  *#giveMessage(message: ReadMessage): Generator<Decoded> {
    const keep = this.#options.faults === 'keep';
    if (!keep) for (const fault of message.leading) yield this.#problem(fault);
    yield this.#read(message, keep ? [...message.leading, ...message.trailing].flatMap(({ faults }) => faults) : []);
    if (!keep) for (const fault of message.trailing) yield this.#problem(fault);
  }

  #read(message: ReadMessage, envelopeFaults: readonly Fault[]): Decoded {
    const { offsetBytes, line, record, header } = message;
    const position = { offsetBytes, line, record, segment: 'UNH' };
    try {
      const definition = this.#profile.definition(header);
      const builder = definition && this.#options.shape === 'groups' ? new TreeBuilder() : undefined;
      const faults = this.#faultsOf(message, this.#profile.check(message, definition, builder));
      if (faults.length > 0) refuse(message, faults);
      if (faults.length > 0 && this.#options.faults !== 'keep') return this.#refused(message, errorOf(faults, record), position);
      const all = [...envelopeFaults, ...faults];
      const body = builder && !faults.some(({ code }) => misfits.has(code)) ? builder.root : undefined;
      const irregular = message.irregular || all.length > 0 || (body !== undefined && message.hasEmptyEnds);
      const raw = irregular ? this.#reader.raw(message.spanFrom, message.spanTo) : undefined;
      return { value: valueOf(message, body, all, raw), position };
    } catch (problem) {
      if (!(problem instanceof MortiseError) || problem.code !== 'MORTISE_EDIFACT_DIRECTORY') throw problem;
      refuse(message, [{ code: '14', segment: 'UNH', element: 2, component: 1, what: problem.message, offsetBytes, line }]);
      const { message: text, remedy } = problem;
      const placed = edifactError('MORTISE_EDIFACT_DIRECTORY', text, { remedy, details: positionToJson(position) });
      return this.#refused(message, placed, position);
    }
  }

  #faultsOf(message: ReadMessage, findings: readonly Finding[]): readonly Fault[] {
    if (findings.length === 0) return message.faults;
    const { offsetBytes, line, endBytes, interchange } = message;
    const places = segmentPlaces(this.#reader.raw(offsetBytes, endBytes), interchange.separators);
    const placed = findings.map((finding): Fault => {
      const place = places[(finding.segmentNumber ?? 1) - 1] ?? { offsetBytes: 0, line: 1 };
      return { ...finding, offsetBytes: offsetBytes + place.offsetBytes, line: line + place.line - 1 };
    });
    return [...message.faults, ...placed];
  }

  #refused({ offsetBytes, endBytes }: ReadMessage, problem: MortiseError, position: Position): Decoded {
    if (this.#options.faults === 'file') throw problem;
    return { problem, position, raw: this.#reader.raw(offsetBytes, endBytes) };
  }

  #problem({ faults, fromBytes, toBytes }: EnvelopeFault): Decoded {
    const problem = errorOf(faults, undefined);
    if (this.#options.faults === 'file') throw problem;
    const [first] = faults;
    const position = { offsetBytes: fromBytes, line: first?.line ?? 1, segment: first?.segment ?? '' };
    return { problem, position, raw: this.#reader.raw(fromBytes, toBytes) };
  }

  *#answer(interchange: ReadInterchange): Generator<Decoded> {
    if (!isAnswerable(interchange, this.#options.acknowledge)) return;
    const { offsetBytes, line } = interchange;
    yield { value: acknowledgementOf(interchange, this.#options.shape), position: { offsetBytes, line, segment: 'UNB' } };
  }
}

/** Of the first messages all faults are kept for the answer, of more a few each: what is kept has a bound. */
function refuse({ interchange, group, header }: ReadMessage, faults: readonly Fault[]): void {
  const { refusals } = interchange;
  if (refusals.length < refusalsMax)
    refusals.push({ header, group: group?.header, faults: faults.slice(0, refusals.length < 100 ? 200 : 5) });
  else interchange.unlisted += 1;
}
