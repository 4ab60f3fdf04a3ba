// Waits for a condition with a deadline: how tests wait, instead of sleeping.

const pauseMs = 5;

export interface UntilOptions {
  /** After so long the wait fails. */
  readonly deadlineMs?: number;
}

/** Resolves once `condition` holds; rejects, naming `what`, when the deadline (10 s unless told) passes first. */
export async function waitUntil(
  what: string,
  condition: () => boolean | Promise<boolean>,
  { deadlineMs = 10_000 }: UntilOptions = {},
) {
  const deadline = performance.now() + deadlineMs;
  while (!(await condition())) {
    if (performance.now() > deadline) throw new Error(`Waited ${deadlineMs} ms in vain until ${what}.`);
    await pause();
  }
}

/** Lets timers, sockets and files go on for a moment. Never to wait for something: use `waitUntil`. */
export async function pause(): Promise<void> {
  await new Promise((resolve) => setTimeout(resolve, pauseMs));
}
