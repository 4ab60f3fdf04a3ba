// The mesh as a graph, in three views: every channel and flow; systems only; the engine in the middle.

import type { Channel, Flow, System, Traffic } from '../api/types.ts';
import { placeOf } from './format.ts';
import type { Box, Line } from './layout.ts';

export type View = 'channel' | 'system' | 'engine';
export type Health = 'good' | 'warn' | 'bad' | 'idle';

export interface MeshBox extends Box {
  readonly kind: 'system' | 'flow' | 'channel' | 'engine';
  readonly name: string;
}

export interface MeshLine extends Line {
  /** The destination whose traffic passes here. */
  readonly carries: readonly string[];
}

export interface MeshGraph {
  readonly boxes: readonly MeshBox[];
  readonly lines: readonly MeshLine[];
}

export interface Mesh {
  readonly flows: readonly Flow[];
  readonly systems: readonly System[];
  readonly channels: readonly Channel[];
  readonly engine: string;
}

/** As narrow as names in two lines allow: a mesh is wider than a window. */
const sizes = { system: [126, 46], flow: [150, 46], channel: [132, 50], engine: [200, 64] } as const;

export function graphOf(mesh: Mesh, view: View): MeshGraph {
  if (view === 'system') return systemsOnly(mesh);
  return view === 'engine' ? aroundEngine(mesh) : whole(mesh);
}

/** A system that sends and receives stands at both sides: so every line goes from left to right. */
function whole({ flows, channels }: Mesh): MeshGraph {
  const collect = new Collector();
  for (const { name } of channels) collect.box('channel', name, `channel:${name}`);
  for (const flow of flows) {
    const id = collect.box('flow', flow.name, `flow:${flow.name}`);
    const from = placeOf(flow.from);
    const source =
      from.kind === 'channel' ? `channel:${from.name}` : collect.box('system', from.system ?? '', `in:${from.system}`, 0);
    collect.line(source, id, `flow:${flow.name}`);
    for (const to of flow.to) {
      const place = placeOf(to);
      if (place.kind === 'channel') {
        const carries = flows.find((one) => one.from === to);
        collect.line(id, to, carries ? `flow:${carries.name}` : to);
      } else if (place.kind === 'outbound') {
        collect.line(id, collect.box('system', place.system ?? '', `out:${place.system}`, 9), to);
      }
    }
  }
  return collect.graph();
}

/** Who gets something from whom, through whatever lies between. */
function systemsOnly({ flows }: Mesh): MeshGraph {
  const collect = new Collector();
  const bySource = Map.groupBy(flows, ({ from }) => from);
  const reach = (flow: Flow, seen: ReadonlySet<string>): readonly string[] =>
    flow.to.flatMap((to) => {
      if (placeOf(to).kind === 'outbound') return [to];
      return (bySource.get(to) ?? [])
        .filter(({ name }) => !seen.has(name))
        .flatMap((next) => reach(next, new Set([...seen, next.name])));
    });
  for (const flow of flows) {
    const from = placeOf(flow.from);
    if (from.kind !== 'inbound') continue;
    const source = collect.box('system', from.system ?? '', `in:${from.system}`, 0);
    for (const to of reach(flow, new Set([flow.name]))) {
      const { system = '' } = placeOf(to);
      collect.line(source, collect.box('system', system, `out:${system}`, 9), to);
    }
  }
  return collect.graph();
}

function aroundEngine({ flows, engine }: Mesh): MeshGraph {
  const collect = new Collector();
  const middle = collect.box('engine', engine, 'engine');
  for (const flow of flows) {
    const from = placeOf(flow.from);
    if (from.kind === 'inbound')
      collect.line(collect.box('system', from.system ?? '', `in:${from.system}`, 0), middle, `flow:${flow.name}`);
    for (const to of flow.to) {
      const { kind, system = '' } = placeOf(to);
      if (kind === 'outbound') collect.line(middle, collect.box('system', system, `out:${system}`, 9), to);
    }
  }
  return collect.graph();
}

class Collector {
  private readonly boxes = new Map<string, MeshBox>();
  private readonly lines = new Map<string, MeshLine>();

  box(kind: MeshBox['kind'], name: string, id: string, layer?: number): string {
    const [width, height] = sizes[kind];
    if (!this.boxes.has(id)) this.boxes.set(id, { kind, name, id, width, height, ...(layer === undefined ? {} : { layer }) });
    return id;
  }

  line(source: string, target: string, carries: string): void {
    const id = `${source}→${target}`;
    const known = this.lines.get(id)?.carries ?? [];
    this.lines.set(id, { id, source, target, carries: known.includes(carries) ? known : [...known, carries] });
  }

  graph(): MeshGraph {
    const boxes = [...this.boxes.values()];
    // What has no line to a system at the left or right still stands between the two.
    return { boxes: boxes.map((box) => ({ ...box, layer: box.layer ?? 5 })), lines: [...this.lines.values()] };
  }
}

export function healthOf(system: System | undefined): Health {
  if (!system) return 'idle';
  if (system.connections.some(({ breaker }) => breaker === 'open') || system.inbounds.some(({ state }) => state === 'failing'))
    return 'bad';
  return system.standstill || system.connections.some(({ breaker }) => breaker === 'half-open') ? 'warn' : 'good';
}

export interface Load {
  readonly perSecond: number;
  readonly waiting: number;
  readonly oldestAt?: string;
  readonly failedPerMinute: number;
}

/** What the destinations have together. */
export function loadOf(traffic: Traffic | undefined, names: readonly string[]): Load {
  const found = traffic?.destinations.filter(({ name }) => names.includes(name)) ?? [];
  const oldestAt = found.flatMap((one) => one.oldestAt ?? []).sort()[0];
  return {
    perSecond: sum(found.map(({ perSecond }) => perSecond)),
    waiting: sum(found.map(({ waiting }) => waiting)),
    failedPerMinute: sum(found.map(({ failedPerMinute }) => failedPerMinute)),
    ...(oldestAt === undefined ? {} : { oldestAt }),
  };
}

function sum(values: readonly number[]): number {
  return values.reduce((total, value) => total + value, 0);
}

/** What one flow gives to these outbounds; undefined where the line leads to a channel. */
export function edgeRate(traffic: Traffic | undefined, flow: string, carries: readonly string[]): number | undefined {
  if (!carries.every((name) => name.startsWith('outbound:'))) return undefined;
  const own = traffic?.edges.filter((edge) => edge.flow === flow && carries.includes(edge.destination)) ?? [];
  return sum(own.map(({ perSecond }) => perSecond));
}

export interface Outage {
  /** Flows that cannot finish: they send to it, or ask it. */
  readonly waits: readonly string[];
  /** Flows that get nothing more from it. */
  readonly starves: readonly string[];
  /** Flows further down that get less. */
  readonly further: readonly string[];
  readonly untouched: readonly string[];
}

/** What happens if the system is down. */
export function outageOf(system: string, { flows }: Mesh): Outage {
  const waits = flows.filter(({ to }) => to.some((one) => placeOf(one).kind === 'outbound' && placeOf(one).system === system));
  const starves = flows.filter(({ from }) => placeOf(from).kind === 'inbound' && placeOf(from).system === system);
  const touched = new Set([...waits, ...starves].map(({ name }) => name));
  const further = new Set<string>();
  let edge = [...waits, ...starves];
  while (edge.length > 0) {
    const channels = new Set(edge.flatMap(({ to }) => to.filter((one) => placeOf(one).kind === 'channel')));
    edge = flows.filter(({ from, name }) => channels.has(from) && !touched.has(name) && !further.has(name));
    for (const { name } of edge) further.add(name);
  }
  const names = (list: readonly Flow[]): readonly string[] => list.map(({ name }) => name);
  return {
    waits: names(waits),
    starves: names(starves),
    further: [...further],
    untouched: names(flows.filter(({ name }) => !touched.has(name) && !further.has(name))),
  };
}
