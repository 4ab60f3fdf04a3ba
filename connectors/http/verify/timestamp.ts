// When a webhook was signed, in seconds since 1970, and whether that is near enough to now.

/** Whether `seconds` is a time as senders write it, and at most `toleranceMs` from now, either way. */
export function isTimely(seconds: string, nowMs: number, toleranceMs: number): boolean {
  return /^\d{1,12}$/.test(seconds) && Math.abs(nowMs - Number(seconds) * 1000) <= toleranceMs;
}
