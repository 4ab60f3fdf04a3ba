// Times, sizes and names as people read them.

/** Whether the reader wants UTC in the lists; else the reader's own zone. Kept in the browser. */
export const utcKey = 'mortise.utc';
const isUtc = globalThis.localStorage?.getItem(utcKey) === 'true';
const zone = isUtc ? { timeZone: 'UTC' } : {};

const today = new Intl.DateTimeFormat(undefined, {
  hour: '2-digit',
  minute: '2-digit',
  second: '2-digit',
  hour12: false,
  ...zone,
});
const otherDay = new Intl.DateTimeFormat(undefined, {
  month: 'short',
  day: 'numeric',
  hour: '2-digit',
  minute: '2-digit',
  second: '2-digit',
  hour12: false,
  ...zone,
});
const whole = new Intl.DateTimeFormat(undefined, { dateStyle: 'medium', timeStyle: 'long', hour12: false });

/** In the zone that the reader chose; of another day with that day. */
export function shortTime(at: string): string {
  const date = new Date(at);
  const isToday = otherDay.format(date).split(',')[0] === otherDay.format(new Date()).split(',')[0];
  return (isToday ? today : otherDay).format(date);
}

/** The reader's zone first, then UTC. */
export function wholeTime(at: string): string {
  return `${whole.format(new Date(at))} — ${at.replace('T', ' ').replace('Z', '')} UTC`;
}

export function duration(ms: number): string {
  if (ms < 1) return '0 ms';
  if (ms < 1000) return `${Math.round(ms)} ms`;
  if (ms < 60_000) return `${(ms / 1000).toFixed(ms < 10_000 ? 1 : 0)} s`;
  if (ms < 3_600_000) return `${Math.floor(ms / 60_000)} min ${Math.round((ms % 60_000) / 1000)} s`;
  if (ms < 86_400_000) return `${Math.floor(ms / 3_600_000)} h ${Math.round((ms % 3_600_000) / 60_000)} min`;
  return `${Math.floor(ms / 86_400_000)} d ${Math.round((ms % 86_400_000) / 3_600_000)} h`;
}

export function bytes(count: number): string {
  if (count < 1024) return `${count} B`;
  if (count < 1024 ** 2) return `${(count / 1024).toFixed(1)} KiB`;
  return `${(count / 1024 ** 2).toFixed(1)} MiB`;
}

export function rate(perSecond: number): string {
  if (perSecond === 0) return '0';
  return perSecond < 10 ? perSecond.toFixed(1) : Math.round(perSecond).toLocaleString();
}

/** A value of the API in a line: text as it is, all else as JSON. */
export function valueText(value: unknown): string {
  return typeof value === 'string' ? value : (JSON.stringify(value) ?? '');
}

export type PlaceKind = 'flow' | 'outbound' | 'channel' | 'reply' | 'inbound';

export interface Place {
  readonly kind: PlaceKind;
  readonly name: string;
  /** Of outbounds and inbounds. */
  readonly system?: string;
}

/** Reads `flow:NAME`, `outbound:SYSTEM.OUTBOUND`, `channel:NAME`, or `SYSTEM.INBOUND`. */
export function placeOf(text: string): Place {
  const [, kind, name = ''] = /^(flow|outbound|channel|reply):(.*)$/s.exec(text) ?? [];
  if (kind === 'flow' || kind === 'channel' || kind === 'reply') return { kind, name };
  const plain = kind === 'outbound' ? name : text;
  const system = plain.split('.')[0] ?? plain;
  return { kind: kind === 'outbound' ? 'outbound' : 'inbound', name: plain, system };
}

/** Where a message came from: its source is a path as /systems/shop/order-created. */
export function sourceWords(source: string): string {
  return source.replace(/^\/(systems|channels|flows)\//, '').replaceAll('/', '.');
}
