// The reference of steps, from their definitions.

import { expectation, optionTable } from '@mortise/sdk';
import type { Field } from '@mortise/sdk';
import { page, table } from './markdown.ts';

/** What the page says of a step; its definition in the engine has this and more. */
export interface DocumentedStep {
  readonly name: string;
  readonly pattern: string;
  readonly doc: string;
  readonly form: Field;
}

/** `examples` has paths of flows from the root, by the names of steps. */
export function stepPage(steps: readonly DocumentedStep[], examples: ReadonlyMap<string, string> = new Map()): string {
  const rows = steps.map(({ name, pattern, doc }) => [`[\`${name}\`](#${name})`, pattern, doc]);
  return page(
    'Steps',
    table(['step', 'pattern', 'what it does'], rows),
    ...steps.map((step) => stepPart(step, examples.get(step.name))),
  );
}

function stepPart({ name, pattern, doc, form }: DocumentedStep, example: string | undefined): string {
  const forms = form.kind === 'oneOf' ? (form.forms ?? []) : [form];
  const parts = forms.map((one, index) => `${index === 0 ? 'Takes' : 'Or'} ${formText(one)}`);
  const shown =
    example === undefined ? [] : [`Example, with a test: [\`${example.replace('examples/', '')}\`](../../${example}).`];
  return [`## ${name}`, `${doc} Pattern: ${pattern}.`, ...parts, ...shown].join('\n\n');
}

function formText(form: Field): string {
  if (form.kind === 'list' && form.of?.fields) return `a list; each has:\n\n${optionTable(form.of.fields)}`;
  return form.fields ? `a mapping:\n\n${optionTable(form.fields)}` : `${expectation(form)}.`;
}
