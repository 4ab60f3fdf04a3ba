// mortise evidence: what an auditor wants to see of some days, in one archive.

import { existsSync, writeFileSync } from 'node:fs';
import { gzipSync } from 'node:zlib';
import type { Evidence, SignedCheckpoint } from '@mortise/engine';
import { engineClient } from '../client.ts';
import { askingCommand, printResult } from '../command.ts';
import type { AddCommand, EngineOptions } from '../command.ts';
import { cliError } from '../errors.ts';
import { tarOf } from '../tar.ts';

interface Options extends EngineOptions {
  readonly from: string;
  readonly to: string;
  readonly out?: string;
}

const exportMs = 600_000;

export const addEvidence: AddCommand = (program) => {
  askingCommand(
    program,
    'evidence',
    'write one archive for an auditor: users, changes, accesses, balance, configuration, software',
  )
    .requiredOption('--from <day>', 'the first day, as 2026-11-01, in UTC')
    .requiredOption('--to <day>', 'the last day')
    .option('--out <file>', 'where (default: evidence-FROM-TO.tar.gz)')
    .action(write);
};

async function write({ from, to, out = `evidence-${from}-${to}.tar.gz`, ...options }: Options): Promise<void> {
  if (existsSync(out)) throw cliError('MORTISE_CLI_FILE_TAKEN', `${out} is there already.`);
  const client = await engineClient(options);
  const evidence = await client.get<Evidence>('/evidence', { from, to });
  const audit = Buffer.concat(await Array.fromAsync(await client.stream('/audit/export', {}, exportMs)));
  const { checkpoint, publicKey } = await client.post<SignedCheckpoint>('/audit/checkpoints');
  const files = [
    ...Object.entries(partsOf(evidence)).map(([name, part]) => ({ name: `${name}.json`, content: jsonOf(part) })),
    { name: 'audit.ndjson', content: audit },
    { name: 'checkpoint.json', content: jsonOf(checkpoint) },
    { name: 'audit.pem', content: Buffer.from(publicKey) },
  ];
  writeFileSync(out, gzipSync(tarOf(files, Date.now())), { flag: 'wx', mode: 0o600 });
  const names = files.map(({ name }) => name);
  printResult({ out, files: names }, options, () => `Wrote ${out}: ${names.join(', ')}.`);
}

function partsOf({ takenAt, from, to, balance, days, ...parts }: Evidence): Readonly<Record<string, unknown>> {
  return { about: { takenAt, from, to }, balance: { whole: balance, days }, ...parts };
}

function jsonOf(value: unknown): Buffer {
  return Buffer.from(`${JSON.stringify(value, null, 2)}\n`);
}
