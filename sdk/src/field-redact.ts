// Redaction by field specs: what may be shown of the values of a connection or of options.

import type { Field, Fields } from './field.ts';

export const redacted = '(hidden)';

/** A copy of `values` in which every secret is `(hidden)`, at any depth, and whatever no field knows is left out. */
export function redact(fields: Fields, values: unknown): Record<string, unknown> {
  if (typeof values !== 'object' || values === null) return {};
  const shown = Object.entries(values).filter(([name]) => Object.hasOwn(fields, name));
  return Object.fromEntries(shown.map(([name, value]) => [name, redactValue(fields[name] as Field, value)]));
}

function redactValue(spec: Field, value: unknown): unknown {
  if (value === undefined) return undefined;
  switch (spec.kind) {
    case 'secret':
      return redacted;
    case 'group':
      return redact(spec.fields as Fields, value);
    case 'list':
      return Array.isArray(value) ? value.map((item) => redactValue(spec.of as Field, item)) : redacted;
    case 'record':
      return redactRecord(spec.of as Field, value);
    case 'oneOf':
      return holdsSecret(spec) ? redactForms(spec.forms ?? [], value) : value;
    default:
      return value;
  }
}

function redactRecord(of: Field, value: unknown): unknown {
  if (typeof value !== 'object' || value === null) return redacted;
  return Object.fromEntries(Object.entries(value).map(([name, item]) => [name, redactValue(of, item)]));
}

/** A value of several possible forms, some with secrets: shown by the group that knows its names, else not at all. */
function redactForms(forms: readonly Field[], value: unknown): unknown {
  if (typeof value !== 'object' || value === null) return redacted;
  const known = forms.find(
    (form) => form.kind === 'group' && Object.keys(value).every((name) => Object.hasOwn(form.fields as Fields, name)),
  );
  return known ? redact(known.fields as Fields, value) : redacted;
}

/** Whether a value of this field may be, or contain, a secret. */
export function holdsSecret(spec: Field): boolean {
  if (spec.kind === 'secret') return true;
  const inner = [...(spec.forms ?? []), ...Object.values(spec.fields ?? {}), ...(spec.of ? [spec.of] : [])];
  return inner.some(holdsSecret);
}
