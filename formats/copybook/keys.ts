// The property names of a record's value: what the copybook calls the fields, each once in its group.

import type { Field } from './layout.ts';

export type NameStyle = 'copybook' | 'camel';

/** Whether its fields stand in the value of the group around it: nobody gave it a name to be asked for. */
export function isHoisted({ name, storage, occurs }: Field): boolean {
  return name === undefined && !storage && !occurs;
}

/** Whether nothing of it has a name: bytes that no value has. Of a table of variable length the value says how long it is. */
export function isUnnamed({ name, storage, fields, occurs }: Field): boolean {
  if (occurs?.counter) return false;
  return storage ? name === undefined : fields.every(isUnnamed);
}

/** The keys of a record's fields, FILLER included. Of two of one name in a group the second one has a number behind it. */
export function keysOf(record: Field, style: NameStyle): ReadonlyMap<Field, string> {
  const keys = new Map<Field, string>([[record, keyOf(record.name ?? 'RECORD', style)]]);
  nameFields(record, new Set(), style, keys);
  return keys;
}

function nameFields(group: Field, taken: Set<string>, style: NameStyle, keys: Map<Field, string>): void {
  for (const field of group.fields) {
    const key = free(keyOf(field.name ?? 'FILLER', style), taken);
    keys.set(field, key);
    if (!isHoisted(field)) taken.add(key);
    nameFields(field, isHoisted(field) ? taken : new Set(), style, keys);
  }
}

function free(key: string, taken: ReadonlySet<string>): string {
  if (!taken.has(key)) return key;
  let count = 2;
  while (taken.has(`${key}-${count}`)) count += 1;
  return `${key}-${count}`;
}

export function keyOf(name: string, style: NameStyle): string {
  if (style === 'copybook') return name;
  const [first = '', ...others] = name
    .toLowerCase()
    .split(/[-_]+/)
    .filter((part) => part !== '');
  return first + others.map((part) => (part[0] ?? '').toUpperCase() + part.slice(1)).join('');
}
