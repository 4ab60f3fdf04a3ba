// Finds the outbound or inbound that a test names.

import type { SystemDefinition } from '../flow/definitions.ts';
import type { Project } from '../project/load.ts';
import { harnessError } from './errors.ts';

type Ends = Pick<SystemDefinition, 'inbounds' | 'outbounds'>;
type End<Side extends keyof Ends> = Ends[Side] extends ReadonlyMap<string, infer Definition> ? Definition : never;

/** `written`: as system.name. Throws MORTISE_HARNESS_FLOW where there is none. */
export function endOf<Side extends keyof Ends>({ definitions }: Project, side: Side, written: string): End<Side> {
  const [system = '', name = ''] = written.split('.');
  const end = definitions.systems.get(system)?.[side].get(name);
  if (!end) throw harnessError('MORTISE_HARNESS_FLOW', `There is no ${side.slice(0, -1)} "${written}" that could be used.`);
  return end as End<Side>;
}
