// Measures one contender: a process of its own at full load, then at half of the rate that it held.

import { mkdtempSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { contenderPort } from './addresses.ts';
import { askReceiver } from './ask-receiver.ts';
import type { Contender } from './contenders.ts';
import type { LoadPlan } from './load.ts';
import type { Account, LoadFigures, Measured } from './measured.ts';
import { requireFreePorts, runLoad, startProcess, until, untilAccepting } from './processes.ts';
import type { RunningProcess } from './processes.ts';
import { growthPerSecond, heldPerSecond } from './results.ts';

export interface Conditions {
  readonly seconds: number;
  readonly connections: number;
  /** Where data folders are made. */
  readonly folder: string;
  readonly sendsOn: boolean;
}

const warmUpSeconds = 3;
const leadInSeconds = 2;
/** So long the backlog of a full load may take to be worked off. */
const drainMsMax = 600_000;

export async function measure(contender: Contender, conditions: Conditions): Promise<Measured> {
  contender.install?.();
  await requireFreePorts();
  const dataFolder = mkdtempSync(join(conditions.folder, 'mortise-bench-'));
  const running: RunningProcess[] = [];
  try {
    const receiver = conditions.sendsOn ? startProcess(['receiver.ts']) : undefined;
    if (receiver) running.push(receiver);
    const { args, environment } = contender.command(dataFolder);
    const process = startProcess(args, environment);
    running.push(process);
    return await Promise.race([process.died, new Measurement(contender, conditions, process, receiver).run()]);
  } finally {
    for (const process of running.reverse()) await process.stop();
    rmSync(dataFolder, { recursive: true, force: true });
  }
}

class Measurement {
  private readonly contender: Contender;
  private readonly conditions: Conditions;
  private readonly process: RunningProcess;
  private readonly receiver: RunningProcess | undefined;
  /** Order 0 was accepted already. */
  private sent = 1;
  private accepted = 1;

  constructor(contender: Contender, conditions: Conditions, process: RunningProcess, receiver: RunningProcess | undefined) {
    this.contender = contender;
    this.conditions = conditions;
    this.process = process;
    this.receiver = receiver;
  }

  async run(): Promise<Measured> {
    const { seconds } = this.conditions;
    await untilAccepting();
    await this.load({ seconds: warmUpSeconds });
    const before = this.process.usage();
    const receiverBefore = this.receiverSeconds();
    const sampling = this.sampleWaiting();
    const full = await this.load({ seconds });
    const waiting = await sampling.end();
    const after = this.process.usage();
    const receiverSeconds = this.receiverSeconds() - receiverBefore;
    const held = heldPerSecond(full.report.acceptedPerSecond, growthPerSecond(waiting));
    const half = await this.load({ seconds, leadInSeconds, ratePerSecond: Math.max(1, held / 2) });
    return {
      name: this.contender.name,
      full,
      half,
      waiting,
      processorSeconds: after.processorSeconds - before.processorSeconds,
      mainThreadSeconds: after.mainThreadSeconds - before.mainThreadSeconds,
      receiverSeconds,
      bytesWritten: after.bytesWritten - before.bytesWritten,
      residentBytesPeak: this.process.usage().residentBytesPeak,
      account: await this.account(),
    };
  }

  /** Applies the load, and waits until all of it is worked off. */
  private async load(plan: Pick<LoadPlan, 'seconds' | 'leadInSeconds' | 'ratePerSecond'>): Promise<LoadFigures> {
    const { waiting } = this.contender;
    const report = await runLoad({
      ...plan,
      port: contenderPort,
      connections: this.conditions.connections,
      firstNumber: this.sent,
    });
    this.sent += report.sent;
    this.accepted += report.accepted;
    if (waiting) await until(async () => (await waiting()) === 0, drainMsMax);
    return { report, ...(this.conditions.sendsOn ? { endToEnd: (await askReceiver()).latency } : {}) };
  }

  private receiverSeconds(): number {
    return this.receiver?.usage().processorSeconds ?? 0;
  }

  private sampleWaiting(): { end(): Promise<readonly number[]> } {
    const { waiting } = this.contender;
    const samples: Promise<number>[] = [];
    const timer = setInterval(() => {
      if (waiting && samples.length < this.conditions.seconds) samples.push(waiting());
    }, 1000);
    return {
      end() {
        clearInterval(timer);
        return Promise.all(samples);
      },
    };
  }

  private async account(): Promise<Account> {
    const { accepted, contender, conditions } = this;
    const received = conditions.sendsOn ? await askReceiver() : undefined;
    return {
      accepted,
      ...(contender.settled ? { settled: await contender.settled() } : {}),
      ...(received ? { received: { requests: received.requests, keys: received.keys } } : {}),
    };
  }
}
