// What the benchmark asks of Mortise's control API: how much waits, and what became of the orders.

import { readFileSync } from 'node:fs';
import { controlPort, host } from './addresses.ts';

const flow = 'flow:orders';

/** Deliveries of all destinations that wait or run. */
export async function waitingOrders(): Promise<number> {
  const text = await (await get('/metrics')).text();
  return [...text.matchAll(/^mortise_deliveries\{.*\} (\d+)$/gm)].reduce((sum, [, count]) => sum + Number(count), 0);
}

interface Balance {
  readonly even: boolean;
  readonly reasons: readonly string[];
  readonly rows: readonly { readonly destination: string; readonly states: Readonly<Record<string, number>> }[];
}

/** Orders whose flow ended as done. Throws where the balance does not come out even. */
export async function settledOrders(): Promise<number> {
  const { even, reasons, rows } = (await (await get('/api/v1/balance')).json()) as Balance;
  if (!even) throw new Error(`The balance is not even: ${reasons.join(' ')}`);
  return rows.find(({ destination }) => destination === flow)?.states['done'] ?? 0;
}

async function get(path: string): Promise<Response> {
  const url = `http://${host}:${controlPort}${path}`;
  const challenge = (await fetch(url)).headers.get('www-authenticate') ?? '';
  const file = decodeURI(/key-file="([^"]+)"/.exec(challenge)?.[1] ?? '');
  const response = await fetch(url, { headers: { authorization: `Bearer ${readFileSync(file, 'utf8').trim()}` } });
  if (!response.ok) throw new Error(`${path} answers ${response.status}: ${await response.text()}`);
  return response;
}
