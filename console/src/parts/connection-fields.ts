// Which fields the connections of a system have: what the connector declares, with what the file says.

export interface ConnectionField {
  readonly name: string;
  readonly says: string;
  readonly kind: 'text' | 'number' | 'boolean' | 'choice' | 'other';
  readonly choices: readonly string[];
  readonly isSecret: boolean;
  readonly isRequired: boolean;
  readonly value: unknown;
}

export interface ConnectionForm {
  readonly name: string;
  readonly connector: string;
  /** Where its fields stand in the file. */
  readonly path: readonly string[];
  readonly fields: readonly ConnectionField[];
}

type Values = Readonly<Record<string, unknown>>;

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
  const required = new Set(Array.isArray(declared['required']) ? (declared['required'] as unknown[]) : []);
  const properties = Object.entries(record(declared['properties'])).filter(([field]) => field !== 'connector');
  return {
    name,
    connector,
    path,
    fields: properties.map(([field, property]) => fieldOf(field, record(property), values[field], required.has(field))),
  };
}

function fieldOf(name: string, property: Values, value: unknown, isRequired: boolean): ConnectionField {
  const { description, pattern } = property;
  return {
    name,
    says: typeof description === 'string' ? description : '',
    kind: typeof value === 'object' && value !== null ? 'other' : kindOf(property),
    choices: Array.isArray(property['enum']) ? (property['enum'] as unknown[]).map(String) : [],
    isSecret: typeof pattern === 'string' && pattern.startsWith('^(env|secret):'),
    isRequired,
    value,
  };
}

function kindOf({ type, enum: choices }: Values): ConnectionField['kind'] {
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
