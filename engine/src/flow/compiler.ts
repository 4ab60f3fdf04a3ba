// What steps may ask while they are compiled: expressions, targets, models, scripts; problems are collected, not thrown.

import { MortiseError, nearest, readFields } from '@mortise/sdk';
import type { Expression, Fields, Path, ValuesOf } from '@mortise/sdk';
import { stepError } from '../step/errors.ts';
import { compileFunction, compileTemplate, compileText, functionNames } from '../step/expression.ts';
import type { Compiled, Lookup } from '../step/expression.ts';
import type { CompiledStep, CompiledSteps, FlowTarget, StepCompiler, StepExpression } from '../step/step.ts';
import type { FlowTools, StepFormat } from '../step/types.ts';
import type { ResolvedTarget } from './compiled.ts';
import type { Definitions, ModelDefinition, ResolvedFormat } from './definitions.ts';
import { checkLookups, tablesOf } from './lookups.ts';
import type { Place, ProblemList } from './problems.ts';
import { recordsOfBody } from './records.ts';
import { loadedScript } from './script.ts';
import { compileStep } from './step-form.ts';
import { stepFormat } from './step-format.ts';
import { stepList } from './step-list.ts';
import { didYouMean, resolveTarget, resolveTargets } from './targets.ts';
import type { TargetContext } from './targets.ts';

/** Variables that every expression may read besides what the flow binds. */
const givenVariables = ['message', 'headers', 'partner', 'now', 'millis', 'index', 'group', 'error', 'xref'];

const broken: StepExpression = { text: '', evaluate: () => undefined };

/** The compiler of one flow. What it learns on the way stands in its fields when the steps are compiled. */
export class FlowCompiler implements StepCompiler, TargetContext {
  readonly definitions: Definitions;
  readonly problems: ProblemList;
  readonly targetsFound: ResolvedTarget[] = [];
  readonly entries = new Set<string>();
  /** Texts outside the flow's file that decide what it does. */
  readonly parts: string[] = [];
  deterministic = true;
  hasReply = false;
  hasCompensation = false;
  private readonly ids = new Set<string>();
  private readonly bound: ReadonlySet<string>;

  constructor(definitions: Definitions, problems: ProblemList, bound: Iterable<string>) {
    this.definitions = definitions;
    this.problems = problems;
    this.bound = new Set([...givenVariables, ...bound]);
  }

  expression(written: Expression | undefined, path: Path): StepExpression {
    if (typeof written === 'function') {
      this.parts.push(written.toString());
      this.deterministic = false;
      return compileFunction(written);
    }
    // Its form was told already.
    if (written === undefined) return broken;
    if (typeof written === 'object' && typeof written.file !== 'string') {
      this.problems.add(
        'MORTISE_FLOW_OPTION',
        path,
        'Found a mapping; expected an expression.',
        'Put the expression behind "|" or in quotes: braces without them are YAML.',
      );
      return broken;
    }
    const text = typeof written === 'string' ? written : this.fileText(written.file, [...path, 'file']);
    if (text === undefined) return broken;
    const place = (offset: number): Place =>
      typeof written === 'string' ? { path, offset } : { file: written.file, ...lineAndColumn(text, offset) };
    return this.compiled(() => compileText(text, this.definitions.tables), path, place);
  }

  template(written: string, path: Path): StepExpression {
    return this.compiled(
      () => compileTemplate(written, this.definitions.tables),
      path,
      () => ({ path, offset: 0 }),
    );
  }

  targets(written: unknown, path: Path): readonly FlowTarget[] {
    const targets = resolveTargets(written, path, this);
    this.targetsFound.push(...targets);
    return targets;
  }

  callee(written: unknown, path: Path): FlowTarget {
    const target = resolveTarget(written, path, this);
    if (!target) return { label: '' };
    if (target.kind === 'channel') {
      this.problems.add(
        'MORTISE_FLOW_TARGET',
        path,
        'A channel gives no reply.',
        'Call an outbound of a system, or use "send" or "to".',
      );
    } else if (!target.outbound.declaration.replies) {
      this.problems.add(
        'MORTISE_FLOW_TARGET',
        path,
        `${target.label.slice(9)} gives no reply.`,
        'Call an outbound that does, or use "send" or "to".',
      );
    }
    this.targetsFound.push(target);
    return target;
  }

  steps(written: unknown, path: Path): CompiledSteps {
    const list = Array.isArray(written) ? (written as unknown[]) : [];
    const steps = list.map((step, index) => compileStep(step, [...path, index], this));
    return stepList(steps.filter((step): step is CompiledStep => step !== undefined));
  }

  model(reference: string, path: Path): (value: unknown) => void {
    const model = this.definitions.models.get(reference);
    if (model) {
      this.parts.push(JSON.stringify(model.schema));
      return (value) => checkModel(model, value);
    }
    this.problems.add(
      'MORTISE_FLOW_UNKNOWN_NAME',
      path,
      `There is no model "${reference}".`,
      didYouMean(reference, this.definitions.models.keys()),
    );
    return () => {};
  }

  script(written: unknown, path: Path): FlowTools['script'] {
    const script = loadedScript(written, path, this);
    if (!script) return () => undefined;
    this.parts.push(script.text);
    return script.run;
  }

  records(written: unknown, path: Path): FlowTools['records'] {
    return recordsOfBody(this.resolvedFormat(written, path));
  }

  format(written: unknown, path: Path): StepFormat {
    const format = this.resolvedFormat(written, path);
    return format ? stepFormat(format) : { contentType: '', decode: () => undefined, encode: () => new Uint8Array() };
  }

  read<F extends Fields>(fields: F, written: unknown, path: Path): { own: ValuesOf<F>; rest: Readonly<Record<string, unknown>> } {
    const given = Object.entries((written ?? {}) as Record<string, unknown>);
    const own = Object.fromEntries(given.filter(([name]) => Object.hasOwn(fields, name)));
    const { values, problems } = readFields(fields, own, path);
    for (const problem of problems) this.problems.addField(problem);
    return { own: values, rest: Object.fromEntries(given.filter(([name]) => !Object.hasOwn(fields, name))) };
  }

  claimId(id: string, path: Path, holds = false): void {
    if (this.ids.has(id))
      this.problem(path, `The id "${id}" is taken by another step of this flow.`, 'Give each step an id of its own.');
    this.ids.add(id);
    if (!holds) return;
    this.entries.add(id);
    if (this.hasCompensation)
      this.problem(
        path,
        `The step "${id}" holds messages behind a "compensate": what was done before could not be undone any more.`,
        'Hold messages before the first step that is to be undone, or in another flow, behind a channel.',
      );
  }

  problem(path: Path, message: string, remedy: string): void {
    this.problems.add('MORTISE_FLOW_STEP', path, message, remedy);
  }

  notDeterministic(): void {
    this.deterministic = false;
  }

  compensates(entry: string, path: Path): void {
    this.claimId(entry, path);
    this.entries.add(entry);
    this.hasCompensation = true;
  }

  replies(): void {
    this.hasReply = true;
  }

  readVariables(variables: readonly string[], path: Path, placeOf = (_name: string): Place => ({ path, offset: 0 })): void {
    for (const name of variables) {
      if (this.bound.has(name)) continue;
      const near = nearest(name, [...this.bound, ...functionNames]);
      const remedy = near
        ? `Did you mean "$${near}"?`
        : `Variables are: ${[...this.bound].map((known) => `$${known}`).join(', ')}.`;
      const message = `There is no variable or function $${name}.`;
      this.problems.addAt('MORTISE_FLOW_EXPRESSION', placeOf(name), message, remedy);
    }
  }

  readLookups(lookups: readonly Lookup[], placeOf: (lookup: Lookup) => Place): void {
    const { tables } = this.definitions;
    checkLookups(lookups, tables, this.problems, placeOf);
    for (const { columns, rows } of tablesOf(lookups, tables)) this.parts.push(JSON.stringify([columns, rows]));
  }

  private resolvedFormat(written: unknown, path: Path): ResolvedFormat | undefined {
    const found = this.definitions.format(written);
    if ('format' in found) return found.format;
    this.problems.add('MORTISE_FLOW_UNKNOWN_NAME', path, found.problem, found.remedy);
    return undefined;
  }

  private compiled(compile: () => Compiled, path: Path, place: (offset: number) => Place): StepExpression {
    try {
      const expression = compile();
      this.deterministic &&= expression.deterministic;
      this.readVariables(expression.variables, path, (name) => place(Math.max(0, expression.text.indexOf(`$${name}`))));
      this.readLookups(expression.lookups, ({ position }) => place(position));
      return expression;
    } catch (error) {
      if (!(error instanceof MortiseError)) throw error;
      const position = error.details['position'];
      // JSONata counts up to behind the token that it did not expect.
      this.problems.addAt(
        'MORTISE_FLOW_EXPRESSION',
        place(typeof position === 'number' ? Math.max(0, position - 1) : 0),
        error.message,
      );
      return broken;
    }
  }

  private fileText(file: string, path: Path): string | undefined {
    const text = this.definitions.text(file);
    if (text === undefined)
      this.problems.add(
        'MORTISE_FLOW_UNKNOWN_NAME',
        path,
        `There is no file "${file}" in the project.`,
        'Paths start at the project’s folder, as maps/order.jsonata.',
      );
    else this.parts.push(text);
    return text;
  }
}

function checkModel(model: ModelDefinition, value: unknown): void {
  const faults = model.check(value);
  if (!faults) return;
  const sentence = faults.map(({ path, message }) => `${path || '/'} ${message}`).join('; ');
  throw stepError('MORTISE_STEP_INVALID', `Not a valid ${model.name}: ${sentence}`, { details: { model: model.name, faults } });
}

function lineAndColumn(text: string, offset: number): { readonly line: number; readonly column: number } {
  const before = text.slice(0, offset).split('\n');
  return { line: before.length, column: (before.at(-1) ?? '').length + 1 };
}
