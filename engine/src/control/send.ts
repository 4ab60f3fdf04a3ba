// Sends a message into the mesh by hand: to an inbound, as if it had come from outside, or into a channel.

import type { Accepted, Incoming, PendingReply, Reply } from '@mortise/sdk';
import { nearest } from '@mortise/sdk';
import { Type } from './schema.ts';
import type { Static } from './schema.ts';
import type { ControlServer } from './server.ts';
import { controlError } from './errors.ts';
import type { ControlHost, ControlInbound } from './host.ts';
import { flowsThatTake, may } from './objects.ts';

const SendRequest = Type.Object(
  {
    target: Type.String({ minLength: 1, description: 'SYSTEM.INBOUND, channel:NAME, or the name of a channel.' }),
    text: Type.Optional(Type.String({ description: 'The body as text.' })),
    base64: Type.Optional(Type.String({ contentEncoding: 'base64', description: 'The body as bytes.' })),
    value: Type.Optional(Type.Unknown({ description: 'The body as a JSON value.' })),
    contentType: Type.Optional(Type.String()),
    headers: Type.Optional(Type.Record(Type.String(), Type.String())),
    type: Type.Optional(Type.String()),
    subject: Type.Optional(Type.String()),
    key: Type.Optional(Type.String({ minLength: 1, description: 'The same key again is a duplicate, and has no effect.' })),
    replyTimeoutMs: Type.Integer({
      minimum: 0,
      maximum: 300_000,
      default: 30_000,
      description: 'How long to wait where the flow replies.',
    }),
  },
  { additionalProperties: false },
);
type SendRequest = Static<typeof SendRequest>;

export const Sent = Type.Object({
  messages: Type.Array(Type.Object({ id: Type.String(), duplicate: Type.Boolean() }), {
    description: 'One, or several where the body held several records.',
  }),
  reply: Type.Optional(
    Type.Object({
      status: Type.Optional(Type.Integer()),
      contentType: Type.Optional(Type.String()),
      value: Type.Optional(Type.Unknown()),
      base64: Type.Optional(Type.String({ contentEncoding: 'base64' })),
    }),
  ),
});
export type Sent = Static<typeof Sent>;

export function sendRoutes(server: ControlServer, host: ControlHost): void {
  server.post(
    '/api/v1/send',
    {
      config: may('operate', flowsThatTake),
      schema: {
        operationId: 'sendMessage',
        tags: ['messages'],
        summary: 'Sends a message: answered once it is on disk, with the reply where the flow gives one.',
        body: SendRequest,
        response: { 200: Sent },
      },
    },
    async ({ body }) => (await intoInbound(host, body)) ?? intoChannel(host, body),
  );
}

async function intoInbound(host: ControlHost, request: SendRequest): Promise<Sent | undefined> {
  const inbound = inboundOf(host, request.target);
  const accept = inbound && host.engine.inbound(inbound.scope);
  if (!accept) return undefined;
  const accepted = await accept([incomingOf(inbound, request)], request.key === undefined ? {} : { key: request.key });
  refuseInvalid(accepted);
  const messages = accepted.map(({ id, duplicate }) => ({ id, duplicate }));
  const pending = accepted.find(({ reply }) => reply)?.reply;
  if (!pending) return { messages };
  return { messages, reply: replyView(await waitFor(pending, request.replyTimeoutMs, messages)) };
}

async function waitFor(pending: PendingReply, timeoutMs: number, messages: Sent['messages']): Promise<Reply> {
  const reply = await pending.wait(timeoutMs);
  if (reply) return reply;
  throw controlError(
    'MORTISE_CONTROL_NO_REPLY',
    `Message ${messages[0]?.id} was accepted, and no reply came within ${timeoutMs} ms.`,
    { details: { messages } },
  );
}

async function intoChannel({ engine, project }: ControlHost, request: SendRequest): Promise<Sent> {
  const { channels } = project().definitions;
  const name = request.target.replace(/^channel:/, '');
  if (!channels.has(name))
    throw unknownTarget(request.target, [...engine.inbounds.list().map(({ scope }) => scope), ...channels.keys()]);
  const given = ['key', 'subject', 'type'].find((option) => Object.hasOwn(request, option));
  if (given !== undefined)
    throw controlError('MORTISE_CONTROL_REQUEST', `"${given}" cannot be given for a message that goes into a channel.`);
  const { id, duplicate } = await engine.operations.publish(name, valueOf(request), request.headers);
  return { messages: [{ id, duplicate }] };
}

/** An inbound that a flow wrote in place is found without the name of the flow, where it is the only one of its name. */
function inboundOf({ engine }: ControlHost, target: string): ControlInbound | undefined {
  const all = engine.inbounds.list();
  const inPlace = all.filter(({ scope }) => scope.startsWith(`${target}@`));
  return all.find(({ scope }) => scope === target) ?? (inPlace.length === 1 ? inPlace[0] : undefined);
}

function unknownTarget(target: string, known: readonly string[]): Error {
  const near = nearest(target, known);
  const remedy = near ? `Did you mean "${near}"?` : `Known are: ${known.join(', ') || 'none'}.`;
  return controlError('MORTISE_CONTROL_UNKNOWN', `There is no inbound and no channel "${target}" that a flow uses.`, { remedy });
}

function incomingOf({ definition: { declaration } }: ControlInbound, request: SendRequest): Incoming {
  const { headers, type, subject, contentType = Object.hasOwn(request, 'value') ? 'application/json' : undefined } = request;
  return {
    body: declaration.gives === 'value' ? valueOf(request) : bytesOf(request),
    ...(headers === undefined ? {} : { headers: lowerCased(headers) }),
    ...(type === undefined ? {} : { type }),
    ...(subject === undefined ? {} : { subject }),
    ...(contentType === undefined ? {} : { contentType }),
  };
}

function bytesOf(request: SendRequest): Uint8Array {
  const { text, base64, value } = request;
  if (['text', 'base64', 'value'].filter((form) => Object.hasOwn(request, form)).length !== 1) {
    throw controlError('MORTISE_CONTROL_BODY', 'Exactly one of "text", "base64" and "value" is to be given.');
  }
  if (base64 !== undefined) return Buffer.from(base64, 'base64');
  return Buffer.from(text ?? JSON.stringify(value));
}

function valueOf(request: SendRequest): unknown {
  const bytes = bytesOf(request);
  try {
    return JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(bytes));
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    throw controlError('MORTISE_CONTROL_BODY', `${request.target} takes a JSON value, and the body is none: ${reason}`, {
      cause: error,
    });
  }
}

/** Names of headers are in lower case, as an inbound gives them. */
function lowerCased(headers: Readonly<Record<string, string>>): Record<string, string> {
  return Object.fromEntries(Object.entries(headers).map(([name, value]) => [name.toLowerCase(), value]));
}

function refuseInvalid(accepted: readonly Accepted[]): void {
  const refused = accepted.find((one) => one.refused);
  if (!refused?.refused) return;
  const { code, message, position } = refused.refused;
  const messages = accepted.map(({ id, duplicate, refused: refusal }) => ({
    id,
    duplicate,
    ...(refusal ? { refused: refusal.code } : {}),
  }));
  const details = { messages, reason: code, ...(position ? { position } : {}) };
  throw controlError('MORTISE_CONTROL_REFUSED', `Message ${refused.id} was refused: ${code}: ${message}`, { details });
}

function replyView({ body, status, contentType }: Reply): NonNullable<Sent['reply']> {
  const content = body instanceof Uint8Array ? { base64: Buffer.from(body).toString('base64') } : { value: body };
  return { ...(status === undefined ? {} : { status }), ...(contentType === undefined ? {} : { contentType }), ...content };
}
