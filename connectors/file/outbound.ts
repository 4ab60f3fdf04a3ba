// The outbound of the file connector: written under a temporary name, made durable, then given its name.

import { lstat, mkdir, open, rename, rm } from 'node:fs/promises';
import { basename, dirname, join, relative, sep } from 'node:path';
import { implementOutbounds, InDoubt, isBodyStream, Rejected, Unavailable } from '@mortise/sdk';
import type { OutboundOptionsOf, Outgoing, SendContext } from '@mortise/sdk';
import { codeOf, fingerprintOf, holds, moveIfFree, requireFolder, syncFolder } from './client.ts';
import type { Connection, Fingerprint } from './client.ts';
import connector from './connector.ts';
import { pathWithin, temporaryNameOf, withSuffix } from './names.ts';

/** What a name causes, and what no further attempt mends. All else may pass: a full disk, a lost share, missing rights. */
const rejectedCodes = ['EISDIR', 'ENAMETOOLONG', 'EINVAL', 'EILSEQ', 'EEXIST', 'ENOTEMPTY'];

type Options = OutboundOptionsOf<typeof connector, 'write'>;

export const outbounds = implementOutbounds(connector, {
  write: async ({ connection }) => ({
    async send(message, context) {
      const path = pathWithin(context.options.name, context.options.subfolders);
      try {
        const written = await write(connection, path, message, context);
        return { detail: relative(connection.folder, written) };
      } catch (error) {
        throw isOutcome(error) ? error : asOutcome(error, path);
      }
    },
    async close() {},
  }),
});

/** Gives the path under which the file came to lie. */
async function write(connection: Connection, path: string, message: Outgoing, context: SendContext<Options>): Promise<string> {
  requireTime(context.signal);
  await requireFolder(connection);
  const target = join(connection.folder, path);
  const folder = dirname(target);
  await makeSubfolders(connection.folder, folder);
  const temporary = join(folder, temporaryNameOf(context.deliveryId));
  try {
    const fingerprint = await writeTemporary(temporary, message.body, context.signal);
    requireTime(context.signal);
    const placed = await place(temporary, target, fingerprint, context);
    await syncUpTo(connection.folder, folder, placed);
    return placed;
  } finally {
    await rm(temporary, { force: true });
  }
}

/** One after the other, and never through a link, which may lead elsewhere. */
async function makeSubfolders(top: string, folder: string): Promise<void> {
  let current = top;
  for (const name of relative(top, folder).split(sep).filter(Boolean)) {
    current = join(current, name);
    await mkdir(current).catch((error: unknown) => {
      if (codeOf(error) !== 'EEXIST') throw error;
    });
    if (!(await lstat(current)).isDirectory())
      throw new Rejected(`${relative(top, current)} is a link or a file, where a subfolder is needed.`);
  }
}

/** Writes the body to disk. What an earlier attempt left is removed first, not overwritten: it could still be open. */
async function writeTemporary(path: string, body: unknown, signal: AbortSignal): Promise<Fingerprint> {
  await rm(path, { force: true });
  await using file = await open(path, 'wx');
  const fingerprint = await fingerprintOf(chunksOfBody(body), async (chunk) => {
    requireTime(signal);
    await file.writeFile(chunk);
  });
  await file.sync();
  return fingerprint;
}

/** Gives the file its name, unless a file with the same content has it: then this delivery was done before. */
async function place(
  temporary: string,
  target: string,
  fingerprint: Fingerprint,
  context: SendContext<Options>,
): Promise<string> {
  const { options, deliveryId } = context;
  if ((await moveIfFree(temporary, target)) || (await holds(target, fingerprint))) return target;
  const other = join(dirname(target), withSuffix(basename(target), deliveryId));
  switch (options.ifExists) {
    case 'replace':
      await rename(temporary, target);
      return target;
    case 'wait':
      throw new Unavailable(`The file ${options.name} is there, with other content; it is tried again until it is gone.`);
    case 'suffix':
      if ((await moveIfFree(temporary, other)) || (await holds(other, fingerprint))) return other;
  }
  throw new Rejected(`The file ${options.name} is there, with other content.`, {
    remedy: 'Give every message a name of its own, or say what to do with "ifExists".',
  });
}

/** The new name, and the folders that were made for it, survive a power cut. From here on the file may be there. */
async function syncUpTo(top: string, folder: string, placed: string): Promise<void> {
  try {
    for (let current = folder; ; current = dirname(current)) {
      await syncFolder(current);
      if (relative(top, current) === '') return;
    }
  } catch (error) {
    throw new InDoubt(`The file ${placed} was written, but the disk did not confirm it: ${String(error)}`, { cause: error });
  }
}

function requireTime(signal: AbortSignal): void {
  if (signal.aborted) throw new Unavailable('Time was up, or the engine stops, before the file was written.');
}

function isOutcome(error: unknown): boolean {
  return error instanceof Unavailable || error instanceof Rejected || error instanceof InDoubt;
}

function asOutcome(error: unknown, path: string): Unavailable | Rejected {
  const why = `The file ${path} could not be written: ${error instanceof Error ? error.message : String(error)}`;
  return rejectedCodes.includes(codeOf(error)) ? new Rejected(why, { cause: error }) : new Unavailable(why, { cause: error });
}

async function* chunksOfBody(body: unknown): AsyncGenerator<Uint8Array> {
  if (isBodyStream(body)) yield* body.open();
  else if (body instanceof Uint8Array) yield body;
  else throw new Rejected('The body is no bytes.', { remedy: 'Name a format for this outbound.' });
}
