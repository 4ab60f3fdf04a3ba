// The layers of the repository, and which may import which: design and checks both read this table.

export interface Layer {
  readonly name: string;
  /** The files that are in it; a file is in the first layer that fits. */
  readonly holds: RegExp;
  /** The layers it may import, besides itself. */
  readonly imports: readonly string[];
  /** What the first group of `holds` matched may not import another such folder of the same layer. */
  readonly apart?: true;
}

const step = ['sdk', 'step', 'expression'];
const belowFlow = [...step, 'pattern', 'channel', 'delivery', 'store interface'];
const belowProject = [...belowFlow, 'flow', 'catalog', 'listen'];
const belowEntry = [...belowProject, 'project', 'access', 'alerts', 'telemetry', 'control', 'store', 'harness'];

export const layers: readonly Layer[] = [
  { name: 'sdk testing', holds: /^sdk\/src\/testing\//, imports: ['sdk'] },
  { name: 'sdk', holds: /^sdk\//, imports: [] },
  { name: 'mapping', holds: /^mapping\//, imports: [] },
  { name: 'connector', holds: /^connectors\/([^/]+)\//, imports: ['sdk'], apart: true },
  { name: 'format', holds: /^formats\/([^/]+)\//, imports: ['sdk'], apart: true },
  { name: 'expression', holds: /^engine\/src\/step\/expression\.ts$/, imports: ['sdk', 'step', 'mapping'] },
  { name: 'step', holds: /^engine\/src\/step\//, imports: step },
  {
    name: 'store interface',
    holds: /^engine\/src\/store\/(?:store|balance-rows|delivery-state|errors|iso-time)\.ts$/,
    imports: ['sdk'],
  },
  { name: 'store', holds: /^engine\/src\/store\//, imports: ['sdk', 'store interface'] },
  { name: 'channel', holds: /^engine\/src\/channel\//, imports: [...step, 'store interface'] },
  { name: 'delivery', holds: /^engine\/src\/delivery\//, imports: [...step, 'store interface'] },
  { name: 'flow', holds: /^engine\/src\/flow\//, imports: belowFlow },
  { name: 'listen', holds: /^engine\/src\/listen\//, imports: ['sdk'] },
  { name: 'catalog', holds: /^engine\/src\/catalog\//, imports: ['sdk'] },
  { name: 'project', holds: /^engine\/src\/project\//, imports: belowProject },
  { name: 'access', holds: /^engine\/src\/access\//, imports: ['sdk'] },
  { name: 'telemetry', holds: /^engine\/src\/telemetry\//, imports: belowProject },
  { name: 'alerts', holds: /^engine\/src\/alerts\//, imports: [...belowProject, 'project', 'access'] },
  { name: 'control', holds: /^engine\/src\/control\//, imports: [...belowProject, 'project', 'access', 'alerts'] },
  { name: 'harness', holds: /^engine\/src\/harness\//, imports: [...belowEntry, 'entry'] },
  { name: 'pattern', holds: /^engine\/src\/([^/]+)\//, imports: step, apart: true },
  { name: 'entry', holds: /^engine\/src\/[^/]+$/, imports: belowEntry },
  { name: 'cli', holds: /^cli\//, imports: ['sdk', 'entry'] },
  // What the console knows of the engine it knows by the API.
  { name: 'console', holds: /^console\//, imports: [] },
  { name: 'example', holds: /^examples\/([^/]+)\//, imports: ['sdk', 'entry'], apart: true },
];

/**
 * What tests may import besides, by top folder: whatever implements a contract is tested with that contract's kit, and a
 * part of the engine with the real parts around it.
 */
export const testImports: Readonly<Record<string, readonly string[]>> = {
  sdk: ['sdk testing'],
  connectors: ['sdk testing'],
  formats: ['sdk testing'],
  engine: ['sdk testing', 'entry', ...belowEntry],
};
