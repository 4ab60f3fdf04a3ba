// The questions that pass to the reader, in whichever thread it lives.

import type { Reader } from './reader.ts';

/** The reader's methods that answer a question. Those that may take long are kept apart from the engine's own. */
export const slowQuestions = [
  'journey',
  'deliveriesOf',
  'journal',
  'entries',
  'left',
  'balance',
  'troubles',
  'period',
  'droppable',
  'droppableKeys',
  'usedBytes',
  'erasable',
  'blobs',
] as const;
export const quickQuestions = [
  'waiting',
  'delivery',
  'heldDue',
  'message',
  'calls',
  'reply',
  'cursor',
  'state',
  'members',
  'holds',
] as const;

export type Question = (typeof slowQuestions)[number] | (typeof quickQuestions)[number];
export type Arguments<Q extends Question> = Parameters<Reader[Q]>;
export type Answer<Q extends Question> = ReturnType<Reader[Q]>;

/** Asks; what it rejects with is one of the store's errors. */
export type Ask = <Q extends Question>(question: Q, ...parameters: Arguments<Q>) => Promise<Answer<Q>>;

/** Audits go through everything there is, and may take so many times as long. */
const audits: ReadonlySet<Question> = new Set(['balance', 'period', 'blobs', 'erasable']);
const auditPatience = 6;

/** Has the reader answer, in `timeoutMs` at most. */
export function answer<Q extends Question>(reader: Reader, timeoutMs: number, question: Q, parameters: Arguments<Q>): Answer<Q> {
  reader.limit(audits.has(question) ? auditPatience * timeoutMs : timeoutMs);
  const method = reader[question] as (...parameters: Arguments<Q>) => Answer<Q>;
  return reader.inOneView(() => method.apply(reader, parameters));
}
