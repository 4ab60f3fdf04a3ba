// mortise import FILE: gives messages of an export to a flow or a channel, each as a new one, once for each file.

import { createHash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { createInterface } from 'node:readline';
import type { Imported } from '@mortise/engine';
import { engineClient } from '../client.ts';
import { askingCommand, printResult } from '../command.ts';
import type { AddCommand, EngineOptions } from '../command.ts';
import { cliError } from '../errors.ts';
import { exitCodes } from '../exit-codes.ts';
import { plain } from '../terminal.ts';
import type { Terminal } from '../terminal.ts';

interface Options extends EngineOptions {
  readonly flow?: string;
  readonly channel?: string;
}

interface Line {
  readonly message: Readonly<Record<string, unknown>> & { readonly id: string };
  readonly body?: unknown;
  readonly base64?: string;
}

/** One request takes no more. */
const messagesAtOnce = 100;
const bytesAtOnce = 8 * 1024 * 1024;
const lineBytesMax = 30 * 1024 * 1024;
const timeoutMs = 600_000;

export const addImportMessages: AddCommand = (command) => {
  askingCommand(command, 'messages', 'give exported messages to a flow or a channel, each as a new one', { isDefault: true })
    .argument('<file>', 'what "mortise export" wrote; the same file again does nothing')
    .option('--flow <name>', 'to this flow')
    .option('--channel <name>', 'into this channel')
    .action(async (file: string, options: Options) => {
      const { flow, channel } = options;
      if ((flow === undefined) === (channel === undefined))
        throw cliError('MORTISE_CLI_USAGE', 'Nothing says where to, or two things do.', { remedy: 'Give --flow or --channel.' });
      const client = await engineClient(options);
      const total: Imported = { imported: 0, duplicates: 0, refused: [] };
      // Every line is looked at before the first is sent: a file that was mended is another file.
      for await (const _batch of batches(file)) continue;
      const fileHash = await hashOf(file);
      for await (const messages of batches(file)) {
        const request = { file: fileHash, flow, channel, messages };
        const { imported, duplicates, refused } = await client.post<Imported>('/import', request, timeoutMs);
        total.imported += imported;
        total.duplicates += duplicates;
        total.refused.push(...refused);
      }
      printResult(total, options, (terminal) => totalText(total, terminal));
      if (total.refused.length > 0) process.exitCode = exitCodes.failed;
    });
};

async function hashOf(file: string): Promise<string> {
  const hash = createHash('sha256');
  for await (const chunk of createReadStream(file) as AsyncIterable<Buffer>) hash.update(chunk);
  return hash.digest('hex');
}

async function* batches(file: string): AsyncGenerator<readonly object[]> {
  let batch: object[] = [];
  let bytes = 0;
  let number = 0;
  for await (const line of createInterface({ input: createReadStream(file), crlfDelay: Infinity })) {
    number += 1;
    if (line.trim() === '') continue;
    if (batch.length > 0 && (batch.length === messagesAtOnce || bytes + line.length > bytesAtOnce)) {
      yield batch;
      [batch, bytes] = [[], 0];
    }
    batch.push(messageOf(line, `${file}:${number}`));
    bytes += line.length;
  }
  if (batch.length > 0) yield batch;
}

function messageOf(line: string, place: string): object {
  if (line.length > lineBytesMax)
    throw unreadable(place, `it has ${line.length} characters; at most ${lineBytesMax} can be imported`);
  const { message, body, base64 } = parsed(line, place);
  const { id, type, source, subject, time, contentType, headers, keys } = message;
  return { id, type, source, subject, time, contentType, headers, keys, body, base64 };
}

function parsed(line: string, place: string): Line {
  let value: unknown;
  try {
    value = JSON.parse(line);
  } catch (error) {
    throw unreadable(place, String(error));
  }
  const { message } = (value ?? {}) as Partial<Line>;
  if (typeof message?.id === 'string') return value as Line;
  throw unreadable(place, 'it has no "message" with an "id"');
}

function unreadable(place: string, why: string): Error {
  return cliError('MORTISE_CLI_FILE', `${place} is no line of an export: ${why}.`, {
    remedy: 'Mend the line or take it out, then try again: nothing was imported.',
  });
}

function totalText({ imported, duplicates, refused }: Imported, terminal: Terminal): string {
  const lines = [`${terminal.style('green', String(imported))} imported.`];
  if (duplicates > 0) lines.push(`${duplicates} had been imported from this file before.`);
  for (const { id, code, detail } of refused) lines.push(`${terminal.style('red', 'not')} ${id}: ${code}: ${plain(detail)}`);
  return lines.join('\n');
}
