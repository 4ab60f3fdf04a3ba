// mortise audit: who did what; signed, taken away, and verified without an engine.

import { createReadStream, existsSync, readFileSync, writeFileSync } from 'node:fs';
import { createInterface } from 'node:readline';
import type { AuditRows, Checkpoint, SignedCheckpoint, Verification } from '@mortise/engine';
import { engineClient } from '../client.ts';
import { askingCommand, jsonOption, printResult } from '../command.ts';
import type { AddCommand, EngineOptions } from '../command.ts';
import { cliError } from '../errors.ts';
import { exitCodes } from '../exit-codes.ts';
import { tableText } from '../table.ts';
import type { Column } from '../table.ts';
import { plain } from '../terminal.ts';
import type { Terminal } from '../terminal.ts';

interface SearchOptions extends EngineOptions {
  readonly who?: string;
  readonly action?: string;
  readonly result?: string;
  readonly text?: string;
  readonly since?: string;
  readonly until?: string;
  readonly limit: string;
}

interface VerifyOptions {
  readonly checkpoint: string;
  readonly key: string;
  readonly data?: string;
  readonly file?: string;
  readonly json?: boolean;
}

const exportMs = 600_000;

export const addAudit: AddCommand = (program) => {
  const command = program.command('audit').description('search, export, sign and verify the record of who did what');
  askingCommand(command, 'list', 'the newest entries')
    .option('--who <user>', 'of this user')
    .option('--action <name>', 'this operation, as discardDelivery')
    .option('--result <result>', 'done, refused, failed or unknown')
    .option('--text <text>', 'with this text in it')
    .option('--since <time>', 'from then on: RFC 3339, or a date in UTC')
    .option('--until <time>', 'until then; a date counts to its end')
    .option('--limit <number>', 'at most so many', '50')
    .action(list);
  askingCommand(command, 'export', 'write all entries as they are chained, one a line')
    .requiredOption('--out <file>', 'a file that does not exist yet')
    .action(exportAll);
  askingCommand(command, 'checkpoint', 'sign the newest entry: keep the file, and the key, elsewhere')
    .requiredOption('--out <file>', 'where the checkpoint is written')
    .option('--key-out <file>', 'where the public key is written')
    .action(checkpoint);
  jsonOption(command.command('verify').description('find what was edited, taken out, moved or cut off up to a checkpoint'))
    .requiredOption('--checkpoint <file>', 'that "mortise audit checkpoint" wrote')
    .requiredOption('--key <file>', 'the public key that was kept elsewhere')
    .option('--data <dir>', 'the data folder; no engine has to run')
    .option('--file <file>', 'or what "mortise audit export" wrote')
    .action(verify);
};

async function list({ limit, who, action, result, text, since, until, ...options }: SearchOptions): Promise<void> {
  const client = await engineClient(options);
  const { rows } = await client.get<AuditRows>('/audit', { limit, who, action, result, text, since, until });
  printResult(rows, options, (terminal) => (rows.length === 0 ? 'There are none.' : tableText(rows, columns, terminal)));
}

async function exportAll({ out, ...options }: EngineOptions & { readonly out: string }): Promise<void> {
  refuseTaken(out);
  const client = await engineClient(options);
  const chunks = await Array.fromAsync(await client.stream('/audit/export', {}, exportMs));
  writeFileSync(out, Buffer.concat(chunks), { flag: 'wx' });
  const entries = chunks.reduce((count, chunk) => count + chunk.filter((byte) => byte === 10).length, 0);
  printResult({ out, entries }, options, () => `Wrote ${entries} entries to ${out}.`);
}

async function checkpoint(options: EngineOptions & { readonly out: string; readonly keyOut?: string }): Promise<void> {
  const { out, keyOut } = options;
  for (const file of [out, keyOut]) if (file !== undefined) refuseTaken(file);
  const client = await engineClient(options);
  const signed = await client.post<SignedCheckpoint>('/audit/checkpoints');
  writeFileSync(out, `${JSON.stringify(signed.checkpoint)}\n`, { flag: 'wx' });
  if (keyOut !== undefined) writeFileSync(keyOut, signed.publicKey, { flag: 'wx' });
  printResult(signed, options, () => `Signed entry ${signed.checkpoint.n}: ${out}.`);
}

async function verify({ checkpoint: checkpointFile, key, data, file, ...options }: VerifyOptions): Promise<void> {
  if ((data === undefined) === (file === undefined))
    throw cliError('MORTISE_CLI_USAGE', 'Say what is to be verified: --data DIR or --file FILE.');
  const { verifyAudit, auditOfFolder } = await import('@mortise/engine');
  const lines = data === undefined ? createInterface({ input: createReadStream(file ?? '') }) : auditOfFolder(data);
  const given = checkpointIn(checkpointFile);
  const verification = await verifyAudit(lines, given, readText(key));
  printResult(verification, options, (terminal) => verificationText(verification, given, terminal));
  if (verification.findings.length > 0) process.exitCode = exitCodes.failed;
}

function verificationText({ findings, behind }: Verification, { n, at }: Checkpoint, terminal: Terminal): string {
  if (findings.length > 0) return findings.map((finding) => `${terminal.style('red', 'changed')} ${plain(finding)}`).join('\n');
  const rest = behind === 0 ? '' : ` ${behind} newer ones are chained to it; only a newer checkpoint says that none was cut off.`;
  return `${terminal.style('green', 'Unchanged')} up to entry ${n}, signed at ${at}.${rest}`;
}

/** What it holds is checked by its signature. */
function checkpointIn(file: string): Checkpoint {
  try {
    return JSON.parse(readText(file)) as Checkpoint;
  } catch (error) {
    throw cliError('MORTISE_CLI_FILE', `${file} is no checkpoint: ${String(error)}`, { cause: error });
  }
}

function readText(file: string): string {
  try {
    return readFileSync(file, 'utf8');
  } catch (error) {
    throw cliError('MORTISE_CLI_FILE', `${file} cannot be read (${(error as NodeJS.ErrnoException).code}).`, { cause: error });
  }
}

function refuseTaken(file: string): void {
  if (existsSync(file)) throw cliError('MORTISE_CLI_FILE_TAKEN', `${file} is there already.`);
}

const columns: readonly Column<AuditRows['rows'][number]>[] = [
  { title: 'N', text: ({ n }) => n, align: 'right' },
  { title: 'AT', text: ({ at }) => at },
  { title: 'WHO', text: ({ who }) => who },
  { title: 'FROM', text: ({ from }) => from },
  { title: 'ACTION', text: ({ action }) => action },
  { title: 'ABOUT', text: ({ about }) => (about ? JSON.stringify(about) : undefined) },
  { title: 'RESULT', text: ({ result, code }) => code ?? result, style: ({ result }) => (result === 'done' ? undefined : 'red') },
];
