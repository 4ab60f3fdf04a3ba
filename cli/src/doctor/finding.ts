// What one look of the doctor found.

export interface Finding {
  readonly look: string;
  readonly verdict: 'ok' | 'warn' | 'fail';
  readonly detail: string;
  /** What to do; where it is not well. */
  readonly remedy?: string;
}

export function ok(look: string, detail: string): Finding {
  return { look, verdict: 'ok', detail };
}

export function warn(look: string, detail: string, remedy: string): Finding {
  return { look, verdict: 'warn', detail, remedy };
}

export function fail(look: string, detail: string, remedy: string): Finding {
  return { look, verdict: 'fail', detail, remedy };
}
