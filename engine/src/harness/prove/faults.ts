// What a crash test can find, and how a find is told.

export const faultKinds = {
  lost: 'Accepted or owed, and it never arrived',
  duplicated: 'Done twice under two ids, which no receiver can tell apart',
  changed: 'Something different was sent under the same delivery id',
  reordered: 'Arrived in another order than it was accepted, within one key of "order: by"',
  unfinished: 'Not ended, although nothing more comes',
  otherwise: 'Ended in another way than without kills',
  uneven: 'The balance of the engine does not come out even',
} as const;

export type FaultKind = keyof typeof faultKinds;

export interface ProofFault {
  readonly kind: FaultKind;
  readonly what: string;
  /** The number of the input, where it is known. */
  readonly input?: number;
  /** The message with which the journey began. */
  readonly message?: string;
  readonly deliveries: readonly string[];
}
