// What the sandbox's threads are asked, and what they answer.

/** A script with its limits. */
export interface SandboxScript {
  /** The body of a function of `body`, `message`, `headers` and `variables`. */
  readonly code: string;
  /** The time that it may compute, in milliseconds. */
  readonly timeoutMs: number;
  readonly memoryBytes: number;
}

export interface SandboxRequest extends SandboxScript {
  /** JSON text of an object with what the script is given. */
  readonly input: string;
}

/** JSON text, nothing, or what went wrong. `spent`: the thread must not be used again. */
export type Answer =
  | { readonly output: string | undefined; readonly spent?: boolean }
  | { readonly fault: 'failed' | 'late' | 'memory'; readonly message: string; readonly spent?: boolean };
