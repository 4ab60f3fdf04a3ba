// What can be known of an expression without running it: the type of its result, what cannot be right in it, what it reads.

import { parse } from '../parse.ts';
import { Recent } from '../recent.ts';
import { Findings } from './findings.ts';
import type { TypeFinding } from './findings.ts';
import { typeOfSchema } from './from-schema.ts';
import type { ResolveSchema, Schema } from './from-schema.ts';
import { Inference } from './infer.ts';
import { startOf } from './places.ts';
import { schemaOf } from './to-schema.ts';
import type { OutSchema } from './to-schema.ts';
import { soften } from './soften.ts';
import { allOrigins, pathIn, unknownType } from './type.ts';
import type { Type } from './type.ts';

export interface Given {
  /** What the input is; unknown where absent. */
  readonly input?: Type;
  /** Variables that the host binds, without the `$`; others are unknown. */
  readonly variables?: ReadonlyMap<string, Type>;
  /** The input was made by another expression: of what is told in terms of the input of that. */
  readonly composed?: boolean;
}

export interface Analysis {
  readonly type: Type;
  readonly findings: readonly TypeFinding[];
  /** Paths that its conditions ask for, wherever they stand in it. */
  readonly asked: readonly string[];
  /** Paths of which its result is made. */
  readonly reads: readonly string[];
}

const recent = new Recent<Analysis>();

/** Looks at an expression. Throws `ExpressionError` where it does not parse. */
export function analyse(text: string, given: Given = {}): Analysis {
  const { input = unknownType, variables, composed } = given;
  const isBare = !composed && !variables?.size && !input.object && !input.array && !input.callable;
  // Where next to nothing is known beforehand, what is found is the same for many: such a type is told by its text.
  return isBare ? recent.get(`${JSON.stringify(input)}${text}`, () => analysed(text, given)) : analysed(text, given);
}

function analysed(text: string, { input, variables = new Map(), composed = false }: Given): Analysis {
  const findings = new Findings();
  const inference = new Inference(text, variables, findings);
  const origins = composed && input ? input.origins : ['$'];
  const syntax = parse(text);
  const found = inference.run(syntax, { ...(input ?? unknownType), nothing: false, origins });
  const type = { ...found, at: found.at ?? startOf(syntax, text) };
  const asked = [...inference.guards];
  return { type: soften(type, inference.guards), findings: findings.all(), asked, reads: allOrigins(type).map(pathIn) };
}

/** The type that a JSON Schema describes. */
export function typeFrom(schema: Schema, resolve?: ResolveSchema): Type {
  return typeOfSchema(schema, resolve);
}

/** The JSON Schema of what an expression gives; `optional` where it may give nothing. */
export function inferSchema(text: string, given: Given = {}): { readonly schema: OutSchema; readonly optional: boolean } {
  const { type } = analyse(text, given);
  return { schema: schemaOf(type), optional: type.nothing };
}

export interface LineageEntry {
  /** The path of a field of the result; `$` where the result is one value. Arrays are no part of it. */
  readonly output: string;
  /** The paths of the input of which it is made, conditions included. */
  readonly inputs: readonly string[];
}

/** Of what each field of the result is made. */
export function lineage(text: string, given: Given = {}): readonly LineageEntry[] {
  return lineageOf(analyse(text, given).type);
}

/** Of what each field of a value of this type is made. */
export function lineageOf(type: Type): readonly LineageEntry[] {
  const entries = new Map<string, Set<string>>();
  gather(type, '$', entries);
  return [...entries].map(([output, inputs]) => ({ output, inputs: [...inputs].sort() }));
}

function gather(type: Type, path: string, entries: Map<string, Set<string>>): void {
  const inner = type.array ? fieldsOf(type.array.values) : undefined;
  const fields = [...(fieldsOf(type) ?? []), ...(inner ?? [])];
  if (fields.length === 0 || type.any) {
    const known = entries.get(path) ?? new Set<string>();
    for (const origin of allOrigins(type)) known.add(pathIn(origin));
    entries.set(path, known);
    return;
  }
  for (const [name, field] of fields)
    gather({ ...field, origins: [...field.origins, ...type.origins] }, path === '$' ? name : `${path}.${name}`, entries);
}

/** Objects that the expression makes are told field by field; one of the input is one value. */
function fieldsOf(type: Type): readonly (readonly [string, Type])[] | undefined {
  const { object, array } = type;
  if (array && !object) return fieldsOf(array.values);
  const fields = [...(object?.fields ?? [])];
  return fields.some(([, field]) => field.at !== undefined || allOrigins(field).length > 0) ? fields : undefined;
}
