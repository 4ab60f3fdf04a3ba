// Messages of an export into an engine: each a new one, made once for each file.

import { MortiseError } from '@mortise/sdk';
import { Type } from './schema.ts';
import type { Static } from './schema.ts';
import type { ControlServer } from './server.ts';
import { controlError } from './errors.ts';
import type { ControlHost, ControlImporter } from './host.ts';
import { flowsThatTake, may } from './objects.ts';

const Texts = Type.Record(Type.String(), Type.String());

const ImportRequest = Type.Object(
  {
    file: Type.String({
      minLength: 1,
      maxLength: 200,
      description: 'What names the file that the messages are of: a message of the same file is imported once.',
    }),
    flow: Type.Optional(Type.String()),
    channel: Type.Optional(Type.String()),
    messages: Type.Array(
      Type.Object({
        id: Type.String({ format: 'uuid', pattern: '^[0-9a-f-]+$', description: 'As it was exported.' }),
        type: Type.String(),
        source: Type.Optional(Type.String()),
        subject: Type.Optional(Type.String()),
        time: Type.Optional(Type.String({ format: 'date-time' })),
        contentType: Type.Optional(Type.String()),
        headers: Type.Optional(Texts),
        keys: Type.Optional(Texts),
        body: Type.Optional(Type.Unknown()),
        base64: Type.Optional(Type.String({ contentEncoding: 'base64' })),
      }),
      { maxItems: 1000 },
    ),
  },
  { additionalProperties: false },
);
type ImportRequest = Static<typeof ImportRequest>;

export const Imported = Type.Object({
  imported: Type.Integer(),
  duplicates: Type.Integer({ description: 'Such as were imported from this file before.' }),
  refused: Type.Array(Type.Object({ id: Type.String(), code: Type.String(), detail: Type.String() })),
});
export type Imported = Static<typeof Imported>;

export function importRoutes(server: ControlServer, { engine }: ControlHost): void {
  server.post(
    '/api/v1/import',
    {
      config: may('operate', flowsThatTake),
      schema: {
        operationId: 'importMessages',
        tags: ['messages'],
        summary: 'Gives exported messages to a flow or a channel, each as a new one.',
        body: ImportRequest,
        response: { 200: Imported },
      },
    },
    async ({ body }) => importAll(engine.importer, body),
  );
}

/** One after another: they keep their order, and what is wrong with one holds up no other. */
async function importAll(importer: ControlImporter, request: ImportRequest): Promise<Imported> {
  const target = targetOf(request);
  const result = { imported: 0, duplicates: 0, refused: [] as Imported['refused'] };
  for (const message of request.messages) {
    try {
      const { headers = {}, keys = {} } = message;
      const { duplicate } = await importer.import(target, request.file, { ...message, headers, keys, body: bodyOf(message) });
      if (duplicate) result.duplicates += 1;
      else result.imported += 1;
    } catch (error) {
      if (!(error instanceof MortiseError) || !refusals.has(error.code)) throw error;
      result.refused.push({ id: message.id, code: error.code, detail: error.message });
    }
  }
  return result;
}

/** What is wrong with one message only. */
const refusals = new Set(['MORTISE_STEP_INVALID', 'MORTISE_CONTROL_BODY']);

function targetOf({ flow, channel }: ImportRequest): Parameters<ControlImporter['import']>[0] {
  if (flow !== undefined && channel === undefined) return { flow };
  if (channel !== undefined && flow === undefined) return { channel };
  throw controlError('MORTISE_CONTROL_REQUEST', 'Name one flow or one channel.');
}

function bodyOf({ id, body, base64 }: ImportRequest['messages'][number]): unknown {
  if ((body === undefined) !== (base64 === undefined)) return base64 === undefined ? body : Buffer.from(base64, 'base64');
  throw controlError('MORTISE_CONTROL_BODY', `Message ${id} has ${body === undefined ? 'no body' : 'two bodies'}.`);
}
