// mortise send: sends a file into the mesh, as if it had come from outside.

import { readFile } from 'node:fs/promises';
import { extname } from 'node:path';
import type { Sent } from '@mortise/engine';
import { engineClient } from '../client.ts';
import { askingCommand, printResult } from '../command.ts';
import type { AddCommand, EngineOptions } from '../command.ts';
import { cliError } from '../errors.ts';
import { collectPair, parseWait } from '../parameters.ts';
import { plain } from '../terminal.ts';

interface Options extends EngineOptions {
  readonly type?: string;
  readonly subject?: string;
  readonly key?: string;
  readonly contentType?: string;
  readonly header?: Readonly<Record<string, string>>;
  readonly timeout: number;
}

/** Of files by their ending; others are sent without. */
const contentTypes: Readonly<Record<string, string>> = {
  '.json': 'application/json',
  '.ndjson': 'application/x-ndjson',
  '.csv': 'text/csv',
  '.xml': 'application/xml',
  '.txt': 'text/plain',
};

/** The engine may need a moment more than the flow was given. */
const answerMarginMs = 30_000;

export const addSend: AddCommand = (program) => {
  askingCommand(program, 'send', 'send a message, as if it had come from outside')
    .argument('<target>', 'SYSTEM.INBOUND, or channel:NAME')
    .argument('[file]', 'what is sent; - or nothing: standard input', '-')
    .option('--type <type>', 'the type of the message')
    .option('--subject <subject>', 'what it is about')
    .option('--key <key>', "the sender's own id of it: the same again is a duplicate")
    .option('--content-type <type>', 'the media type (default: by the ending of the file)')
    .option('--header <name=value>', 'a header; may be given several times', collectPair)
    .option('--timeout <duration>', 'how long to wait where the flow replies', parseWait, 30_000)
    .action(send);
};

async function send(target: string, file: string, options: Options): Promise<void> {
  const { type, subject, key, header: headers, contentType = contentTypes[extname(file).toLowerCase()], timeout } = options;
  const client = await engineClient(options);
  const base64 = (await read(file)).toString('base64');
  const given = { target, base64, type, subject, key, headers, contentType, replyTimeoutMs: timeout };
  const sent = await client.post<Sent>('/send', given, timeout + answerMarginMs);
  printResult(sent, options, (terminal) => {
    const lines = sent.messages.map(({ id, duplicate }) =>
      duplicate ? `${terminal.style('yellow', 'duplicate of')} ${id}` : `${terminal.style('green', 'accepted')} ${id}`,
    );
    return [...lines, ...replyLines(sent.reply)].join('\n');
  });
}

async function read(file: string): Promise<Buffer> {
  if (file !== '-') return readFile(file);
  if (process.stdin.isTTY)
    throw cliError('MORTISE_CLI_USAGE', 'There is nothing to send: no file is named, and standard input is a terminal.');
  const chunks: Buffer[] = [];
  for await (const chunk of process.stdin) chunks.push(chunk as Buffer);
  return Buffer.concat(chunks);
}

function replyLines(reply: Sent['reply']): readonly string[] {
  if (!reply) return [];
  const { status, contentType, value, base64 } = reply;
  const text = base64 === undefined ? (JSON.stringify(value, null, 2) ?? '') : Buffer.from(base64, 'base64').toString('utf8');
  return [
    `reply ${[status, contentType].filter((fact) => fact !== undefined).join(' ')}`.trimEnd(),
    ...text.split('\n').map(plain),
  ];
}
