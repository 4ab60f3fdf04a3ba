// Hands a test's message to the flow: through its inbound, decoded and checked as in earnest, or into its channel.

import type { Accepted, Incoming } from '@mortise/sdk';
import type { Engine } from '../engine.ts';
import { scopeOf } from '../engine.ts';
import type { CompiledFlow } from '../flow/compiled.ts';
import type { InboundDefinition } from '../flow/definitions.ts';
import { harnessError } from './errors.ts';
import type { Given, WrittenBody } from './test-file.ts';

export async function give(engine: Engine, flow: CompiledFlow, given: Given, body: WrittenBody): Promise<readonly Accepted[]> {
  if (flow.from.kind === 'channel') {
    return [
      await engine.operations.publish(flow.from.channel.name, valueOf(body, `channel ${flow.from.channel.name}`), given.headers),
    ];
  }
  const { inbound } = flow.from;
  const accept = engine.inbound(scopeOf(inbound, flow));
  if (!accept) throw harnessError('MORTISE_HARNESS_FLOW', `Flow ${flow.name} has no inbound.`);
  return accept([incomingOf(inbound, given, body)]);
}

/** As its inbound would hand it over. */
export function incomingOf(inbound: InboundDefinition, { headers, type, subject, time }: Given, body: WrittenBody): Incoming {
  const { declaration, format, system, name } = inbound;
  const contentType = format?.contentType;
  return {
    body: declaration.gives === 'value' ? valueOf(body, `${system}.${name}`) : bytesOf(body, inbound),
    ...(headers === undefined ? {} : { headers: lowerCased(headers) }),
    ...(type === undefined ? {} : { type }),
    ...(subject === undefined ? {} : { subject }),
    ...(time === undefined ? {} : { time }),
    ...(contentType === undefined ? {} : { contentType }),
  };
}

/** The value that a body says; JSON where it is a file. */
export function valueOf(body: WrittenBody, target: string): unknown {
  if (body.kind === 'value') return body.value ?? null;
  try {
    return JSON.parse(Buffer.from(body.bytes).toString('utf8')) as unknown;
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    throw harnessError('MORTISE_HARNESS_BODY', `${target} takes a value, and ${body.file} is no JSON: ${reason}`, {
      cause: error,
    });
  }
}

/** Text is taken as it stands; other values are written in the inbound's format. */
function bytesOf(body: WrittenBody, { format, system, name }: InboundDefinition): Uint8Array {
  if (body.kind === 'file') return body.bytes;
  const { value } = body;
  if (value === undefined) return new Uint8Array();
  if (typeof value === 'string') return Buffer.from(value);
  if (!format)
    throw harnessError(
      'MORTISE_HARNESS_BODY',
      `${system}.${name} takes bytes and has no format; give its body as text or as a file.`,
    );
  return format.encodeWhole(format.records === 'many' && Array.isArray(value) ? (value as unknown[]) : [value]);
}

/** As every inbound gives them. */
function lowerCased(headers: Readonly<Record<string, string>>): Readonly<Record<string, string>> {
  return Object.fromEntries(Object.entries(headers).map(([name, value]) => [name.toLowerCase(), value]));
}
