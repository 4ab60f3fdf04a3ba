// Aggregator, and the end of a Scatter-Gather: messages of one key become one message.

import { field } from '@mortise/sdk';
import type { Expression, Json, Message } from '@mortise/sdk';
import { holds } from '../step/condition.ts';
import { stepError } from '../step/errors.ts';
import { withBody } from '../step/message.ts';
import type { Membership, Taken } from '../step/state.ts';
import { defineStep, evaluate } from '../step/step.ts';
import type { Run, StepExpression } from '../step/step.ts';
import { textOf } from '../step/text.ts';

interface Written {
  readonly id: string;
  readonly by: Expression;
  readonly complete?: Expression;
  readonly after?: number;
  readonly atMost?: number;
  readonly emit?: Expression;
  readonly late: 'new' | 'drop' | 'dead';
  readonly lateFor: number;
}

/** What is kept of a group that is open. */
interface Open {
  readonly first: number;
  readonly last: number;
  readonly size: number;
  /** The root of the first message: the journey that the emitted message goes on with. */
  readonly root: string;
  /** The member that comes back when the group has waited long enough. */
  readonly timer: string;
}

interface Compiled {
  readonly written: Written;
  readonly entry: string;
  readonly by: StepExpression;
  readonly complete: StepExpression | undefined;
  readonly emit: StepExpression | undefined;
}

export const aggregateStep = defineStep<Written>({
  name: 'aggregate',
  pattern: 'Aggregator, Scatter-Gather',
  doc: `Holds messages of one key until their group is complete, and goes on with one message made of them. The bodies of the group, in the order
of arrival, are $group. A message is in one group, once; each group goes on once, also after a crash. The emitted message continues the journey of
the group's first message; the journeys of all members tell into what they went. It has the attributes and variables of the message that
closed the group, and no expiry. A member that a person discards leaves the group. Where the group cannot go on when its time is over, its\nfirst message is dead and the others stay held until a person retries that one, or discards it.`,
  form: field.group(
    {
      id: field.text({ doc: 'A name for the step, unique in the flow: groups are kept under it.', example: 'by-order' }),
      by: field.expression({ doc: 'Messages of the same key are a group: text or a number.', example: 'orderId' }),
      complete: field.expression({
        doc: 'True when the group is complete: asked with each message, over $group. For groups of many thousands use atMost or after.',
        example: '$count($group) = $group[0].lines',
        optional: true,
      }),
      after: field.duration({ doc: 'So long after its first message the group is complete as it is.', optional: true }),
      atMost: field.integer({ doc: 'With so many messages the group is complete.', optional: true, minimum: 1 }),
      emit: field.expression({
        doc: 'The body that goes on, made of $group; an array of the bodies where absent.',
        example: '{ "total": $sum($group.price) }',
        optional: true,
      }),
      late: field.choice(['new', 'drop', 'dead'], {
        doc: 'What becomes of a message whose group has gone on: it begins a new group, ends as filtered, or is dead.',
        default: 'new',
      }),
      lateFor: field.duration({ doc: 'So long a group is remembered for "late: drop" and "late: dead".', default: '7d' }),
    },
    { doc: 'What a group is, when it is complete, and what it becomes.' },
  ),
  compile(written, compiler, path) {
    const entry = `aggregate:${written.id}`;
    compiler.claimId(written.id, [...path, 'id'], true);
    compiler.claimId(entry, [...path, 'id'], true);
    compiler.notDeterministic();
    const { complete, emit, after, atMost } = written;
    if (complete === undefined && after === undefined && atMost === undefined)
      compiler.problem(
        path,
        `The groups of "${written.id}" are never complete.`,
        'Say when: with "complete", "after" or "atMost".',
      );
    const step: Compiled = {
      written,
      entry,
      by: compiler.expression(written.by, [...path, 'by']),
      complete: complete === undefined ? undefined : compiler.expression(complete, [...path, 'complete']),
      emit: emit === undefined ? undefined : compiler.expression(emit, [...path, 'emit']),
    };
    return {
      entry: written.id,
      run: (message) => arrive(step, message),
      resume: (at, message) => (at === entry ? timeOut(step, message) : undefined),
    };
  },
});

/** A message comes: it joins its group, or completes it. */
function* arrive(step: Compiled, message: Message): Run {
  const key = yield* textOf(step.by, message);
  const name = { step: step.entry, key };
  const { value, nowMs, leftThrough } = (yield { kind: 'take', ...name }) as Taken;
  const open = openGroup(value);
  if (value !== undefined && !open && (yield* isTooLate(step, key))) return;
  const size = (open?.size ?? 0) + 1;
  const place = (open?.last ?? leftThrough) + 1;
  const { atMost, after } = step.written;
  const isFull = atMost !== undefined && size >= atMost;
  if (isFull || step.complete) {
    const bodies = [...(open ? ((yield { kind: 'bodies', ...name }) as unknown[]) : []), message.body];
    if (isFull || (step.complete && holds(yield* evaluate(step.complete, message, { group: bodies }), step.complete.text)))
      return yield* close(step, key, message, bodies, open);
  }
  const dueAtMs = open || after === undefined ? {} : { dueAtMs: nowMs + after };
  const id = (yield { kind: 'join', ...name, entry: step.entry, place, message, ...dueAtMs }) as string;
  const { first = place, root = message.properties.root, timer = id } = open ?? {};
  yield { kind: 'keep', ...name, value: { first, last: place, size, root, timer } };
}

/** The group's first message comes back: the group has waited long enough, unless it was complete before. */
function* timeOut(step: Compiled, message: Message): Run {
  const { key } = (yield { kind: 'membership' }) as Membership;
  const name = { step: step.entry, key };
  const { value } = (yield { kind: 'take', ...name }) as Taken;
  const open = openGroup(value);
  if (open?.timer !== message.id) return;
  yield* close(step, key, message, (yield { kind: 'bodies', ...name }) as unknown[], open);
}

function* close(step: Compiled, key: string, message: Message, bodies: readonly unknown[], open: Open | undefined): Run {
  const name = { step: step.entry, key };
  const body = step.emit ? yield* evaluate(step.emit, message, { group: bodies }) : bodies;
  if (body === undefined)
    throw stepError('MORTISE_STEP_EXPRESSION_NOTHING', `"emit" of step ${step.written.id} gave nothing for group "${key}".`);
  const emitted = ofJourney(withBody(message, body), open?.root ?? message.properties.root);
  const lane = `${step.entry}/${key}`;
  const into = (yield { kind: 'proceed', step: step.written.id, message: emitted, lane }) as string;
  if (open) yield { kind: 'leave', ...name, from: open.first, through: open.last, into };
  const { late, lateFor } = step.written;
  if (late === 'new') yield { kind: 'keep', ...name, value: undefined };
  else yield { kind: 'keep', ...name, value: { closed: true }, forMs: lateFor };
}

/** Whether a message whose group has gone on ends here. */
function* isTooLate({ written: { id, late } }: Compiled, key: string): Run<boolean> {
  if (late === 'new') return false;
  if (late === 'dead')
    throw stepError('MORTISE_STEP_LATE', `The group "${key}" of step ${id} had gone on when this message came.`);
  yield { kind: 'filtered' };
  return true;
}

/** It goes on with the journey of the group's first message. An expiry was that of one message, not of the group. */
function ofJourney(message: Message, root: string): Message {
  const { expiresAtMs: _expires, ...properties } = message.properties;
  const acceptedAtMs = Number.parseInt(root.slice(0, 8) + root.slice(9, 13), 16);
  return { ...message, properties: { ...properties, root, acceptedAtMs } };
}

/** What is kept of a group that is open; undefined of one that has gone on, and of other steps. */
export function openGroup(value: Json | undefined): Open | undefined {
  return typeof value === 'object' && value !== null && 'timer' in value ? (value as unknown as Open) : undefined;
}

/**
 * What is kept when a member has left, and whether it was the one that comes back when the group has waited long enough: `next`
 * is then that one. What is kept of other steps stays as it is.
 */
export function withoutMember(
  value: Json,
  member: string,
  next: string | undefined,
): { readonly value: Json | undefined; readonly isTimer: boolean } {
  const open = openGroup(value);
  if (!open) return { value, isTimer: false };
  if (open.size <= 1) return { value: undefined, isTimer: false };
  const isTimer = open.timer === member && next !== undefined;
  return { value: { ...open, size: open.size - 1, timer: isTimer ? next : open.timer }, isTimer };
}
