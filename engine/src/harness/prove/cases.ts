// The messages on which a project is proven: what its tests give, or what was exported of a running engine.

import { readFileSync } from 'node:fs';
import type { SourceFile } from '../../flow/definitions.ts';
import type { Project } from '../../project/load.ts';
import { givenOf, readTestFile } from '../test-file.ts';
import type { Answer, TestFile } from '../test-file.ts';
import { proveError } from './errors.ts';
import type { ExportedMessage, Input } from './protocol.ts';

type WithoutNumber<Kind> = Kind extends unknown ? Omit<Kind, 'number'> : never;

/** One message, which is fed in again and again, each time as a new one. */
export interface Case {
  /** The test, or the id of the exported message. */
  readonly name: string;
  readonly input: WithoutNumber<Input>;
}

/** What the project's tests of flows give. Tests of flows with errors are left out. */
export function casesOfTests({ tests, compiled }: Project): readonly Case[] {
  return tests.flatMap(({ name, source }) => {
    const { kind, test } = readTestFile(source);
    if (kind !== 'flow' || !compiled.has(test.flow)) return [];
    return givenOf(test).map(
      ({ after: _after, ...given }) => ({ name, input: { kind: 'given', flow: test.flow, given } }) as const,
    );
  });
}

/** The first reply that a test has for an outbound. That one fails is left to the seed. */
export function answersOfTests({ tests }: Project): Readonly<Record<string, Answer>> {
  const answers = new Map<string, Answer>();
  for (const { source } of tests) {
    for (const [to, { fails: _fails, times: _times, ...answer }] of Object.entries(systemsOf(source))) {
      if (answer.reply !== undefined && !answers.has(to)) answers.set(to, answer);
    }
  }
  return Object.fromEntries(answers);
}

function systemsOf(source: SourceFile): TestFile['systems'] {
  const read = readTestFile(source);
  return read.kind === 'flow' ? read.test.systems : {};
}

interface Line {
  readonly message: ExportedMessage & { readonly id: string; readonly source: string; readonly parent?: string };
  readonly deliveries: readonly { readonly destination: string }[];
  readonly body?: unknown;
  readonly base64?: string;
}

/** What `mortise export` wrote: the messages that came from outside, each to the flows or the channel that it went to. */
export function casesOfExport(file: string, { compiled, definitions }: Project): readonly Case[] {
  const lines = readFileSync(file, 'utf8').split('\n');
  return lines.flatMap((text, index) => {
    if (text.trim() === '') return [];
    const { message, deliveries, body, base64 } = readLine(text, `${file}:${index + 1}`);
    if (message.parent !== undefined) return [];
    const { id, source, type, subject, time, contentType, headers, keys } = message;
    const channel = source.startsWith('/channels/') ? source.slice('/channels/'.length) : undefined;
    const flows = deliveries.map(({ destination }) => destination.replace(/^flow:/, ''));
    const targets =
      channel !== undefined && definitions.channels.has(channel)
        ? [{ channel }]
        : flows.filter((flow) => compiled.has(flow)).map((flow) => ({ flow }));
    const own = defined({ type, subject, time, contentType, headers, keys, body, base64 }) as unknown as ExportedMessage;
    return targets.map((target): Case => ({ name: id, input: { kind: 'exported', target, message: own } }));
  });
}

function readLine(text: string, place: string): Line {
  const unreadable = (why: string): Error => proveError('MORTISE_PROVE_MESSAGES', `${place} is no line of an export: ${why}.`);
  let line: Partial<Line>;
  try {
    line = (JSON.parse(text) ?? {}) as Partial<Line>;
  } catch (error) {
    throw unreadable(String(error));
  }
  if (typeof line.message?.id !== 'string' || typeof line.message.source !== 'string')
    throw unreadable('it has no "message" with an "id" and a "source"');
  if (!Array.isArray(line.deliveries)) throw unreadable('it has no "deliveries"');
  if (!('body' in line) && typeof line.base64 !== 'string') throw unreadable('it has no body');
  return line as Line;
}

function defined(values: Readonly<Record<string, unknown>>): Readonly<Record<string, unknown>> {
  return Object.fromEntries(Object.entries(values).filter(([, value]) => value !== undefined));
}
