// Warns of inbounds that anyone may send to who reaches the listener.

import type { CompiledFlow } from '../flow/compiled.ts';
import type { Definitions, InboundDefinition } from '../flow/definitions.ts';
import { isMapping } from './planned.ts';
import { startOf } from './problems.ts';
import type { ProblemList } from './problems.ts';
import type { NamedFile } from './yaml-folder.ts';

/** An inbound that has `verify`, by whatever connector, says `scheme: none` where it verifies nothing. */
export function reportUnverified(
  files: readonly NamedFile[],
  { systems }: Definitions,
  compiled: ReadonlyMap<string, CompiledFlow>,
  problems: ProblemList,
): void {
  const message = (inbound: InboundDefinition): string => `${inbound.system}.${inbound.name} does not verify who sends.`;
  for (const { name, file } of files) {
    for (const inbound of systems.get(name)?.inbounds.values() ?? []) {
      if (isUnverified(inbound) && file)
        problems.warn('MORTISE_PROJECT_UNVERIFIED', file.place(['inbounds', inbound.name, 'verify']), message(inbound));
    }
  }
  for (const { from, name } of compiled.values()) {
    if (from.kind !== 'inbound' || !from.inbound.inPlace || !isUnverified(from.inbound)) continue;
    problems.warn('MORTISE_PROJECT_UNVERIFIED', startOf(`flows/${name}.yaml`), message(from.inbound));
  }
}

function isUnverified({ options }: InboundDefinition): boolean {
  const verify = options['verify'];
  return isMapping(verify) && verify['scheme'] === 'none';
}
