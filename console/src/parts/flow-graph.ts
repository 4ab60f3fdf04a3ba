// A flow as a graph of steps, from what its file says: branches of a route side by side, targets at their ends.

import type { Box, Line } from './layout.ts';

export interface StepBox extends Box {
  readonly kind: 'from' | 'step' | 'branch' | 'to';
  readonly name: string;
  readonly says: string;
  /** Of the flow's own list. */
  readonly index?: number;
}

export interface FlowGraph {
  readonly boxes: readonly StepBox[];
  readonly lines: readonly Line[];
}

const width = 246;
const height = 48;

/** Steps within which others lie. */
const nesting = new Set(['route', 'recipients', 'try', 'split', 'compensate']);

export function flowGraph(definition: unknown, from: string, to: readonly string[]): FlowGraph {
  const build = new Builder();
  const written = record(definition);
  const ends = build.steps(list(written['steps']), [build.box('from', from, '')], true);
  build.targets(written['to'], ends);
  const reached = new Set(build.boxes.filter(({ kind }) => kind === 'to').map(({ name }) => name));
  // Where the file is code, only the targets are known.
  if (written['steps'] === undefined && written['to'] === undefined)
    for (const name of to) if (!reached.has(name)) build.link(ends, build.box('to', name, ''));
  return { boxes: build.boxes, lines: build.lines };
}

class Builder {
  readonly boxes: StepBox[] = [];
  readonly lines: Line[] = [];

  box(kind: StepBox['kind'], name: string, says: string, index?: number): string {
    const id = `${kind}-${this.boxes.length}`;
    this.boxes.push({
      id,
      kind,
      name,
      says,
      width,
      height: kind === 'branch' ? 32 : height,
      ...(index === undefined ? {} : { index }),
    });
    return id;
  }

  link(ends: readonly string[], target: string): void {
    for (const source of ends) this.lines.push({ id: `${source}→${target}`, source, target });
  }

  /** Draws them behind what there is, and gives what is last. */
  steps(steps: readonly unknown[], before: readonly string[], isTop = false): readonly string[] {
    return steps.reduce<readonly string[]>((ends, step, index) => this.step(step, ends, isTop ? index : undefined), before);
  }

  targets(written: unknown, ends: readonly string[]): void {
    for (const one of Array.isArray(written) ? (written as unknown[]) : written === undefined ? [] : [written])
      this.link(ends, this.box('to', targetName(one), withText(one)));
  }

  private step(step: unknown, ends: readonly string[], index: number | undefined): readonly string[] {
    const [name = 'step', value] = Object.entries(record(step))[0] ?? [];
    const id = this.box('step', name, summary(name, value), index);
    this.link(ends, id);
    if (!nesting.has(name)) return [id];
    const branches = Array.isArray(value) ? (value as unknown[]).map((one) => [caption(one), one] as const) : innerOf(value);
    const open = branches.flatMap(([says, branch]) => this.branch(says, record(branch), id));
    return open.length > 0 ? open : [id];
  }

  private branch(says: string, branch: Readonly<Record<string, unknown>>, parent: string): readonly string[] {
    const start = this.box('branch', says, '');
    this.link([parent], start);
    const ends = this.steps(list(branch['steps']), [start]);
    this.targets(branch['to'], ends);
    return branch['to'] === undefined ? ends : [];
  }
}

/** Of a step that is a mapping with steps in it, as `try`. */
function innerOf(value: unknown): readonly (readonly [string, unknown])[] {
  const inner = record(value);
  const catches = inner['catch'] === undefined ? [] : [['catch', inner['catch']] as const];
  return inner['steps'] === undefined ? [] : [['steps', { steps: inner['steps'] }] as const, ...catches];
}

function caption(branch: unknown): string {
  const { when, else: otherwise } = record(branch);
  return otherwise === true ? 'else' : typeof when === 'string' ? when : 'branch';
}

function summary(name: string, value: unknown): string {
  if (typeof value === 'string') return value.split('\n')[0] ?? '';
  const written = record(value);
  if (typeof written['file'] === 'string') return written['file'];
  if (name === 'call' || name === 'send') return targetName(written).replace('outbound:', '');
  if (typeof written['key'] === 'string') return written['key'];
  return Object.keys(written).join(', ');
}

function targetName(written: unknown): string {
  const { channel, system, outbound } = record(written);
  if (typeof channel === 'string') return `channel:${channel}`;
  return `outbound:${[system, outbound].filter((part) => typeof part === 'string').join('.')}`;
}

function withText(written: unknown): string {
  const body = record(written)['with'];
  const file = record(body)['file'];
  return typeof file === 'string' ? file : typeof body === 'string' ? (body.split('\n')[0]?.slice(0, 60) ?? '') : '';
}

function record(value: unknown): Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value) ? (value as Record<string, unknown>) : {};
}

function list(value: unknown): readonly unknown[] {
  return Array.isArray(value) ? (value as unknown[]) : [];
}
