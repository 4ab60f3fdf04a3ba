// Tests an outbound by itself: what its connector would get of a message, and what a flow would get of the answer. Nothing is sent.

import { MortiseError } from '@mortise/sdk';
import type { Message, Reply } from '@mortise/sdk';
import { isInvalid } from '../delivery/settle.ts';
import type { OutboundDefinition } from '../flow/definitions.ts';
import { compileOptions } from '../flow/options.ts';
import { readReply, renderRequest } from '../flow/outputs.ts';
import type { Project } from '../project/load.ts';
import { endOf } from './ends.ts';
import { valueOf } from './given.ts';
import { judge } from './judge.ts';
import type { Fault } from './judge.ts';
import type { Observed, Output } from './outputs.ts';
import { replyBody } from './recorder.ts';
import { readBody, startOf } from './test-file.ts';
import type { Given, OutboundTest } from './test-file.ts';

export async function runOutbound(project: Project, test: OutboundTest): Promise<readonly Fault[]> {
  const outbound = endOf(project, 'outbounds', test.outbound);
  const outputs: Output[] = [];
  const replies: Reply[] = [];
  const reasons: string[] = [];
  let state: Observed['outcome']['state'] = 'done';
  try {
    outputs.push(await rendered(project, outbound, test));
    const answer = test.systems[test.outbound];
    if (answer?.reply !== undefined) replies.push(await replyOf(project, outbound, answer));
  } catch (error) {
    if (!(error instanceof MortiseError)) throw error;
    reasons.push(`${test.outbound}: ${error.code}: ${error.message}`);
    state = isInvalid(error) ? 'invalid' : 'dead';
  }
  const observed: Observed = { outputs, calls: [], outcome: { state, reasons } };
  const expect = test.expect.map((one) => ({ to: test.outbound, ...one }));
  return judge({ ...test, expect }, observed, replies[0], project.definitions.folder);
}

/** As the output of a flow is rendered. */
async function rendered({ definitions }: Project, outbound: OutboundDefinition, test: OutboundTest): Promise<Output> {
  const message = messageOf(outbound, test, definitions.folder);
  const { render } = compileOptions(outbound.declaration.options, outbound.options, definitions.tables);
  const target = { kind: 'outbound', label: `outbound:${test.outbound}`, outbound, render } as const;
  const { body, options } = await renderRequest(target, message, message);
  const { headers, type, subject } = message;
  const output = { to: test.outbound, outbound, body, options: { ...outbound.options, ...options }, headers, type };
  return { ...output, ...(subject === undefined ? {} : { subject }) };
}

function messageOf(outbound: OutboundDefinition, { given, outbound: name }: OutboundTest, folder: string): Message {
  const acceptedAtMs = startOf(given);
  const id = '00000000-0000-7000-8000-000000000000';
  return {
    id,
    source: '/tests',
    type: given.type ?? name,
    time: given.time ?? new Date(acceptedAtMs).toISOString(),
    headers: given.headers ?? {},
    ...(given.subject === undefined ? {} : { subject: given.subject }),
    properties: { root: id, acceptedAtMs, keys: {}, variables: {} },
    body: bodyOf(outbound, given, folder),
  };
}

/** What a flow would have at hand: a value, also out of a file of JSON; bytes of other files, and of a text where no format writes it. */
function bodyOf({ declaration, format, system, name }: OutboundDefinition, given: Given, folder: string): unknown {
  const body = readBody(given.body, folder);
  if (declaration.takes === 'value' || (body.kind === 'file' && body.file.endsWith('.json')))
    return valueOf(body, `${system}.${name}`);
  if (body.kind === 'file') return body.bytes;
  const { value = null } = body;
  const isWritten = format !== undefined && format.contentType !== 'application/octet-stream';
  return typeof value === 'string' && !isWritten ? Buffer.from(value) : value;
}

/** The answer as it comes, in the outbound's format, and what a flow makes of it. */
async function replyOf(
  { definitions }: Project,
  outbound: OutboundDefinition,
  answer: OutboundTest['systems'][string],
): Promise<Reply> {
  const { format } = outbound;
  const given = replyBody(answer, definitions.folder);
  const isWritten = format === undefined || given instanceof Uint8Array;
  const came = isWritten ? given : format.encodeWhole(format.records === 'many' && Array.isArray(given) ? given : [given]);
  const body = await readReply(outbound, came);
  return { body, ...(answer.status === undefined ? {} : { status: answer.status }) };
}
