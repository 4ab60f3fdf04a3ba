// The audit in the API: searched, exported line by line, and signed.

import { Readable } from 'node:stream';
import { Type } from './schema.ts';
import type { Static } from './schema.ts';
import { checkpointKind, verifyAudit } from '../access/audit-chain.ts';
import type { Asker } from './authentication.ts';
import { controlError } from './errors.ts';
import type { ControlHost } from './host.ts';
import { Cursor, Limit } from './messages.ts';
import { may, wholeEngine } from './objects.ts';
import type { ControlServer } from './server.ts';
import { isoTime } from '../store/iso-time.ts';
import { spanOf, When, Zone } from './zoned-time.ts';

const Time = Type.String({ format: 'date-time' });

export const AuditRow = Type.Object({
  n: Type.Integer({ description: 'From 1, without a gap.' }),
  at: Time,
  who: Type.String({ description: 'The user; "local" for the key file, "-" for a stranger, "engine" for the engine itself.' }),
  by: Type.Optional(Type.String({ description: 'By what they said who they are.' })),
  from: Type.Optional(Type.String({ description: 'The address that it came from.' })),
  action: Type.String({ description: 'The operation of this API, as discardDelivery.' }),
  about: Type.Optional(Type.Record(Type.String(), Type.Unknown())),
  result: Type.Enum(['done', 'refused', 'failed', 'unknown'], { description: 'Unknown: the process ended meanwhile.' }),
  code: Type.Optional(Type.String()),
  before: Type.Optional(Type.Unknown()),
  after: Type.Optional(Type.Unknown()),
  previous: Type.String({ description: 'SHA-256 of the entry before.' }),
});
const AuditRows = Type.Object({
  rows: Type.Array(AuditRow, { description: 'The newest first.' }),
  next: Type.Optional(Type.String({ description: 'The cursor of the next page; absent on the last.' })),
});
export type AuditRows = Static<typeof AuditRows>;

const CheckpointView = Type.Object({
  kind: Type.Literal(checkpointKind),
  n: Type.Integer({ description: 'The number of the entry.' }),
  at: Time,
  hash: Type.String({ description: 'SHA-256 of its text, which holds the hash of the one before.' }),
  signature: Type.String({ description: 'Ed25519 over the others as JSON; base64.' }),
});
export const SignedCheckpoint = Type.Object({ checkpoint: CheckpointView, publicKey: Type.String({ description: 'PEM.' }) });
export type SignedCheckpoint = Static<typeof SignedCheckpoint>;

const VerifiedView = Type.Object({
  findings: Type.Array(Type.String(), { description: 'What is wrong; empty where nothing is.' }),
  entries: Type.Integer(),
  checkpoint: Type.Integer({ description: 'The entry up to which a signature proves it.' }),
  behind: Type.Integer({ description: 'Entries behind the checkpoint.' }),
});

const Query = Type.Object(
  {
    who: Type.Optional(Type.String()),
    action: Type.Optional(Type.String()),
    result: Type.Optional(Type.String()),
    text: Type.Optional(Type.String({ minLength: 1, maxLength: 200, description: 'A part of the entry.' })),
    since: Type.Optional(When),
    until: Type.Optional(When),
    zone: Type.Optional(Zone),
    limit: Limit,
    cursor: Type.Optional(Cursor),
  },
  { additionalProperties: false },
);

const tags = ['audit'];
const access = may('audit', wholeEngine);

export function auditRoutes(server: ControlServer, host: ControlHost): void {
  verifyRoute(server, host);
  const { audit } = host.access;
  server.get(
    '/api/v1/audit',
    {
      config: access,
      schema: { operationId: 'searchAudit', tags, summary: 'Who did what.', querystring: Query, response: { 200: AuditRows } },
    },
    async ({ query: { cursor, since, until, zone, ...filter } }) => {
      const { sinceMs, untilMs } = spanOf({ since, until, zone });
      // An entry has its time as text; what is named as the end belongs to it.
      const times = {
        ...(sinceMs === undefined ? {} : { since: isoTime(sinceMs) }),
        ...(untilMs === undefined ? {} : { until: isoTime(untilMs + 1) }),
      };
      const before = cursor === undefined ? {} : { before: Number(cursor) };
      const rows = audit.search({ ...filter, ...times, ...before }).map((entry) => ({ ...entry, ...copyAbout(entry.about) }));
      const last = rows.at(-1);
      return { rows, ...(last && rows.length === filter.limit && last.n > 1 ? { next: String(last.n) } : {}) };
    },
  );
  server.get(
    '/api/v1/audit/export',
    {
      config: { ...access, audited: true },
      schema: {
        operationId: 'exportAudit',
        tags,
        summary: 'All entries as they are chained, one a line, oldest first.',
        response: { 200: { description: 'NDJSON.', content: { 'application/x-ndjson': { schema: Type.Unknown() } } } },
      },
    },
    async ({ asker }, reply) =>
      reply.type('application/x-ndjson; charset=utf-8').send(Readable.from(withRights(audit.lines(), asker))),
  );
  server.post(
    '/api/v1/audit/checkpoints',
    {
      config: access,
      schema: {
        operationId: 'makeCheckpoint',
        tags,
        summary: 'Signs the newest entry: kept elsewhere, that proves later that nothing up to it was changed.',
        response: { 200: SignedCheckpoint },
      },
    },
    async () => {
      const checkpoint = audit.checkpoint();
      if (!checkpoint) throw controlError('MORTISE_CONTROL_UNKNOWN', 'There is no entry to sign.');
      return { checkpoint, publicKey: audit.publicKey };
    },
  );
}

function verifyRoute(server: ControlServer, { access: { audit } }: ControlHost): void {
  server.post(
    '/api/v1/audit/verify',
    {
      config: access,
      schema: {
        operationId: 'verifyAudit',
        tags,
        summary: 'Checks the chain of all entries up to the newest checkpoint. What proves it to others is done offline.',
        response: { 200: VerifiedView },
      },
    },
    async () => {
      const checkpoint = audit.checkpoints().at(-1) ?? audit.checkpoint();
      if (!checkpoint) throw controlError('MORTISE_CONTROL_UNKNOWN', 'There is no entry to check.');
      const { findings, ...counts } = await verifyAudit(audit.lines(), checkpoint, audit.publicKey);
      return { ...counts, findings: [...findings], checkpoint: checkpoint.n };
    },
  );
}

/** Entries are compared as text: all have the same form of time. */

function copyAbout(about: Readonly<Record<string, unknown>> | undefined): { about?: Record<string, unknown> } {
  return about ? { about: { ...about } } : {};
}

function* withRights(lines: Iterable<string>, asker: Asker): Generator<string> {
  for (const line of lines) {
    asker.renew();
    yield `${line}\n`;
  }
}
