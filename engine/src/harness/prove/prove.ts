// The crash test of a project: kills its engine again and again, and says what became of every message.

import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { version } from '../../control/version.ts';
import type { Project } from '../../project/load.ts';
import { runCampaign } from './campaign.ts';
import type { Campaign, CampaignOptions } from './campaign.ts';
import { answersOfTests, casesOfExport, casesOfTests } from './cases.ts';
import { proveError } from './errors.ts';
import { readEvidence } from './evidence.ts';
import { findFaults } from './find-faults.ts';
import type { Proof } from './proof.ts';
import { proofOf } from './proof.ts';
import { scopesOf } from './scope.ts';

export interface ProveOptions {
  /** So often the engine is killed; without `minutes` this is needed. */
  readonly kills: number;
  /** No more kills when so much time has passed. */
  readonly minutes?: number;
  readonly seed: number;
  /** What `mortise export` wrote; what the project's tests give where absent. */
  readonly messages?: string;
  readonly onKill?: (kills: number) => void;
  /** The process that is killed, in place of the engine: for tests of the test. */
  readonly module?: URL;
}

const ending = import.meta.url.endsWith('.ts') ? '.ts' : '.js';
/** Enough to have some under way whenever the process dies. */
const inputsPerLifeMin = 12;
/** A seeded failure is a fault only where the flow would not try again. */
const retryMsMin = 60_000;

/** The project has no errors. Throws MORTISE_PROVE_NOTHING, _MESSAGES, _ENDED. */
export async function prove(project: Project, options: ProveOptions): Promise<Proof> {
  const cases = options.messages === undefined ? casesOfTests(project) : casesOfExport(options.messages, project);
  if (cases.length === 0)
    throw proveError('MORTISE_PROVE_NOTHING', `Project ${project.settings.name} has no messages to be proven on.`);
  const beganMs = Date.now();
  const untilMs = options.minutes === undefined ? Infinity : beganMs + options.minutes * 60_000;
  const workFolder = await mkdtemp(join(tmpdir(), `mortise-prove-${process.pid}-`));
  const { folder, environment } = project;
  const shared = {
    folder,
    ...(environment === undefined ? {} : { environment }),
    seed: options.seed,
    answers: answersOfTests(project),
    cases,
    module: options.module ?? new URL(`./engine-child${ending}`, import.meta.url),
  };
  try {
    const sendsFail = [...project.compiled.values()].every(({ retry }) => retry.forMs >= retryMsMin);
    const inputsPerLife = Math.max(inputsPerLifeMin, Math.ceil(cases.length / (options.kills + 1)));
    const killing: CampaignOptions = {
      ...shared,
      workFolder: join(workFolder, 'killed'),
      sendsFail,
      inputsPerLife,
      goesOn: (kills) => kills < options.kills && Date.now() < untilMs,
      ...(options.onKill ? { onKill: options.onKill } : {}),
    };
    const killed = await runCampaign(killing);
    const calm = await runCampaign({
      ...killing,
      workFolder: join(workFolder, 'calm'),
      sendsFail: false,
      inputsPerLife: killed.inputs.length,
      goesOn: () => false,
    });
    refuseEmpty(project, killed);
    const scopes = scopesOf(project.flows, project.compiled);
    const evidence = await readEvidence(killing.workFolder, killed);
    const calmEvidence = await readEvidence(join(workFolder, 'calm'), calm);
    const faults = findFaults(evidence, calmEvidence, scopes);
    const facts = {
      project,
      seed: options.seed,
      version,
      beganMs,
      endedMs: Date.now(),
      cases,
      answers: shared.answers,
      sendsFail,
    };
    return proofOf(facts, killed, evidence, scopes, faults);
  } finally {
    await rm(workFolder, { recursive: true, force: true });
  }
}

/** Nothing was accepted: then nothing is proven. */
function refuseEmpty({ settings }: Project, { acknowledged, refused }: Campaign): void {
  if (acknowledged.size > 0) return;
  const [why = 'no reason was told'] = refused.values();
  throw proveError('MORTISE_PROVE_NOTHING', `Project ${settings.name} accepted none of the messages: ${why}`);
}
