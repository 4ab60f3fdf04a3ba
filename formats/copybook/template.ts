// What stands in a record where nothing is said: blanks of text, zeros of numbers, and zero bytes between them.

import type { Field } from './layout.ts';
import type { Leaf } from './leaf.ts';

/** With all tables as long as they can be. */
export function templateOf(record: Field, leafOf: (field: Field) => Leaf, blank: number): Uint8Array {
  const template = new Uint8Array(record.bytes).fill(blank);
  fillField(record, template, leafOf);
  return template;
}

function fillField(field: Field, template: Uint8Array, leafOf: (field: Field) => Leaf): void {
  const { offset, bytes, occurs, storage, fields, slackBefore, slackAfter } = field;
  template.fill(0, offset - slackBefore, offset);
  if (storage) template.set(leafOf(field).initial, offset);
  for (const one of fields) if (!one.redefines) fillField(one, template, leafOf);
  template.fill(0, offset + bytes - slackAfter, offset + bytes);
  for (let index = 1; index < (occurs?.max ?? 1); index += 1) template.copyWithin(offset + index * bytes, offset, offset + bytes);
}
