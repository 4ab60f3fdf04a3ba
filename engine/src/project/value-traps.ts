// Finds values that YAML read without complaint as something else than their option takes: braces, comments, yes and no.

import type { Field, Fields, Path } from '@mortise/sdk';
import { flowForm } from '../flow/form.ts';
import { stepDefinitions } from '../flow/steps.ts';
import { isMapping } from './planned.ts';
import type { ProblemList, WrittenFile, Writing } from './problems.ts';
import { mapValue, walkFields } from './walk.ts';
import { blockFor, inQuotes, lineFor } from './yaml/rewrite.ts';

interface Look {
  readonly file: WrittenFile;
  readonly problems: ProblemList;
}

/** Looks at what `path` of the file says, by its fields. */
export function lookForTraps(file: WrittenFile, fields: Fields, written: unknown, path: Path, problems: ProblemList): void {
  walkFields(fields, written, (spec, value, at) => lookAt(spec, value, at, { file, problems }), path);
}

/** Looks at a whole flow, with all its steps. */
export function lookForFlowTraps(file: WrittenFile, problems: ProblemList): void {
  lookForTraps(file, flowForm, file.value, [], problems);
}

function lookAt(spec: Field, value: unknown, path: Path, look: Look): void {
  if (spec.kind === 'steps') return lookAtSteps(value, path, look);
  if (spec.kind === 'targets') return lookAtTargets(spec, value, path, look);
  const writing = look.file.writing(path);
  if (!writing) return;
  if (takesExpression(spec)) lookAtExpression(value, path, writing, look);
  if (spec.kind === 'boolean') lookAtBoolean(value, writing, look);
  if (spec.kind === 'text') lookAtText(value, writing, look);
}

function lookAtSteps(value: unknown, path: Path, look: Look): void {
  if (!Array.isArray(value)) return;
  value.forEach((step: unknown, index) => {
    if (typeof step === 'string') return lookAtStepName(step, [...path, index], look);
    if (!isMapping(step)) return;
    for (const [name, written] of Object.entries(step)) {
      const form = stepDefinitions.get(name)?.form;
      if (form) mapValue(form, written, (spec, inner, at) => lookAt(spec, inner, at, look), [...path, index, name]);
    }
  });
}

/** `- filter:total > 0`. */
function lookAtStepName(step: string, path: Path, { file, problems }: Look): void {
  const parts = /^([\w-]+):(\S.*)$/.exec(step);
  const writing = parts && file.writing(path);
  if (writing)
    problems.explain(
      'MORTISE_PROJECT_YAML_COLON_SPACE',
      writing,
      `There is no space behind "${parts[1]}:".`,
      `Write ${parts[1]}: ${parts[2]}`,
    );
}

const targetWith: Fields = { with: { kind: 'expression', doc: 'The body.', optional: true } };

function lookAtTargets(spec: Field, value: unknown, path: Path, look: Look): void {
  if (Array.isArray(value)) return value.forEach((one: unknown, index) => lookAtTargets(spec, one, [...path, index], look));
  walkFields({ ...targetWith, ...spec.fields }, value, (inner, one, at) => lookAt(inner, one, at, look), path);
}

function takesExpression(spec: Field): boolean {
  return spec.kind === 'expression' || (spec.kind === 'oneOf' && (spec.forms ?? []).some(takesExpression));
}

function lookAtExpression(value: unknown, path: Path, writing: Writing, look: Look): void {
  const { problems } = look;
  const key = keyOf(path);
  if (writing.style === 'mapping' || writing.style === 'list') {
    if (isFileReference(value) || !/^[{[]/.test(writing.text)) return;
    const message = `YAML reads ${writing.text[0]} … ${writing.text.at(-1)} as a ${writing.style} of its own, and not as an expression.`;
    problems.explain('MORTISE_PROJECT_YAML_BRACES', writing, message, blockFor(key, oneLine(writing.text)));
  } else if (writing.style === 'plain' && writing.comment) {
    lookAtComment(key, writing, look);
  } else if (writing.style === 'plain' && typeof value !== 'string' && writing.text !== '') {
    const message = `YAML reads ${writing.text} as ${value === null ? 'nothing' : `a ${typeof value}`}, and not as an expression.`;
    problems.explain('MORTISE_PROJECT_YAML_PLAIN', writing, message, lineFor(key, writing.text));
  }
}

/** `items #$i`: what is lost may have been meant. */
function lookAtComment(key: string | undefined, { text, start, comment }: Writing, { problems }: Look): void {
  const message = `"#" begins a comment, and the expression is ${text === '' ? 'empty' : `only: ${oneLine(text)}`}`;
  const whole = `${text} ${comment?.text ?? ''}`.trim();
  const remedy = `${lineFor(key, oneLine(whole))} if the rest belongs to it; otherwise give the comment a line of its own.`;
  if (text === '')
    problems.explain('MORTISE_PROJECT_YAML_COMMENT', { start, end: { ...start, column: start.column + 1 } }, message, remedy);
  else problems.warn('MORTISE_PROJECT_YAML_COMMENT', comment?.place ?? start, message, remedy);
}

function lookAtBoolean(value: unknown, writing: Writing, { problems }: Look): void {
  if (typeof value !== 'string' || !/^(y|yes|on|n|no|off)$/i.test(value)) return;
  const meant = /^(y|yes|on)$/i.test(value);
  problems.explain('MORTISE_PROJECT_YAML_BOOLEAN', writing, `In YAML 1.2 "${value}" is a text.`, `Write ${meant}.`);
}

/** Texts that look like something else to YAML: a version 1.10, which is the number 1.1. */
function lookAtText(value: unknown, writing: Writing, { problems }: Look): void {
  if (writing.style !== 'plain' || typeof value === 'string' || String(value) === writing.text) return;
  if (typeof value !== 'number') return;
  problems.warn(
    'MORTISE_PROJECT_YAML_NUMBER',
    writing.start,
    `YAML reads ${writing.text} as the number ${value}.`,
    `Write ${inQuotes(writing.text)}: a text is expected.`,
  );
}

function isFileReference(value: unknown): boolean {
  return isMapping(value) && typeof value.file === 'string' && Object.keys(value).length === 1;
}

function keyOf(path: Path): string | undefined {
  const last = path.at(-1);
  return typeof last === 'string' ? last : undefined;
}

function oneLine(text: string): string {
  return text.replace(/\s+/g, ' ').trim();
}
