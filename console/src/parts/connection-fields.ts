// Which fields the connections of a system have: what the connector declares, with what the file says.

type Values = Readonly<Record<string, unknown>>;

export interface ConnectionField {
  readonly name: string;
  readonly says: string;
  readonly kind: 'text' | 'number' | 'boolean' | 'choice' | 'group' | 'forms' | 'other';
  readonly choices: readonly string[];
  readonly isSecret: boolean;
  readonly isRequired: boolean;
  readonly value: unknown;
  /** Of a group, and of the form that is chosen. */
  readonly fields: readonly ConnectionField[];
  /** Ways in which it may be written, each with what it begins as. */
  readonly forms: readonly { readonly name: string; readonly empty: Values; readonly isChosen: boolean }[];
}

export interface ConnectionForm {
  readonly name: string;
  readonly connector: string;
  /** Where its fields stand in the file. */
  readonly path: readonly string[];
  readonly fields: readonly ConnectionField[];
}

export function connectionFields(file: unknown, schema: unknown): readonly ConnectionForm[] {
  const { connector, connection, connections } = record(file);
  if (typeof connector === 'string') return [form(connector, connector, ['connection'], record(connection), schema)];
  return Object.entries(record(connections)).flatMap(([name, written]) => {
    const own = record(written)['connector'];
    return typeof own === 'string' ? [form(name, own, ['connections', name], record(written), schema)] : [];
  });
}

function form(name: string, connector: string, path: readonly string[], values: Values, schema: unknown): ConnectionForm {
  const declared = record(record(record(schema)['$defs'])[`connection-${connector}`]);
  return { name, connector, path, fields: fieldsOf(declared, values).filter((field) => field.name !== 'connector') };
}

/** Of a mapping: what its schema declares, with what is written. */
function fieldsOf(schema: Values, values: Values): readonly ConnectionField[] {
  const required = new Set(Array.isArray(schema['required']) ? (schema['required'] as unknown[]) : []);
  return Object.entries(record(schema['properties'])).map(([field, property]) =>
    fieldOf(field, record(property), values[field], required.has(field)),
  );
}

function fieldOf(name: string, property: Values, value: unknown, isRequired: boolean): ConnectionField {
  const { description, pattern } = property;
  const isMapping = typeof value === 'object' && value !== null;
  const declared = kindOf(property);
  const kind = isMapping && declared !== 'group' && declared !== 'forms' ? 'other' : declared;
  const forms = kind === 'forms' ? mappingsOf(property) : [];
  const chosen = forms.find((one) => isMapping && isWrittenAs(one, record(value)));
  const inner = kind === 'group' ? property : (chosen ?? {});
  return {
    name,
    says: typeof description === 'string' ? description : '',
    kind,
    choices: Array.isArray(property['enum']) ? (property['enum'] as unknown[]).map(String) : [],
    isSecret: typeof pattern === 'string' && pattern.startsWith('^(env|secret):'),
    isRequired,
    value,
    fields: fieldsOf(inner, record(value)),
    forms: forms.map((one) => ({ name: firstOf(one), empty: emptyOf(one), isChosen: one === chosen })),
  };
}

/** The forms of a field, where each of them is a mapping. */
function mappingsOf({ anyOf }: Values): readonly Values[] {
  const forms = Array.isArray(anyOf) ? (anyOf as unknown[]).map(record) : [];
  return forms.every((one) => one['properties'] !== undefined) ? forms : [];
}

function firstOf(form: Values): string {
  return Object.keys(record(form['properties']))[0] ?? '';
}

function isWrittenAs(form: Values, value: Values): boolean {
  return Object.hasOwn(value, firstOf(form));
}

function emptyOf(form: Values): Values {
  const first = firstOf(form);
  const { type } = record(record(form['properties'])[first]);
  return { [first]: type === 'object' ? {} : '' };
}

function kindOf(property: Values): ConnectionField['kind'] {
  const { type, enum: choices, properties } = property;
  if (type === 'object' && properties !== undefined) return 'group';
  if (mappingsOf(property).length > 0) return 'forms';
  if (Array.isArray(choices)) return 'choice';
  if (type === 'boolean') return 'boolean';
  if (type === 'integer' || type === 'number') return 'number';
  const isText =
    type === 'string' || (Array.isArray(type) && (type as unknown[]).every((one) => one === 'string' || one === 'number'));
  return isText ? 'text' : 'other';
}

function record(value: unknown): Values {
  return typeof value === 'object' && value !== null && !Array.isArray(value) ? (value as Values) : {};
}
