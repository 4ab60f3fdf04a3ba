// What decode gives, as JSON Schema: made of the layout, so that mappings can be checked against it.

import type { JsonSchema } from '@mortise/sdk';
import { isHoisted, isUnnamed } from './keys.ts';
import type { Field } from './layout.ts';
import type { CopybookOptions } from './options.ts';
import { planOf } from './record-plan.ts';
import type { RecordPlan } from './record-plan.ts';
import { irregularKey, orderKey } from './record-values.ts';

/** Throws MORTISE_COPYBOOK_SYNTAX or MORTISE_COPYBOOK_LAYOUT. */
export function schemaOf(options: CopybookOptions): JsonSchema {
  const plan = planOf(options);
  const { records, isWrapped, keys } = plan;
  const [first] = records;
  if (!isWrapped && first) return groupSchema(first, plan, ownProperties(plan, first));
  if (options.choose.length === 0) {
    const properties = Object.fromEntries(records.map((record) => [keys.get(record) ?? '', groupSchema(record, plan)]));
    return objectSchema({ ...properties, ...irregular }, []);
  }
  const roots = records.filter((record) =>
    options.choose.some(({ take, under }) => under === undefined && plan.named.get(take.toUpperCase()) === record),
  );
  return {
    anyOf: roots.map((record) => {
      const key = keys.get(record) ?? '';
      return objectSchema({ [key]: groupSchema(record, plan, ownProperties(plan, record)), ...irregular }, [key]);
    }),
  };
}

const irregular: Readonly<Record<string, JsonSchema>> = {
  [irregularKey]: {
    type: 'object',
    description: 'What is written otherwise than it would be: hexadecimal digits by the path of the field.',
    additionalProperties: { type: 'string' },
  },
};

/** Of a record as a whole: what is irregular, and the records that belong to it. */
function ownProperties(plan: RecordPlan, record: Field): Readonly<Record<string, JsonSchema>> {
  const { options, named, keys, isWrapped } = plan;
  const below = options.choose.filter(
    ({ under }) => under !== undefined && (!isWrapped || named.get(under.toUpperCase()) === record),
  );
  const lists = below.flatMap(({ take }): [string, JsonSchema][] => {
    const child = named.get(take.toUpperCase());
    if (!child) return [];
    // Records of one layout belong to each other by what they hold: how deep, the schema does not say.
    const items: JsonSchema = isWrapped ? groupSchema(child, plan, ownProperties(plan, child)) : { type: 'object' };
    return [[keys.get(child) ?? '', { type: 'array', items }]];
  });
  const order: JsonSchema = { type: 'array', items: { type: 'string' } };
  return { ...irregular, ...Object.fromEntries(lists), ...(lists.length > 1 ? { [orderKey]: order } : {}) };
}

function groupSchema(group: Field, plan: RecordPlan, more: Readonly<Record<string, JsonSchema>> = {}): JsonSchema {
  const properties: Record<string, JsonSchema> = {};
  const required: string[] = [];
  addFields(group, plan, properties, required);
  const lenient = plan.options.sizes === 'lenient';
  return objectSchema({ ...properties, ...mergeLists(properties, more) }, lenient ? [] : required);
}

/** A list of records may have the name of the alternative that they are. */
function mergeLists(
  properties: Readonly<Record<string, JsonSchema>>,
  more: Readonly<Record<string, JsonSchema>>,
): Record<string, JsonSchema> {
  const merged = Object.entries(more).map(([key, schema]): [string, JsonSchema] => {
    const own = Object.hasOwn(properties, key) ? properties[key] : undefined;
    return [key, own ? { anyOf: [own, schema] } : schema];
  });
  return Object.fromEntries(merged);
}

function objectSchema(properties: Readonly<Record<string, JsonSchema>>, required: readonly string[]): JsonSchema {
  return { type: 'object', properties, ...(required.length > 0 ? { required } : {}), additionalProperties: false };
}

function addFields(group: Field, plan: RecordPlan, properties: Record<string, JsonSchema>, required: string[]): void {
  for (const field of group.fields) {
    if (isUnnamed(field)) continue;
    if (isHoisted(field)) {
      addFields(field, plan, properties, isAlternative(field) ? [] : required);
      continue;
    }
    const key = plan.keys.get(field) ?? '';
    properties[key] = described(field, valueSchema(field, plan));
    if (!isAlternative(field)) required.push(key);
  }
}

function isAlternative(field: Field): boolean {
  return field.redefines !== undefined || (field.parent?.fields.some(({ redefines }) => redefines === field) ?? false);
}

function valueSchema(field: Field, plan: RecordPlan): JsonSchema {
  const one = field.storage ? plan.leafOf(field).schema : groupSchema(field, plan);
  if (!field.occurs) return one;
  const { min, max } = field.occurs;
  return { type: 'array', items: one, ...(plan.options.sizes === 'lenient' ? {} : { minItems: min }), maxItems: max };
}

/** Condition names say what the values mean. */
function described({ conditions }: Field, schema: JsonSchema): JsonSchema {
  if (conditions.length === 0) return schema;
  const meanings = conditions.map(
    ({ name, values }) => `${name}: ${values.map(({ from, to }) => (to === undefined ? from : `${from} to ${to}`)).join(', ')}`,
  );
  return { ...schema, description: meanings.join('; ') };
}
