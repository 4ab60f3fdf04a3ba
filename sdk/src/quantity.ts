// Durations, sizes and rates as people write them: `250ms`, `64KiB`, `50/s`.

const durationUnitsMs: Readonly<Record<string, number>> = { ms: 1, s: 1000, m: 60_000, h: 3_600_000, d: 86_400_000 };
const sizeUnitsBytes: Readonly<Record<string, number>> = {
  B: 1,
  KiB: 1024,
  MiB: 1024 ** 2,
  GiB: 1024 ** 3,
  KB: 1000,
  MB: 1000 ** 2,
  GB: 1000 ** 3,
};

/** How often something may happen: `count` times every `perMs` milliseconds. */
export interface Rate {
  readonly count: number;
  readonly perMs: number;
}

/** Two durations in milliseconds, the first not longer than the second: `1s..15m`. */
export interface DurationRange {
  readonly fromMs: number;
  readonly toMs: number;
}

/** `250ms 5s 15m 2h 7d` to milliseconds; undefined where the text is no duration. */
export function parseDuration(text: string): number | undefined {
  return parseQuantity(text, durationUnitsMs);
}

/** `512B 64KiB 10MiB 1GB` to bytes; undefined where the text is no size. */
export function parseSize(text: string): number | undefined {
  return parseQuantity(text, sizeUnitsBytes);
}

/** `50/s`, `1000/h` to a rate; undefined where the text is no rate. */
export function parseRate(text: string): Rate | undefined {
  const match = /^(\d+)\/(s|m|h|d)$/.exec(text);
  if (!match) return undefined;
  const count = Number(match[1]);
  return count > 0 ? { count, perMs: durationUnitsMs[match[2] as string] as number } : undefined;
}

/** `1s..15m` to a range; undefined where the text is none or runs backwards. */
export function parseDurationRange(text: string): DurationRange | undefined {
  const [from, to, ...rest] = text.split('..');
  const fromMs = parseDuration(from ?? '');
  const toMs = parseDuration(to ?? '');
  if (fromMs === undefined || toMs === undefined || rest.length > 0 || fromMs > toMs) return undefined;
  return { fromMs, toMs };
}

/** Milliseconds as the largest unit that keeps the number whole: 90000 is `90s`. */
export function formatDuration(ms: number): string {
  return formatQuantity(ms, durationUnitsMs, ['d', 'h', 'm', 's', 'ms']);
}

/** Bytes as the largest binary unit that keeps the number whole: 65536 is `64KiB`. */
export function formatSize(bytes: number): string {
  return formatQuantity(bytes, sizeUnitsBytes, ['GiB', 'MiB', 'KiB', 'B']);
}

function parseQuantity(text: string, units: Readonly<Record<string, number>>): number | undefined {
  const match = /^(\d+(?:\.\d+)?)\s?([A-Za-z]+)$/.exec(text.trim());
  if (!match || !Object.hasOwn(units, match[2] as string)) return undefined;
  return Math.round(Number(match[1]) * (units[match[2] as string] as number));
}

function formatQuantity(value: number, units: Readonly<Record<string, number>>, order: readonly string[]): string {
  const unit = order.find((name) => value !== 0 && value % (units[name] as number) === 0) ?? (order.at(-1) as string);
  return `${value / (units[unit] as number)}${unit}`;
}
