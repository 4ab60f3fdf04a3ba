// A project whose systems never want to be left alone: what a run shows must not depend on the day on which it is run.

import type { Definitions } from '../flow/definitions.ts';

export function withoutMaintenance(definitions: Definitions): Definitions {
  const systems = [...definitions.systems].map(([name, { maintenance: _maintenance, ...system }]) => [name, system] as const);
  return { ...definitions, systems: new Map(systems) };
}
