// Reads the maintenance windows of a system.

import type { Path } from '@mortise/sdk';
import { maintenanceFault } from '../flow/maintenance.ts';
import type { MaintenanceDefinition } from '../flow/maintenance.ts';
import { fault } from './problems.ts';
import type { Fault } from './problems.ts';

/** One window as it was read by its fields. */
export interface WrittenWindow {
  readonly cron: string;
  readonly for: number;
  readonly zone: string;
}

/** One window or several; what cannot be a pattern, a length or a zone is a fault. */
export function readMaintenance(written: WrittenWindow | readonly WrittenWindow[] | undefined): {
  readonly windows: readonly MaintenanceDefinition[];
  readonly faults: readonly Fault[];
} {
  const one = isList(written) ? [] : written === undefined ? [] : [{ window: written, path: ['maintenance'] }];
  const several = isList(written) ? written.map((window, index) => ({ window, path: ['maintenance', index] })) : [];
  const all: readonly { window: WrittenWindow; path: Path }[] = [...one, ...several];
  const faults = all.flatMap(({ window, path }) => windowFaults(window, path));
  const windows = all.map(({ window: { cron, for: forMs, zone } }) => ({ cron, forMs, zone }));
  return { windows: faults.length > 0 ? [] : windows, faults };
}

function windowFaults(window: WrittenWindow, path: Path): readonly Fault[] {
  const found = maintenanceFault(window);
  if (found) return [fault('MORTISE_PROJECT_WRONG_VALUE', [...path, found.of], found.message, found.remedy)];
  if (window.for > 0) return [];
  return [
    fault('MORTISE_PROJECT_WRONG_VALUE', [...path, 'for'], 'A window that lasts no time never opens.', 'Write it as 30m, 2h.'),
  ];
}

function isList(written: unknown): written is readonly WrittenWindow[] {
  return Array.isArray(written);
}
