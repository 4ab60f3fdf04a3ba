// The load: a process of its own that sends orders, each once, and tells what was answered and how fast.
// `node load.ts '{ "port": 8181, "seconds": 10, "connections": 256, "firstNumber": 1 }'` writes a `LoadReport` to standard output.

import { summarise } from './latency.ts';
import { LoadConnection } from './load-connection.ts';
import type { LoadReport } from './measured.ts';
import { monotonicUs } from './monotonic.ts';

export interface LoadPlan {
  readonly port: number;
  readonly seconds: number;
  readonly connections: number;
  /** The number of the first order; the others count on. */
  readonly firstNumber: number;
  /** A fixed rate, whatever the answers do. Without it a connection sends its next order on the answer to the last. */
  readonly ratePerSecond?: number;
  /**
   * So long before `seconds` the fixed rate begins, and no latency counts: the load's own code is not compiled yet, and the first orders would
   * measure that. Their stamp is no time.
   */
  readonly leadInSeconds?: number;
  /** A connection that breaks ends the load, which tells what was answered until then; else that is a fault. */
  readonly mayBreak?: boolean;
}

const plan = JSON.parse(process.argv[2] ?? '') as LoadPlan;
const { ratePerSecond, leadInSeconds = 0 } = plan;
const seconds = leadInSeconds + plan.seconds;
const finished = Promise.withResolvers<void>();
const latenciesMs: number[] = [];
/** Used in turn, so that none is idle for so long that the contender closes it. */
const free: LoadConnection[] = [];
/** When orders were due for which no connection was free; from `nextDue` on. */
const due: number[] = [];
/** At a fixed rate: the last order has fallen due. */
let allDue = ratePerSecond === undefined;
let [nextDue, sent, accepted, acceptedInTime, refused] = [0, 0, 0, 0, 0];

const connections = await Promise.all(
  Array.from({ length: plan.connections }, () => LoadConnection.open(plan.port, answered, broken)),
);
const startUs = monotonicUs();
const endUs = startUs + seconds * 1e6;
/** Latencies count of what is due later. */
const countedFromUs = leadInSeconds > 0 ? startUs + leadInSeconds * 1e6 : 0;
free.push(...connections);
if (ratePerSecond === undefined) for (const connection of free.splice(0)) send(connection, monotonicUs());
else keepRate(ratePerSecond);
await finished.promise;
for (const connection of connections) connection.close();
process.stdout.write(JSON.stringify(report()));

function broken(error: Error): void {
  if (plan.mayBreak) finished.resolve();
  else finished.reject(error);
}

function answered(connection: LoadConnection, status: number): void {
  const nowUs = monotonicUs();
  if (connection.dueUs > countedFromUs) latenciesMs.push((nowUs - connection.dueUs) / 1000);
  if (status === 202) {
    accepted += 1;
    if (nowUs < endUs) acceptedInTime += 1;
  } else refused += 1;
  if (ratePerSecond === undefined && nowUs < endUs) {
    send(connection, nowUs);
    return;
  }
  free.push(connection);
  sendDue();
  if (nowUs >= endUs) finishWhenFree();
}

function send(connection: LoadConnection, dueUs: number): void {
  connection.send(plan.firstNumber + sent, dueUs, dueUs > countedFromUs);
  sent += 1;
}

/** Orders fall due at every millisecond, as many as the rate gives; a tick that comes late makes them late, and that counts. */
function keepRate(perSecond: number): void {
  let [made, ticks] = [0, 0];
  const tick = (): void => {
    const elapsedMs = Math.min((monotonicUs() - startUs) / 1000, seconds * 1000);
    for (; ticks <= elapsedMs; ticks++) {
      for (; made < (ticks * perSecond) / 1000; made++) due.push(startUs + ticks * 1000);
    }
    allDue = elapsedMs >= seconds * 1000;
    sendDue();
    if (allDue) finishWhenFree();
    else setTimeout(tick, 1);
  };
  tick();
}

function sendDue(): void {
  for (let at = due[nextDue]; at !== undefined; at = due[++nextDue]) {
    const connection = free.shift();
    if (!connection) return;
    send(connection, at);
  }
}

/** Every order that was sent is answered, and none is due any more. */
function finishWhenFree(): void {
  if (allDue && free.length === connections.length && nextDue === due.length) finished.resolve();
}

function report(): LoadReport {
  const { user, system } = process.cpuUsage();
  const latency = summarise(latenciesMs);
  return {
    sent,
    accepted,
    refused,
    acceptedPerSecond: acceptedInTime / seconds,
    latency,
    processorSeconds: (user + system) / 1e6,
  };
}
