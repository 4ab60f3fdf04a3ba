// mortise messages: what went where, newest first.

import type { MessageRow, MessageRows } from '@mortise/engine';
import { engineClient } from '../client.ts';
import type { EngineClient, Query } from '../client.ts';
import { askingCommand, printResult } from '../command.ts';
import type { AddCommand, EngineOptions } from '../command.ts';
import { rowsText } from '../message-rows.ts';
import { parseCount, parseTime } from '../parameters.ts';

interface Options extends EngineOptions {
  readonly flow?: string;
  readonly destination?: string;
  readonly system?: string;
  readonly state?: readonly string[];
  readonly key?: string;
  readonly since?: string;
  readonly until?: string;
  readonly limit: number;
}

export const addMessages: AddCommand = (program) => {
  askingCommand(program, 'messages', 'list what went where, newest first')
    .option('--flow <name>', 'of this flow only')
    .option('--destination <name>', 'to flow:NAME, outbound:SYSTEM.OUTBOUND or channel:NAME only')
    .option('--system <name>', 'to this system, or from it to flows')
    .option(
      '--state <state...>',
      'in these states only: waiting, held, in-doubt, done, filtered, invalid, dead, discarded, abandoned, unclaimed',
    )
    .option('--key <name=value>', 'of journeys with this business key only')
    .option('--since <time>', 'not before: RFC 3339, or as long ago as 15m, 2h, 7d', parseTime)
    .option('--until <time>', 'not after', parseTime)
    .option('--limit <count>', 'so many at most', parseCount, 50)
    .action(async (options: Options) => {
      const client = await engineClient(options);
      const { flow, destination, system, state, key, since, until, limit } = options;
      const rows = await readRows(client, '/messages', { flow, destination, system, state, key, since, until }, limit);
      printResult(rows, options, (terminal) => rowsText(rows, terminal));
    });
};

const pageRowsMax = 1000;

/** So many rows as were asked for, page by page. */
export async function readRows(client: EngineClient, path: string, query: Query, limit: number): Promise<readonly MessageRow[]> {
  const rows: MessageRow[] = [];
  let cursor: string | undefined;
  do {
    const page = await client.get<MessageRows>(path, { ...query, limit: Math.min(pageRowsMax, limit - rows.length), cursor });
    rows.push(...page.rows);
    cursor = page.next;
  } while (cursor !== undefined && rows.length < limit);
  return rows;
}
