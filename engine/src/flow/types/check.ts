// Follows the type of the body through the steps of a flow, from the model it comes with to the models it meets.

import { MortiseError } from '@mortise/sdk';
import type { Path } from '@mortise/sdk';
import {
  analyse,
  asInput,
  integerType,
  joinTypes,
  lineageOf,
  listOf,
  misfits,
  oneOf,
  soften,
  surely,
  typeFrom,
  unknownType,
} from '../../step/expression.ts';
import type { LineageEntry, Type } from '../../step/expression.ts';
import type { CompiledFlow } from '../compiled.ts';
import type { Definitions, FlowSource, ModelDefinition, Problem, ResolvedFormat } from '../definitions.ts';
import { optionExpressions, writtenEnd } from './ends.ts';
import type { WrittenEnd } from './ends.ts';
import { TypeProblems } from './problems.ts';
import type { PlaceOf } from './problems.ts';
import { FieldRoots } from './roots.ts';
import type { FieldRoot } from './roots.ts';

type Written = Readonly<Record<string, unknown>>;

/** What is known of a message between two steps. */
interface Known {
  readonly body: Type;
  readonly variables: ReadonlyMap<string, Type>;
  /** Where the body was made, if an expression of the flow made it. */
  readonly made: PlaceOf | undefined;
}

/** What a flow gives to one of its targets. */
export interface FlowOutput {
  /** `channel:orders`, or `outbound:crm.add-note`. */
  readonly target: string;
  readonly fields: readonly LineageEntry[];
}

/** What a flow gives, and the names in its paths that stand for other things than what it receives. */
export interface FlowOutputs {
  readonly outputs: readonly FlowOutput[];
  readonly roots: ReadonlyMap<string, FieldRoot>;
}

const nothingKnown: Known = { body: unknownType, variables: new Map(), made: undefined };

/** What cannot be right in a flow that compiles, as its models tell. */
export function checkTypes(flow: FlowSource, { from }: CompiledFlow, definitions: Definitions): readonly Problem[] {
  const follower = new TypeFollower(flow, definitions, false);
  follower.flow(from);
  return follower.problems.found;
}

/** Of which fields of what the flow receives the fields are made that it gives to its targets. */
export function flowOutputs(flow: FlowSource, { from }: CompiledFlow, definitions: Definitions): FlowOutputs {
  const follower = new TypeFollower(flow, definitions, true);
  follower.flow(from);
  return { outputs: follower.outputs, roots: follower.roots.byName };
}

class TypeFollower {
  readonly problems: TypeProblems;
  readonly outputs: FlowOutput[] = [];
  readonly roots = new FieldRoots();
  private readonly written: Written;
  private readonly definitions: Definitions;
  /** Origins are told in terms of what the flow receives, and not of the step before. */
  private readonly composed: boolean;

  constructor({ source }: FlowSource, definitions: Definitions, composed: boolean) {
    this.problems = new TypeProblems(source);
    this.written = source.value as Written;
    this.definitions = definitions;
    this.composed = composed;
  }

  flow(from: CompiledFlow['from']): void {
    const body = { ...this.received(from), origins: ['$'] };
    const start: Known = { body, variables: new Map(), made: undefined };
    const { order } = this.written;
    if (isMapping(order)) this.look(order['by'], ['order', 'by'], start);
    this.ending(this.written, [], start);
  }

  /** A model says more than the format: what does not fit it is not accepted. */
  private received(from: CompiledFlow['from']): Type {
    const { model } = from.kind === 'channel' ? from.channel : from.inbound;
    if (model) return this.modelType(model);
    return from.kind === 'channel' ? unknownType : this.readBy(from.inbound.format, ['from']);
  }

  /** What a format reads, one value of it. */
  private readBy(format: ResolvedFormat | undefined, path: Path): Type {
    if (!format) return unknownType;
    try {
      return remembered(formatTypes, format, () => {
        const schema = format.schema();
        return schema ? typeFrom(schema, () => undefined) : unknownType;
      });
    } catch (error) {
      if (!(error instanceof MortiseError)) throw error;
      this.problems.failure(error, path);
      return unknownType;
    }
  }

  /** Steps and what they end in; undefined where the message ends there. */
  private ending(written: Written, path: Path, start: Known): Known | undefined {
    const after = this.steps(written['steps'], [...path, 'steps'], start);
    if (written['to'] === undefined) return after;
    if (after) this.targets(written['to'], [...path, 'to'], after);
    return undefined;
  }

  private steps(written: unknown, path: Path, start: Known): Known | undefined {
    let known: Known | undefined = start;
    for (const [index, step] of (Array.isArray(written) ? (written as unknown[]) : []).entries()) {
      if (!known) return undefined;
      const [name = '', value] = isMapping(step) ? (Object.entries(step)[0] ?? []) : [];
      known = this.step(name, value, [...path, index, name], known);
    }
    return known;
  }

  private step(name: string, value: unknown, path: Path, known: Known): Known | undefined {
    const options = isMapping(value) ? value : {};
    switch (name) {
      case 'filter':
        return this.condition(value, path, known);
      case 'map':
        return this.made(value, path, known);
      case 'validate':
        return this.validated(String(value), path, known);
      case 'track':
        for (const [key, written] of Object.entries(options)) this.look(written, [...path, key], known);
        return known;
      case 'dedupe':
        this.look(options['key'], [...path, 'key'], known);
        return known;
      case 'route':
        return this.route(value, path, known);
      case 'recipients':
        this.look(options['choose'], [...path, 'choose'], known);
        for (const [key, to] of entriesOf(options['of'])) this.targets(to, [...path, 'of', key], known);
        return known;
      case 'split':
        return this.split(options, path, known);
      case 'call':
        return this.call(options, path, known);
      case 'send':
        this.targets(value, path, known);
        return known;
      case 'try':
        return this.tried(options, path, known);
      case 'slip':
        return this.slip(options, path, known);
      case 'aggregate':
        return this.aggregate(options, path, known);
      case 'compensate':
        this.steps(options['steps'], [...path, 'steps'], known);
        return known;
      case 'sequence':
        return withVariable(known, options['into'], integerType);
      default:
        return this.lookingStep(name, value, path, known);
    }
  }

  /** A step that reads the message, and leaves the body as it is or makes one of which nothing is known. */
  private lookingStep(name: string, value: unknown, path: Path, known: Known): Known {
    const options = isMapping(value) ? value : {};
    const look = (...names: readonly string[]): void => {
      for (const one of names) if (options[one] !== undefined) this.look(options[one], [...path, one], known);
    };
    switch (name) {
      case 'set':
        look('type', 'subject', 'key', 'expires');
        for (const [header, written] of entriesOf(options['headers'])) this.look(written, [...path, 'headers', header], known);
        return known;
      case 'reply':
        if ('body' in options) look('body');
        else this.look(value, path, known);
        return known;
      case 'resequence':
        look('by', 'sequence');
        return known;
      case 'expire':
        look('at');
        return known;
      case 'delay':
      case 'throttle':
        return known;
      default:
        if (name === 'decode' || name === 'encode') look('of');
        if (name === 'decode') return this.decoded(value, path, known);
        return this.unknownStep(name, options, known);
    }
  }

  /** All records of a format that holds many are one list. */
  private decoded(value: unknown, path: Path, known: Known): Known {
    const [written, into] = isMapping(value) && 'format' in value ? [value['format'], value['into']] : [value, undefined];
    const format = this.formatOf(written);
    const one = this.readBy(format, path);
    const type = format?.records === 'many' ? listOf(asInput(one)) : one;
    if (typeof into === 'string') return withVariable(known, into, this.composed ? unknownType : type);
    return { ...nothingKnown, variables: known.variables, body: this.composed ? blurred(known.body) : type };
  }

  private formatOf(written: unknown): ResolvedFormat | undefined {
    const found = this.definitions.format(written);
    return 'format' in found ? found.format : undefined;
  }

  /** A step whose result no model tells. What binds a variable leaves the body as it is. */
  private unknownStep(name: string, { into }: Written, known: Known): Known {
    const bindsOnly = (name === 'decode' || name === 'encode') && typeof into === 'string';
    if (!bindsOnly) return { ...nothingKnown, body: this.composed ? blurred(known.body) : unknownType };
    return withVariable(known, into, unknownType);
  }

  private condition(written: unknown, path: Path, known: Known): Known {
    const found = this.look(written, path, known);
    const asked = new Set([...(found?.asked ?? []), ...(found?.reads ?? [])]);
    return this.composed ? known : { ...known, body: soften({ ...known.body, origins: ['$'] }, asked) };
  }

  private made(written: unknown, path: Path, known: Known): Known {
    const found = this.look(written, path, known);
    if (!found) return { ...known, body: this.madeByFunction(), made: undefined };
    return { ...known, body: surely(found.type), made: found.placeOf };
  }

  private madeByFunction(): Type {
    if (!this.composed) return unknownType;
    return { ...unknownType, origins: [this.roots.name({ from: 'unknown', reason: 'a function makes it' })] };
  }

  private validated(reference: string, path: Path, known: Known): Known {
    const model = this.definitions.models.get(reference);
    if (!model) return known;
    this.fits(model, model.name, path, known);
    return this.composed ? known : { ...known, body: this.modelType(model), made: undefined };
  }

  private fits(model: ModelDefinition, taker: string, path: Path, { body, made }: Known): void {
    if (this.composed) return;
    for (const misfit of misfits(body, this.current(model).schema, this.resolve)) {
      const placed = made && misfit.position !== undefined;
      this.problems.misfit(misfit, taker, placed ? made : (made ?? this.problems.at(path)));
    }
  }

  private route(value: unknown, path: Path, known: Known): Known | undefined {
    let tried = known;
    const after: Known[] = [];
    for (const [index, branch] of (Array.isArray(value) ? (value as unknown[]) : []).entries()) {
      if (!isMapping(branch)) continue;
      if (branch['when'] !== undefined) tried = this.condition(branch['when'], [...path, index, 'when'], tried);
      const through = this.ending(branch, [...path, index], tried);
      if (through) after.push(through);
    }
    return joined(after);
  }

  private split(options: Written, path: Path, known: Known): Known | undefined {
    const each = options['each'];
    const byFormat = isMapping(each) && 'format' in each;
    const found = byFormat ? undefined : this.look(each, [...path, 'each'], known);
    const records = byFormat && !this.composed ? this.readBy(this.formatOf(each['format']), [...path, 'each']) : unknownType;
    const body = found ? asPart(oneOf(found.type), this.composed) : records;
    return this.steps(options['steps'], [...path, 'steps'], { ...known, body, made: undefined });
  }

  /** The stops may come in any order, each behind any other. */
  private slip(options: Written, path: Path, known: Known): Known {
    this.look(options['choose'], [...path, 'choose'], known);
    const after = { ...nothingKnown, body: this.composed ? blurred(known.body) : unknownType };
    for (const [name, steps] of entriesOf(options['of'])) this.steps(steps, [...path, 'of', name], after);
    return after;
  }

  private aggregate({ by, complete, emit }: Written, path: Path, known: Known): Known {
    this.look(by, [...path, 'by'], known);
    const all = listOf(this.composed ? known.body : asInput(known.body));
    const within = withVariable(known, 'group', all);
    if (complete !== undefined) this.look(complete, [...path, 'complete'], within);
    if (emit === undefined) return { ...known, body: all, made: undefined };
    const { body, made } = this.made(emit, [...path, 'emit'], within);
    return { ...known, body, made };
  }

  private call(options: Written, path: Path, known: Known): Known {
    const given = options['with'] === undefined ? known : this.made(options['with'], [...path, 'with'], known);
    const end = writtenEnd(options, this.definitions);
    if (end) this.sent(end, path, given, given);
    const { into } = options;
    const isBound = typeof into === 'string';
    const origin = this.composed
      ? this.roots.name({ from: `the reply of ${replier(options)}` })
      : isBound
        ? `$${into}`
        : '$reply';
    const { reply: model } = end?.outbound ?? {};
    const reply = { ...(model ? this.modelType(model) : unknownType), origins: [origin] };
    return isBound ? withVariable(known, into, reply) : { ...known, body: reply, made: undefined };
  }

  /** What goes to an outbound: `whole` is the message that its options are made of. */
  private sent(end: WrittenEnd, path: Path, given: Known, whole: Known): void {
    if (this.composed) return;
    const { outbound, name, isInPlace } = end;
    this.readBy(outbound.format, path);
    if (outbound.model) this.fits(outbound.model, `${name} (${outbound.model.name})`, path, given);
    for (const { path: option, text, offset } of optionExpressions(end)) {
      const placeOf: PlaceOf = (at) => (isInPlace ? { path: [...path, ...option], offset: offset + at } : { path, offset: 0 });
      const where = isInPlace ? '' : `In "${option.join('.')}" of ${name}: `;
      this.analysed(text, placeOf, whole, where);
    }
  }

  private tried(options: Written, path: Path, known: Known): Known | undefined {
    const through = this.steps(options['steps'], [...path, 'steps'], known);
    const written = options['catch'];
    const catches = Array.isArray(written) ? (written as unknown[]) : [written];
    const caught = catches.map((one, index) => {
      const at = Array.isArray(written) ? [...path, 'catch', index] : [...path, 'catch'];
      return isMapping(one)
        ? this.ending(one, at, { ...nothingKnown, body: this.composed ? known.body : unknownType })
        : undefined;
    });
    return joined([through, ...caught].filter((one) => one !== undefined));
  }

  private targets(written: unknown, path: Path, known: Known): void {
    if (Array.isArray(written)) {
      for (const [index, one] of (written as unknown[]).entries()) this.targets(one, [...path, index], known);
      return;
    }
    if (!isMapping(written)) return;
    const given = written['with'] === undefined ? known : this.made(written['with'], [...path, 'with'], known);
    const { channel: name } = written;
    const channel = typeof name === 'string' ? this.definitions.channels.get(name) : undefined;
    const end = channel ? undefined : writtenEnd(written, this.definitions);
    if (channel?.model) this.fits(channel.model, `channel ${channel.name} (${channel.model.name})`, path, given);
    if (end) this.sent(end, path, given, known);
    if (!this.composed) return;
    const target = channel ? `channel:${channel.name}` : `outbound:${replier(written)}`;
    this.outputs.push({ target, fields: lineageOf(given.body) });
  }

  /** Looks at an expression on what is known; tells what cannot be right in it. Undefined where it is a function. */
  private look(written: unknown, path: Path, known: Known) {
    const text = this.textOf(written);
    if (text === undefined) return undefined;
    const file = isMapping(written) ? String(written['file']) : undefined;
    const placeOf: PlaceOf = (offset) => (file === undefined ? { path, offset } : { file, ...lineAndColumn(text, offset) });
    return { ...this.analysed(text, placeOf, known), placeOf };
  }

  private analysed(text: string, placeOf: PlaceOf, { body, variables }: Known, where = '') {
    const input = this.composed ? body : inputOf(body);
    const given = this.composed
      ? variables
      : new Map([...variables].map(([name, type]) => [name, { ...type, origins: [`$${name}`] }]));
    const { type, findings, asked, reads } = analyse(text, { input, variables: given, composed: this.composed });
    if (!this.composed) for (const finding of findings) this.problems.finding(finding, placeOf, where);
    return { type, asked, reads };
  }

  private textOf(written: unknown): string | undefined {
    if (typeof written === 'string') return written;
    return isMapping(written) && typeof written['file'] === 'string' ? this.definitions.text(written['file']) : undefined;
  }

  private modelType(model: ModelDefinition): Type {
    return typeFrom(this.current(model).schema, this.resolve);
  }

  /** The model of that name as the definitions have it: another one where a change is tried. */
  private current(model: ModelDefinition): ModelDefinition {
    return this.definitions.models.get(model.name) ?? model;
  }

  private readonly resolve = (name: string) => this.definitions.models.get(name)?.schema;
}

/** Definitions of EDI make large types, which many flows and each of their expressions have for an input. */
const formatTypes = new WeakMap<ResolvedFormat, Type>();
const inputTypes = new WeakMap<Type, Type>();

function inputOf(type: Type): Type {
  return remembered(inputTypes, type, () => asInput(type));
}

function remembered<Key extends object>(types: WeakMap<Key, Type>, key: Key, make: () => Type): Type {
  const type = types.get(key) ?? make();
  types.set(key, type);
  return type;
}

function withVariable(known: Known, name: unknown, type: Type): Known {
  return typeof name === 'string' ? { ...known, variables: new Map([...known.variables, [name, type]]) } : known;
}

function replier({ system, outbound }: Written): string {
  return `${String(system)}.${String(outbound)}`;
}

/** A part of the body is a body of its own. */
function asPart(type: Type, composed: boolean): Type {
  return composed ? type : asInput(type);
}

function blurred(type: Type): Type {
  return { ...unknownType, origins: lineageOf(type).flatMap(({ inputs }) => inputs) };
}

function joined(all: readonly Known[]): Known | undefined {
  const [first, ...others] = all;
  if (!first || others.length === 0) return first;
  const names = [...first.variables.keys()].filter((name) => others.every(({ variables }) => variables.has(name)));
  const variables = new Map(
    names.map((name) => [name, all.map((one) => one.variables.get(name) ?? unknownType).reduce(joinTypes)] as const),
  );
  const made = all.every((one) => one.made === first.made) ? first.made : undefined;
  return { body: { ...all.map(({ body }) => body).reduce(joinTypes), soft: true }, variables, made };
}

function entriesOf(value: unknown): readonly (readonly [string, unknown])[] {
  return isMapping(value) ? Object.entries(value) : [];
}

function isMapping(value: unknown): value is Written {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function lineAndColumn(text: string, offset: number): { readonly line: number; readonly column: number } {
  const before = text.slice(0, offset).split('\n');
  return { line: before.length, column: (before.at(-1) ?? '').length + 1 };
}
