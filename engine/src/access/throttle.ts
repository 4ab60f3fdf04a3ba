// Holds back who asks too often: a bucket for each, which fills at a steady rate.

/** More places than this are not remembered: then the ones that waited longest are forgotten. */
const placesMax = 10_000;

export interface ThrottleOptions {
  /** So many at once. */
  readonly burst: number;
  readonly perSecond: number;
}

export class Throttle {
  private readonly options: ThrottleOptions;
  private readonly buckets = new Map<string, { left: number; atMs: number }>();

  constructor(options: ThrottleOptions) {
    this.options = options;
  }

  /** Takes one. Gives 0, or after how many milliseconds the next one is there. */
  take(place: string, nowMs: number): number {
    const waitMs = this.wait(place, nowMs);
    if (waitMs > 0) return waitMs;
    const left = this.left(place, nowMs);
    this.buckets.delete(place);
    this.buckets.set(place, { left: left - 1, atMs: nowMs });
    if (this.buckets.size > placesMax) this.buckets.delete(this.buckets.keys().next().value ?? '');
    return 0;
  }

  /** The same without taking any. */
  wait(place: string, nowMs: number): number {
    const left = this.left(place, nowMs);
    return left >= 1 ? 0 : Math.ceil(((1 - left) * 1000) / this.options.perSecond);
  }

  forget(place: string): void {
    this.buckets.delete(place);
  }

  private left(place: string, nowMs: number): number {
    const { burst, perSecond } = this.options;
    const bucket = this.buckets.get(place);
    return bucket ? Math.min(burst, bucket.left + (Math.max(0, nowMs - bucket.atMs) / 1000) * perSecond) : burst;
  }
}
