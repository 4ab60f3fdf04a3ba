// Judges a test: what came out against what was expected.

import type { Reply } from '@mortise/sdk';
import type { OutboundDefinition } from '../flow/definitions.ts';
import { differences, shown } from './compare.ts';
import type { Observed, Output } from './outputs.ts';
import { readBody } from './test-file.ts';
import type { Expectation, TestFile, WrittenBody } from './test-file.ts';

/** One thing that is not as expected: which, where in the test's file, and how it differs. */
export interface Fault {
  readonly what: string;
  readonly path: readonly (string | number)[];
  readonly lines: readonly string[];
}

export function judge(
  test: Pick<TestFile, 'expect' | 'reply' | 'outcome'>,
  { outputs, calls, outcome }: Observed,
  reply: Reply | undefined,
  folder: string,
): readonly Fault[] {
  const faults: Fault[] = [];
  if (outcome.state !== test.outcome)
    faults.push({ what: `ended as ${outcome.state}; expected ${test.outcome}`, path: ['outcome'], lines: outcome.reasons });
  const open = new Set(outputs);
  const openCalls = new Set(calls);
  for (const [index, expected] of test.expect.entries()) {
    const fault = matchOne(
      expected,
      [...open, ...openCalls],
      folder,
      (found) => void (open.delete(found) || openCalls.delete(found)),
    );
    if (fault) faults.push({ ...fault, path: ['expect', index] });
  }
  for (const { to, body, outbound } of open)
    faults.push({
      what: `${to} got a message that was not expected`,
      path: ['expect'],
      lines: [shown(readable(body, outbound))],
    });
  if (test.reply) faults.push(...replyFaults(test.reply, reply, folder));
  return faults;
}

/** Takes the output that fits; else the one that differs least stands for it. */
function matchOne(
  expected: Expectation,
  open: readonly Output[],
  folder: string,
  take: (found: Output) => void,
): Omit<Fault, 'path'> | undefined {
  const candidates = open.filter(({ to }) => to === expected.to);
  let nearest: { readonly found: Output; readonly lines: readonly string[] } | undefined;
  for (const found of candidates) {
    const lines = outputDifferences(expected, found, folder);
    if (!nearest || lines.length < nearest.lines.length) nearest = { found, lines };
  }
  if (!nearest) return { what: `${expected.to} got ${open.length === 0 ? 'nothing' : 'no such message'}`, lines: [] };
  take(nearest.found);
  return nearest.lines.length === 0 ? undefined : { what: `${expected.to} got another message`, lines: nearest.lines };
}

function outputDifferences(
  { body, exact, options, headers, type, subject }: Expectation,
  found: Output,
  folder: string,
): readonly string[] {
  return [
    ...(type === undefined ? [] : differences(type, found.type, 'type', true)),
    ...(subject === undefined ? [] : differences(subject, found.subject, 'subject', true)),
    ...(headers === undefined ? [] : differences(headers, found.headers, 'headers', false)),
    ...(options === undefined ? [] : differences(options, found.options ?? {}, 'options', exact)),
    ...(body === undefined ? [] : bodyDifferences(readBody(body, folder), found.body, exact, found.outbound)),
  ];
}

function replyFaults(
  { body, status }: NonNullable<TestFile['reply']>,
  reply: Reply | undefined,
  folder: string,
): readonly Fault[] {
  if (!reply) return [{ what: 'the requester got no reply', path: ['reply'], lines: [] }];
  const lines = [
    ...(status === undefined ? [] : differences(status, reply.status, 'status', true)),
    ...(body === undefined ? [] : bodyDifferences(readBody(body, folder), reply.body, false, undefined)),
  ];
  return lines.length === 0 ? [] : [{ what: 'the requester got another reply', path: ['reply'], lines }];
}

/** Text is compared with the bytes as they are, a value with what they say in their format. A file is compared as what it holds. */
function bodyDifferences(
  expected: WrittenBody,
  found: unknown,
  exact: boolean,
  outbound: OutboundDefinition | undefined,
): readonly string[] {
  if (expected.kind === 'value') {
    const isText = typeof expected.value === 'string' && found instanceof Uint8Array;
    return differences(expected.value, isText ? textOf(found) : readable(found, outbound, expected.value), 'body', exact);
  }
  if (!(found instanceof Uint8Array)) return differences(JSON.parse(textOf(expected.bytes)), found, 'body', exact);
  if (Buffer.compare(expected.bytes, found) === 0) return [];
  if (expected.file.endsWith('.json') && !exact)
    return differences(JSON.parse(textOf(expected.bytes)), readable(found, outbound), 'body', false);
  const lines = differences(textOf(expected.bytes).split('\n'), textOf(found).split('\n'), 'body line', true);
  return lines.length > 0
    ? lines
    : [`body: ${found.length} bytes that differ from ${expected.file}, in characters that are no text`];
}

/** The value of bytes, by the outbound's format. One record stands for itself where no list is expected. */
export function readable(body: unknown, outbound: OutboundDefinition | undefined, like: unknown = []): unknown {
  if (!(body instanceof Uint8Array)) return body;
  const { format } = outbound ?? {};
  if (!format) return parsedOrText(body);
  const values = format.decodeWhole(body).map((decoded) => ('value' in decoded ? decoded.value : `(${decoded.problem.message})`));
  const isList = format.records === 'many' && (Array.isArray(like) || values.length !== 1);
  return isList ? values : values[0];
}

function parsedOrText(bytes: Uint8Array): unknown {
  const text = textOf(bytes);
  try {
    return JSON.parse(text) as unknown;
  } catch {
    return text;
  }
}

function textOf(bytes: Uint8Array): string {
  return Buffer.from(bytes).toString('utf8');
}
