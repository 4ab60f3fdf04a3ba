// What the list of messages can be asked for.

import type { State } from '../api/types.ts';

export const ranges = ['15m', '1h', '24h', '7d', 'all'] as const;
export type Range = (typeof ranges)[number];

/** What the list of messages is asked for; in the address, so that it can be kept and sent. */
export interface MessageSearch {
  readonly text?: string;
  readonly bodies?: boolean;
  readonly where?: string;
  readonly state?: readonly State[];
  readonly range?: Range;
}
