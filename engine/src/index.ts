// The engine's entry: what the command line and embedding programs use.

export { formatAddress, parseAddress } from './listen/address.ts';
export { systemClock } from './clock.ts';
export { Engine } from './engine.ts';
export type { EngineOptions, RunnableProject } from './engine.ts';
export { startHost } from './host.ts';
export type { Host, HostOptions } from './host.ts';
export { openLog } from './log.ts';
export type { LogLevel } from './log.ts';
