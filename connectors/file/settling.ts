// Tells when a file is whole: its size and time have not changed between two looks far enough apart.

/** What is seen of a file from outside. */
export interface Look {
  readonly sizeBytes: number;
  readonly modifiedMs: number;
}

export interface Settling {
  /** Whether the file looks as it did `settleMs` ago. */
  isSettled(name: string, look: Look, nowMs: number): boolean;
  /** Forgets all files but these. */
  keepOnly(names: ReadonlySet<string>): void;
}

export function settling(settleMs: number): Settling {
  const seen = new Map<string, Look & { readonly sinceMs: number }>();
  return {
    isSettled(name, look, nowMs) {
      const before = seen.get(name);
      const same = before?.sizeBytes === look.sizeBytes && before.modifiedMs === look.modifiedMs;
      const sinceMs = same ? before.sinceMs : nowMs;
      if (!same) seen.set(name, { ...look, sinceMs });
      return nowMs - sinceMs >= settleMs;
    },
    keepOnly(names) {
      for (const name of seen.keys()) if (!names.has(name)) seen.delete(name);
    },
  };
}
