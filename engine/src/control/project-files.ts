// The files of the project: read, checked while they are being written, run dry, applied, and brought back.

import { Type } from './schema.ts';
import type { Static } from './schema.ts';
import { projectSchemas } from '../project/schema.ts';
import { ProblemView } from './problem-view.ts';
import { controlError } from './errors.ts';
import { requireMatch, tag } from './etag.ts';
import type { ControlHost } from './host.ts';
import { dryRun, DryRunView } from './dry-run.ts';
import {
  createProjectFile,
  hashOf,
  isWritable,
  listFiles,
  readProjectFile,
  removeProjectFile,
  writeProjectFile,
} from './file-access.ts';
import { revisionsOf, RevisionView, textOfRevision, keepRevision } from './revisions.ts';
import { pageFields, pageOf } from './paging.ts';
import type { ControlServer } from './server.ts';
import { fileNamed, fileObject, flowObject, may, onlyCovered } from './objects.ts';

const Path = Type.String({ minLength: 1, maxLength: 300, description: "Relative to the project's folder, with /." });
const Text = Type.String({ maxLength: 1024 * 1024 });
const Hash = Type.String({ pattern: '^[0-9a-f]{16}$', description: 'Of the text that was read.' });

/** What stands in place of a hash where the file is not there yet. */
const newFile = 'new';
const Base = Type.String({
  pattern: `^([0-9a-f]{16}|${newFile})$`,
  description: 'The hash of the text that was read; "new" where the file is not there yet.',
});

const Next = Type.Optional(Type.String({ description: 'The cursor of the next page; absent on the last.' }));

const FileView = Type.Object({ path: Path, text: Type.String(), hash: Hash, writable: Type.Boolean() });

const Applied = Type.Object({
  applied: Type.Boolean({ description: 'False where the project would have errors: then nothing was written.' }),
  problems: Type.Array(ProblemView),
  revision: Type.Optional(RevisionView),
});

const ApplyRequest = Type.Object(
  {
    path: Path,
    text: Text,
    base: Base,
    reason: Type.String({ minLength: 1, maxLength: 1000 }),
  },
  { additionalProperties: false },
);

const api = '/api/v1';
const tags = ['project'];

export function projectFileRoutes(server: ControlServer, host: ControlHost): void {
  readRoutes(server, host);
  revisionRoutes(server, host);
  draftRoutes(server, host);
  server.post(
    `${api}/project/apply`,
    {
      config: { ...may('develop', fileNamed), fourEyes: 'apply' },
      schema: {
        operationId: 'applyFile',
        tags,
        summary:
          'Writes a file, or a new one, and runs the project with it; refused where the file changed meanwhile, or has errors.',
        body: ApplyRequest,
        response: { 200: Applied },
      },
    },
    async (request) => {
      const { body, asker, headers } = request;
      if (headers['if-match'] !== undefined)
        requireMatch(request, body.path, hashOf(await readProjectFile(host.folder, body.path)));
      return apply(host, body, asker.principal.name);
    },
  );
}

function readRoutes(server: ControlServer, host: ControlHost): void {
  server.get(
    `${api}/project/files`,
    {
      config: may('see', onlyCovered),
      schema: {
        operationId: 'listFiles',
        tags,
        summary: 'The files of the project.',
        querystring: Type.Object(pageFields, { additionalProperties: false }),
        response: { 200: Type.Object({ files: Type.Array(Type.String()), next: Next }) },
      },
    },
    async ({ asker, query }) => {
      const files = (await listFiles(host.folder)).filter((path) => asker.covers(fileObject(path, host)));
      const { part, ...next } = pageOf(files, query);
      return { files: part, ...next };
    },
  );
  server.get(
    `${api}/project/file`,
    {
      config: may('see', fileNamed),
      schema: {
        operationId: 'getFile',
        tags,
        summary: 'The text of a file as it is on disk.',
        querystring: Type.Object({ path: Path }, { additionalProperties: false }),
        response: { 200: FileView },
      },
    },
    async ({ query: { path } }, reply) => {
      const text = await readProjectFile(host.folder, path);
      tag(reply, hashOf(text));
      return { path, text, hash: hashOf(text), writable: isWritable(path) };
    },
  );
  server.get(
    `${api}/project/schemas`,
    {
      config: may('see', onlyCovered),
      schema: {
        operationId: 'getSchemas',
        tags,
        summary: 'JSON Schemas for the files of this project, by kind.',
        response: { 200: Type.Record(Type.String(), Type.Unknown()) },
      },
    },
    async () => projectSchemas(host.project()),
  );
}

function revisionRoutes(server: ControlServer, host: ControlHost): void {
  server.get(
    `${api}/project/revisions`,
    {
      config: may('see', fileNamed),
      schema: {
        operationId: 'listRevisions',
        tags,
        summary: 'What was applied to a file through the API, the newest first.',
        querystring: Type.Object({ path: Path, ...pageFields }, { additionalProperties: false }),
        response: { 200: Type.Object({ revisions: Type.Array(RevisionView), next: Next }) },
      },
    },
    async ({ query }) => {
      const { part, ...next } = pageOf(await revisionsOf(host.folder, query.path), query);
      return { revisions: part, ...next };
    },
  );
  server.get(
    `${api}/project/revision`,
    {
      config: may('see', fileNamed),
      schema: {
        operationId: 'getRevision',
        tags,
        summary: 'The text of a file as one revision had it.',
        querystring: Type.Object({ path: Path, id: Type.String({ maxLength: 40 }) }, { additionalProperties: false }),
        response: { 200: Type.Object({ text: Type.String() }) },
      },
    },
    async ({ query: { path, id } }) => ({ text: await textOfRevision(host.folder, path, id) }),
  );
}

function draftRoutes(server: ControlServer, host: ControlHost): void {
  server.post(
    `${api}/project/check`,
    {
      config: may('develop', fileNamed),
      schema: {
        operationId: 'checkFile',
        tags,
        summary: 'What would be wrong with the project if this file had this text.',
        body: Type.Object({ path: Path, text: Text }, { additionalProperties: false }),
        response: { 200: Type.Object({ problems: Type.Array(ProblemView) }) },
      },
    },
    async ({ body: { path, text } }) => {
      refuseUnwritable(path);
      const { problems } = await host.draft(new Map([[path, text]]));
      return { problems: problems.map((problem) => ({ ...problem })) };
    },
  );
  server.post(
    `${api}/project/dry-run`,
    {
      config: may('develop', fileNamed),
      schema: {
        operationId: 'dryRunFile',
        tags,
        summary: 'Runs a flow as it is and as it would be on the last recorded messages, and says what would come out otherwise.',
        body: Type.Object(
          { path: Path, text: Text, flow: Type.String(), last: Type.Integer({ minimum: 1, maximum: 200, default: 20 }) },
          { additionalProperties: false },
        ),
        response: { 200: DryRunView },
      },
    },
    async ({ body: { path, text, flow, last }, asker }) => {
      refuseUnwritable(path);
      asker.require('see-bodies', flowObject(flow));
      return dryRun(host, await host.draft(new Map([[path, text]])), flow, last);
    },
  );
}

async function apply(host: ControlHost, { path, text, base, reason }: Static<typeof ApplyRequest>, author: string) {
  refuseUnwritable(path);
  const former = await readProjectFile(host.folder, path).catch((error: unknown) => {
    if (base === newFile) return undefined;
    throw error;
  });
  if (former !== undefined && hashOf(former) !== base)
    throw controlError('MORTISE_CONTROL_CHANGED', `${path} was changed since it was read.`, { details: { path, text: former } });
  const draft = await host.draft(new Map([[path, text]]));
  const problems = draft.problems.map((problem) => ({ ...problem }));
  if (problems.some(({ severity }) => severity === 'error')) return { applied: false, problems };
  if (former === undefined) await createProjectFile(host.folder, path, text);
  else await writeProjectFile(host.folder, path, text);
  try {
    await host.reload();
  } catch (error) {
    if (former === undefined) await removeProjectFile(host.folder, path);
    else await writeProjectFile(host.folder, path, former);
    throw error;
  }
  const at = new Date(host.clock.nowMs()).toISOString();
  const revision = await keepRevision(host.folder, {
    path,
    text,
    author,
    reason,
    at,
    ...(former === undefined ? {} : { former }),
  });
  return { applied: true, problems, revision };
}

function refuseUnwritable(path: string): void {
  if (isWritable(path)) return;
  throw controlError('MORTISE_CONTROL_NOT_WRITABLE', `${path} is not written through the API.`);
}
