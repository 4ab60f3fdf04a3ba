// The chain of the audit: each entry holds the hash of the one before, and a signed checkpoint holds the hash of one of them.

import { createHash, createPublicKey, verify } from 'node:crypto';
import type { KeyObject } from 'node:crypto';

/** One thing that somebody did, saw, exported, changed, or was refused. */
export interface AuditEntry {
  /** From 1, without a gap. */
  readonly n: number;
  /** RFC 3339. */
  readonly at: string;
  /** The user; `local` for the key file, `-` for somebody who is not logged in, `engine` for the engine itself. */
  readonly who: string;
  /** By what they said who they are, with the id of the session or token. */
  readonly by?: string;
  /** The address that the request came from. */
  readonly from?: string;
  /** The operation's name in the API, as `discardDelivery`. */
  readonly action: string;
  /** What it was about: parts of the path, and of the body what tells it. Never a body, a secret or a business key. */
  readonly about?: Readonly<Record<string, unknown>>;
  /** `done`, `refused`, `failed` or `unknown`: the process ended meanwhile. */
  readonly result: AuditResult;
  /** Of a refusal or failure. */
  readonly code?: string;
  readonly before?: unknown;
  readonly after?: unknown;
  /** SHA-256 of the text of the entry before, in hexadecimal; zeros in the first. */
  readonly previous: string;
}

export type AuditResult = 'done' | 'refused' | 'failed' | 'unknown';

/** Says: entry `n` has this hash. Kept elsewhere, it proves that nothing up to there was changed. */
export interface Checkpoint {
  readonly kind: typeof checkpointKind;
  readonly n: number;
  readonly at: string;
  readonly hash: string;
  /** Ed25519 (RFC 8032) over the four properties above as JSON, in base64. */
  readonly signature: string;
}

export const checkpointKind = 'mortise-audit-checkpoint';
export const beginning = '0'.repeat(64);

export function hashOf(entryText: string): string {
  return createHash('sha256').update(entryText).digest('hex');
}

/** What is signed. */
export function signedText({ n, at, hash }: Omit<Checkpoint, 'kind' | 'signature'>): Uint8Array {
  return Buffer.from(JSON.stringify({ kind: checkpointKind, n, at, hash }));
}

export interface Verification {
  /** What is wrong, in sentences; empty where nothing is. */
  readonly findings: readonly string[];
  readonly entries: number;
  /** Entries behind the checkpoint: these could have been cut off or written anew. */
  readonly behind: number;
}

const findingsMax = 20;

/** Looks at all entries, in the order in which they lie. With the public key that was kept elsewhere. */
export async function verifyAudit(
  lines: AsyncIterable<string> | Iterable<string>,
  checkpoint: Checkpoint,
  publicKey: KeyObject | string,
): Promise<Verification> {
  const findings: string[] = [];
  if (!isSigned(checkpoint, publicKey)) findings.push('The checkpoint is not signed with this key, or was changed.');
  let [n, previous] = [0, beginning];
  for await (const line of lines) {
    n += 1;
    if (findings.length < findingsMax) findings.push(...faultsOf(line, n, previous));
    previous = hashOf(line);
    if (n === checkpoint.n && previous !== checkpoint.hash)
      findings.push(`Entry ${n} is not the one of the checkpoint: it, or one before it, was changed.`);
  }
  if (n < checkpoint.n) findings.push(`There are ${n} entries; the checkpoint is of entry ${checkpoint.n}: some were cut off.`);
  return { findings, entries: n, behind: Math.max(0, n - checkpoint.n) };
}

function isSigned({ signature, ...checkpoint }: Checkpoint, publicKey: KeyObject | string): boolean {
  try {
    const key = typeof publicKey === 'string' ? createPublicKey(publicKey) : publicKey;
    return (
      checkpoint.kind === checkpointKind && verify(null, signedText(checkpoint), key, Buffer.from(String(signature), 'base64'))
    );
  } catch {
    return false;
  }
}

function faultsOf(line: string, n: number, previous: string): readonly string[] {
  const entry = parsed(line);
  if (!entry) return [`Entry ${n} is not readable.`];
  const faults: string[] = [];
  if (entry['n'] !== n)
    faults.push(`Where entry ${n} should be is entry ${String(entry['n'])}: some are missing, or in another order.`);
  if (entry['previous'] !== previous) faults.push(`Entry ${n} does not continue the one before it: one of them was changed.`);
  return faults;
}

function parsed(line: string): Readonly<Record<string, unknown>> | undefined {
  try {
    const value: unknown = JSON.parse(line);
    return typeof value === 'object' && value !== null ? { ...value } : undefined;
  } catch {
    return undefined;
  }
}
