// The states of a delivery.

/**
 * Where a delivery stands. `running` is no stored state: on disk a running delivery is waiting.
 * Open (work is owed): waiting, held, in-doubt. Ended, and a person may bring back: dead. Ended for good: the rest.
 */
export const deliveryStates = [
  'waiting',
  'held',
  'in-doubt',
  'done',
  'filtered',
  'invalid',
  'dead',
  'discarded',
  'abandoned',
  'unclaimed',
] as const;

export type DeliveryState = (typeof deliveryStates)[number];
