// Kills an engine again and again, starts it again each time, and feeds it on: keeps what it acknowledged.

import { fork } from 'node:child_process';
import type { ChildProcess } from 'node:child_process';
import { getCompileCacheDir } from 'node:module';
import { dirname } from 'node:path';
import { proveError } from './errors.ts';
import type { Case } from './cases.ts';
import type { FromEngine, Input, Life, SendKill, ToEngine } from './protocol.ts';
import { seededRandom } from './seeded-random.ts';

export interface CampaignOptions extends Omit<Life, 'number' | 'sendKill' | 'aheadMs'> {
  readonly cases: readonly Case[];
  /** How many inputs come in each life. */
  readonly inputsPerLife: number;
  /** Whether it is killed once more after so many kills. */
  readonly goesOn: (kills: number) => boolean;
  /** The engine's process: a module that calls `runKillable`. */
  readonly module: URL;
  readonly onKill?: (kills: number) => void;
}

/** How one process was killed. */
export type KillAt = SendKill['at'] | 'any-moment';

export interface Campaign {
  readonly inputs: readonly Input[];
  /** By the number of an input: the ids under which it is stored. */
  readonly acknowledged: ReadonlyMap<number, readonly string[]>;
  /** By the number of an input: why it was not accepted. */
  readonly refused: ReadonlyMap<number, string>;
  /** Deliveries about which a person would have been asked; the prover said "again". */
  readonly retried: ReadonlyMap<string, string>;
  readonly kills: readonly KillAt[];
}

/** They take turns, so that a few kills show each of them. */
const killsAt: readonly KillAt[] = ['before-receipt', 'any-moment', 'before-arrival'];
/** So many inputs are under way at a time. */
const inFlightMax = 8;
/** The n-th send at which a process dies, at most. */
const sendNumberMax = 12;
const delayMsMax = 40;
/** One life takes no longer: then what has not ended is told as such. */
const lifeMsMax = 120_000;
const saidCharactersMax = 4000;

/** Runs until it is killed no more, and everything has come to its end. Throws MORTISE_PROVE_ENDED. */
export async function runCampaign(options: CampaignOptions): Promise<Campaign> {
  const state = new CampaignState(options);
  while (options.goesOn(state.kills.length)) {
    await new LifeRun(state, options, planOf(options, state.kills.length)).run();
    options.onKill?.(state.kills.length);
  }
  await new LifeRun(state, options, undefined).run();
  return state;
}

/** When one process is killed: all of it comes from the seed. */
interface Plan {
  readonly at: KillAt;
  readonly send: number;
  readonly acknowledgements: number;
  readonly delayMs: number;
}

export function planOf({ seed, inputsPerLife }: Pick<CampaignOptions, 'seed' | 'inputsPerLife'>, number: number): Plan {
  const random = seededRandom(`${seed} life ${number}`);
  const at = killsAt[number % killsAt.length] ?? 'any-moment';
  const send = 1 + Math.floor(random() * sendNumberMax);
  return { at, send, acknowledgements: Math.floor(random() * (inputsPerLife + 1)), delayMs: random() * delayMsMax };
}

class CampaignState implements Campaign {
  readonly inputs: Input[] = [];
  readonly acknowledged = new Map<number, readonly string[]>();
  readonly refused = new Map<number, string>();
  readonly retried = new Map<string, string>();
  readonly kills: KillAt[] = [];
  aheadMs = 0;
  private readonly options: CampaignOptions;

  constructor(options: CampaignOptions) {
    this.options = options;
  }

  /** What was not answered before, then new ones. */
  inputsOfLife(): readonly Input[] {
    const open = this.inputs.filter(({ number }) => !this.acknowledged.has(number) && !this.refused.has(number));
    const { cases, inputsPerLife } = this.options;
    const more = Array.from({ length: inputsPerLife }, (_, index) => inputOf(cases, this.inputs.length + index));
    this.inputs.push(...more);
    return [...open, ...more];
  }
}

/** The cases take turns. */
function inputOf(cases: readonly Case[], number: number): Input {
  const { input } = cases[number % cases.length] as Case;
  return { ...input, number } as Input;
}

class LifeRun {
  private readonly state: CampaignState;
  private readonly plan: Plan | undefined;
  private readonly child: ChildProcess;
  private readonly life: Life;
  private readonly waiting: Input[];
  private inFlight = 0;
  private answered = 0;
  private isKilled = false;
  private said = '';
  private timers: NodeJS.Timeout[] = [];

  constructor(state: CampaignState, options: CampaignOptions, plan: Plan | undefined) {
    const { folder, environment, workFolder, seed, sendsFail, answers, module } = options;
    this.state = state;
    this.plan = plan;
    this.waiting = [...state.inputsOfLife()];
    const sendKill = plan && plan.at !== 'any-moment' ? { sendKill: { at: plan.at, send: plan.send } } : {};
    const named = environment === undefined ? {} : { environment };
    const number = state.kills.length;
    this.life = { number, folder, ...named, workFolder, seed, ...sendKill, sendsFail, answers, aheadMs: state.aheadMs };
    // What this process has compiled, the next one need not compile again.
    const cache = getCompileCacheDir();
    const env = { ...process.env, ...(cache === undefined ? {} : { NODE_COMPILE_CACHE: dirname(cache) }) };
    this.child = fork(module, { stdio: ['ignore', 'ignore', 'pipe', 'ipc'], execArgv: [], env });
  }

  /** Resolves when the process is gone. */
  async run(): Promise<void> {
    const { child } = this;
    child.stderr?.on('data', (chunk: Buffer) => (this.said = (this.said + String(chunk)).slice(-saidCharactersMax)));
    child.on('message', (what: FromEngine) => this.hear(what));
    const ended = new Promise<number | string>((resolve, reject) => {
      child.once('error', reject);
      child.once('close', (code, signal) => resolve(signal ?? code ?? 'lost'));
    });
    this.tell({ life: this.life });
    this.timers.push(setTimeout(() => (this.plan ? this.kill() : this.tell({ stop: true })), lifeMsMax));
    const how = await ended.finally(() => this.timers.forEach(clearTimeout));
    if (how === 'SIGKILL' && this.plan) this.state.kills.push(this.isKilled ? 'any-moment' : this.plan.at);
    else if (how !== 0 || this.plan)
      throw proveError('MORTISE_PROVE_ENDED', `The engine ended with ${how} after ${this.state.kills.length} kills.`, {
        details: { said: this.said },
      });
  }

  private hear(what: FromEngine): void {
    const { state } = this;
    if ('acknowledged' in what) state.acknowledged.set(what.acknowledged, what.ids);
    else if ('refused' in what) state.refused.set(what.refused, what.why);
    else if ('aheadMs' in what) state.aheadMs = what.aheadMs;
    else if ('retried' in what) state.retried.set(what.retried, what.state);
    else if ('drained' in what) this.drained();
    if ('acknowledged' in what || 'refused' in what) this.answer();
    if ('ready' in what) this.feed();
  }

  private answer(): void {
    this.inFlight -= 1;
    this.answered += 1;
    this.feed();
  }

  private feed(): void {
    while (this.inFlight < inFlightMax && this.waiting.length > 0) {
      this.inFlight += 1;
      this.tell({ input: this.waiting.shift() as Input });
    }
    if (this.inFlight === 0) this.tell({ end: true });
    const { plan } = this;
    if (plan?.at === 'any-moment' && this.answered === plan.acknowledgements)
      this.timers.push(setTimeout(() => this.kill(), plan.delayMs));
  }

  /** The send at which it was to die did not come: it dies now. */
  private drained(): void {
    if (this.plan) this.kill();
    else this.tell({ stop: true });
  }

  private kill(): void {
    this.isKilled = true;
    this.child.kill('SIGKILL');
  }

  private tell(what: ToEngine): void {
    // A process that was just killed hears nothing more: that it ended is told by its end.
    if (this.child.connected) this.child.send(what, () => undefined);
  }
}
