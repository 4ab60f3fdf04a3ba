// Resequencer: messages that come in any order go on in the order of their numbers.

import { field } from '@mortise/sdk';
import type { Expression, Json, Message } from '@mortise/sdk';
import { stepError } from '../step/errors.ts';
import type { Member, Membership, Taken } from '../step/state.ts';
import { defineStep, evaluate } from '../step/step.ts';
import type { Run, StepExpression } from '../step/step.ts';
import { textOf } from '../step/text.ts';
import { isSkipped, withoutSkipped, withSkipped } from './skipped.ts';
import type { Skipped } from './skipped.ts';

interface Written {
  readonly id: string;
  readonly by?: Expression;
  readonly sequence: Expression;
  readonly from: number;
  readonly after: number;
  readonly for: number;
}

/** What is kept of a key. */
interface Row extends Skipped {
  /** The number that goes on next. */
  readonly next: number;
}

interface Compiled {
  readonly written: Written;
  readonly entry: string;
  readonly by: StepExpression | undefined;
  readonly sequence: StepExpression;
}

/** So many held messages go on with one commit; the rest follows at once, with the next. */
const releasedAtOnce = 200;

export const resequenceStep = defineStep<Written>({
  name: 'resequence',
  pattern: 'Resequencer',
  doc: `Lets messages of one key go on in the order of their numbers. One that comes too early is held until those before it have come, "after" at
most: then the missing numbers are skipped. A skipped number that comes later goes on at once, out of order. A number that has gone on, or is
held, ends as filtered when it comes again. What goes on does so one after the other: in the order of the flow's outputs too. One that is dead
holds up those behind it where the flow's order says "onDead: hold", and is passed by otherwise. A held message that a person discards is a
missing number.`,
  form: field.group(
    {
      id: field.text({ doc: 'A name for the step, unique in the flow: messages are held under it.', example: 'in-order' }),
      by: field.expression({ doc: 'Messages of the same key are one sequence; all of the flow where absent.', optional: true }),
      sequence: field.expression({ doc: 'The number of the message: a whole number.', example: 'lineNumber' }),
      from: field.integer({ doc: 'The first number of a key.', default: 1, minimum: 0 }),
      after: field.duration({ doc: 'How long a message waits for those before it.', example: '10m' }),
      for: field.duration({ doc: 'So long after its last message a key is remembered; then it begins anew.', default: '7d' }),
    },
    { doc: 'What is put in order, by what, and how long a gap is waited for.' },
  ),
  compile(written, compiler, path) {
    const entry = `resequence:${written.id}`;
    compiler.claimId(written.id, [...path, 'id'], true);
    compiler.claimId(entry, [...path, 'id'], true);
    compiler.notDeterministic();
    const by = written.by === undefined ? undefined : compiler.expression(written.by, [...path, 'by']);
    const step: Compiled = { written, entry, by, sequence: compiler.expression(written.sequence, [...path, 'sequence']) };
    return {
      entry: written.id,
      run: (message) => arrive(step, message),
      resume: (at) => (at === entry ? comeBack(step) : undefined),
    };
  },
});

function* arrive(step: Compiled, message: Message): Run {
  const key = step.by ? yield* textOf(step.by, message) : '';
  const number = yield* numberOf(step, message);
  const name = { step: step.entry, key };
  const { value, nowMs } = (yield { kind: 'take', ...name }) as Taken;
  const row = rowOf(value) ?? { next: step.written.from };
  if (number < row.next) return yield* arriveLate(step, key, row, number, message);
  if (number > row.next) return yield* holdBack(step, key, row, number, message, nowMs);
  yield* goOn(step, key, message);
  // Only where something is known to be held has the disk to be asked.
  yield* release(step, key, { ...row, next: number + 1 }, number, value !== undefined && holdsSome(value), nowMs);
}

/** It has waited long enough: what is missing before it is skipped. */
function* comeBack(step: Compiled): Run {
  const { key, place } = (yield { kind: 'membership' }) as Membership;
  const { value, nowMs } = (yield { kind: 'take', step: step.entry, key }) as Taken;
  const row = rowOf(value) ?? { next: step.written.from };
  if (place < row.next) return;
  yield* release(step, key, row, place, true, nowMs);
}

/** Lets the held ones go on in order: all up to `through`, skipping what is missing, and those that follow without a gap. */
function* release(step: Compiled, key: string, row: Row, through: number, isHeld: boolean, nowMs: number): Run {
  const name = { step: step.entry, key };
  let kept = row;
  let released = 0;
  let isHolding = isHeld;
  while (isHolding) {
    const members = (yield { kind: 'members', ...name, limit: releasedAtOnce + 1 }) as readonly Member[];
    isHolding = members.length > 0;
    for (const member of members) {
      const { place } = member;
      const isMore = released === releasedAtOnce;
      if (isMore) yield { kind: 'due', ...name, place, dueAtMs: nowMs };
      if (isMore || (place > through && place > kept.next)) return yield* keep(step, key, kept, true);
      const into = yield* goOn(step, key, member.message, member);
      yield { kind: 'leave', ...name, from: place, through: place, into };
      kept = { ...(place > kept.next ? withSkipped(kept, kept.next, place - 1) : kept), next: place + 1 };
      released += 1;
    }
  }
  yield* keep(step, key, kept, false);
}

function* goOn(step: Compiled, key: string, message: Message, member?: Member): Run<string> {
  const lane = `${step.entry}/${key}`;
  const more = member ? { member } : {};
  return (yield { kind: 'proceed', step: step.written.id, message, lane, ...more }) as string;
}

function* holdBack(step: Compiled, key: string, row: Row, number: number, message: Message, nowMs: number): Run {
  const name = { step: step.entry, key };
  const isThere = (yield { kind: 'has', ...name, place: number }) as boolean;
  if (isThere) {
    yield { kind: 'filtered' };
    return;
  }
  const dueAtMs = nowMs + step.written.after;
  yield { kind: 'join', ...name, entry: step.entry, place: number, message, dueAtMs };
  yield* keep(step, key, row, true);
}

/** One that was skipped goes on at once; one that has gone on before ends. */
function* arriveLate(step: Compiled, key: string, row: Row, number: number, message: Message): Run {
  if (!isSkipped(row, number)) {
    yield { kind: 'filtered' };
    return;
  }
  yield* goOn(step, key, message);
  const { value } = (yield { kind: 'take', step: step.entry, key }) as Taken;
  yield* keep(step, key, { ...withoutSkipped(row, number), next: row.next }, value !== undefined && holdsSome(value));
}

function* keep(step: Compiled, key: string, { next, skipped, unknownBelow }: Row, holding: boolean): Run {
  const more = { ...(skipped?.length ? { skipped } : {}), ...(unknownBelow === undefined ? {} : { unknownBelow }) };
  const value = { next, ...more, ...(holding ? { holding } : {}) } as unknown as Json;
  yield { kind: 'keep', step: step.entry, key, value, forMs: step.written.for + step.written.after };
}

function* numberOf({ sequence }: Compiled, message: Message): Run<number> {
  const value = yield* evaluate(sequence, message);
  const number = typeof value === 'string' && /^\d{1,15}$/.test(value) ? Number(value) : value;
  if (typeof number === 'number' && Number.isSafeInteger(number) && number >= 0) return number;
  const found = value === undefined ? 'nothing' : JSON.stringify(value).slice(0, 100);
  throw stepError('MORTISE_STEP_WRONG_TYPE', `"${sequence.text}" gave ${found}; expected a whole number, from 0 on.`);
}

function rowOf(value: Json | undefined): Row | undefined {
  return typeof value === 'object' && value !== null && 'next' in value ? (value as unknown as Row) : undefined;
}

function holdsSome(value: Json): boolean {
  return typeof value === 'object' && value !== null && 'holding' in value;
}
