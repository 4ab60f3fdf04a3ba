// mortise export: messages with their bodies, one JSON value a line.

import { createWriteStream } from 'node:fs';
import { pipeline } from 'node:stream/promises';
import { engineClient } from '../client.ts';
import { askingCommand } from '../command.ts';
import type { AddCommand, EngineOptions } from '../command.ts';
import { cliError } from '../errors.ts';
import { parseTime } from '../parameters.ts';

interface Options extends EngineOptions {
  readonly flow?: string;
  readonly destination?: string;
  readonly state?: readonly string[];
  readonly key?: string;
  readonly since?: string;
  readonly until?: string;
  readonly out?: string;
}

const timeoutMs = 24 * 3_600_000;

export const addExport: AddCommand = (program) => {
  askingCommand(program, 'export', 'write messages with their bodies, one JSON value a line, oldest first')
    .option('--flow <name>', 'of this flow only')
    .option('--destination <name>', 'to flow:NAME, outbound:SYSTEM.OUTBOUND or channel:NAME only')
    .option('--state <state...>', 'in these states only, as in "mortise messages"')
    .option('--key <name=value>', 'of journeys with this business key only')
    .option('--since <time>', 'not before: RFC 3339, or as long ago as 15m, 2h, 7d', parseTime)
    .option('--until <time>', 'not after', parseTime)
    .option('--out <file>', 'into a new file, in place of standard output')
    .action(async ({ out, ...options }: Options) => {
      const { flow, destination, state, key, since, until } = options;
      const client = await engineClient(options);
      const lines = await client.stream('/export', { flow, destination, state, key, since, until }, timeoutMs);
      const target = out === undefined ? process.stdout : createWriteStream(out, { flags: 'wx' });
      try {
        await pipeline(lines, target, { end: out !== undefined });
      } catch (error) {
        if (error instanceof Error && 'path' in error) throw error;
        throw cliError('MORTISE_CLI_UNREACHABLE', `The export was cut off: ${String(error)}. What was written is not all.`, {
          cause: error,
        });
      }
    });
};
