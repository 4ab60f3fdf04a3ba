// Where a field comes from: from flow to flow, over channels, to the systems.

import { flowOutputs } from '../flow/types/check.ts';
import type { FlowOutput, FlowOutputs } from '../flow/types/check.ts';
import type { Project } from './load.ts';

/** A field of a target, and where its values come from. */
export interface FieldOrigins {
  /** `channel:orders`, or `outbound:crm.add-note`. */
  readonly target: string;
  readonly field: string;
  readonly origins: readonly FieldOrigin[];
}

export interface FieldOrigin {
  /** `shop.order-created`, a channel that no flow fills, `the reply of crm.get-customer`, a variable, or `unknown`. */
  readonly from: string;
  /** The path there; of what is unknown, why it is. */
  readonly path: string;
  /** The flows on the way, the last first. */
  readonly through: readonly string[];
}

/** Every field that a flow gives to its targets, followed back to the systems. */
export function fieldOrigins(project: Project, flow: string): readonly FieldOrigins[] {
  const tracer = new Tracer(project);
  return tracer.outputsOf(flow).flatMap(({ target, fields }) =>
    fields.map(({ output, inputs }) => ({
      target,
      field: output,
      origins: onceEach(inputs.flatMap((path) => tracer.trace(flow, path, [flow]))),
    })),
  );
}

const noOutputs: FlowOutputs = { outputs: [], roots: new Map() };

class Tracer {
  private readonly project: Project;
  private readonly known = new Map<string, FlowOutputs>();

  constructor(project: Project) {
    this.project = project;
  }

  outputsOf(name: string): readonly FlowOutput[] {
    return this.givenBy(name).outputs;
  }

  private givenBy(name: string): FlowOutputs {
    const known = this.known.get(name);
    if (known) return known;
    const flow = this.project.flows.find((one) => one.name === name);
    const compiled = this.project.compiled.get(name);
    const outputs = flow && compiled ? flowOutputs(flow, compiled, this.project.definitions) : noOutputs;
    this.known.set(name, outputs);
    return outputs;
  }

  /** Where a path of what a flow receives comes from. */
  trace(flow: string, path: string, through: readonly string[]): readonly FieldOrigin[] {
    const from = this.project.compiled.get(flow)?.from;
    const [root = '', ...rest] = path.split('.');
    const source = this.givenBy(flow).roots.get(root);
    if (source) return [{ from: source.from, path: source.reason ?? (rest.join('.') || '$'), through }];
    if (path.startsWith('$') && path !== '$') return [{ from: 'variable', path, through }];
    if (!from) return [];
    if (from.kind === 'inbound') return [{ from: `${from.inbound.system}.${from.inbound.name}`, path, through }];
    const before = this.senders(`channel:${from.channel.name}`).filter((name) => !through.includes(name));
    const found = before.flatMap((name) => this.throughFlow(name, `channel:${from.channel.name}`, path, [...through, name]));
    return found.length > 0 ? found : [{ from: `channel ${from.channel.name}`, path, through }];
  }

  private senders(target: string): readonly string[] {
    return [...this.project.compiled.keys()].filter((name) => this.outputsOf(name).some((output) => output.target === target));
  }

  private throughFlow(flow: string, target: string, path: string, through: readonly string[]): readonly FieldOrigin[] {
    const outputs = this.outputsOf(flow).filter((output) => output.target === target);
    return outputs.flatMap(({ fields }) =>
      fields.flatMap(({ output, inputs }) => {
        const rest = restOf(path, output);
        if (rest === undefined) return [];
        return inputs.flatMap((input) => this.trace(flow, input === '$' ? rest || '$' : joinPath(input, rest), through));
      }),
    );
  }
}

/** What of `path` is left below `field`: the part of a field that is handed on as a whole; all of a field that is a part of it. */
function restOf(path: string, field: string): string | undefined {
  if (field === '$') return path === '$' ? '' : path;
  if (path === '$' || path === field || field.startsWith(`${path}.`)) return '';
  return path.startsWith(`${field}.`) ? path.slice(field.length + 1) : undefined;
}

function joinPath(base: string, rest: string): string {
  return rest === '' ? base : `${base}.${rest}`;
}

function onceEach(origins: readonly FieldOrigin[]): readonly FieldOrigin[] {
  return [...new Map(origins.map((one) => [JSON.stringify(one), one])).values()];
}
