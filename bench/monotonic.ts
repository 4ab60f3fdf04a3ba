// The monotonic clock that all processes of one machine share.

const originUs = Number(process.hrtime.bigint() / 1000n) - performance.now() * 1000;

/** Microseconds since some time before the start of this process. Cheaper than `process.hrtime`. */
export function monotonicUs(): number {
  return originUs + performance.now() * 1000;
}
