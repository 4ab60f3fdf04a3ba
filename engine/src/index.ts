// The engine's entry: what the command line and embedding programs use.

export { openCatalog } from './catalog/catalog.ts';
export type { Catalog } from './catalog/catalog.ts';
export { systemClock } from './clock.ts';
export { version } from './control/version.ts';
export { Engine } from './engine.ts';
export type { EngineOptions, RunnableProject } from './engine.ts';
export type { ModelDefinition, Problem } from './flow/definitions.ts';
export { startHost } from './host.ts';
export type { Host, HostOptions } from './host.ts';
export { formatAddress, parseAddress } from './listen/address.ts';
export { openLog } from './log.ts';
export type { LogLevel } from './log.ts';
export { loadProject } from './project/load.ts';
export type { LoadOptions, Project } from './project/load.ts';
export { countProblems, renderProblems } from './project/render.ts';
export { projectSchemas } from './project/schema.ts';
export { missingSecrets, openSecrets } from './project/secrets.ts';
export { runTests, tryFlow } from './harness/run-tests.ts';
export type { FlowTrial, TestResult } from './harness/run-tests.ts';
export type { BalanceView } from './control/balance.ts';
export type { CauseGroups, RetryCounts } from './control/deliveries.ts';
export type { ChannelView, EngineView, FlowView, SystemView } from './control/mesh.ts';
export type { Journey, MessageRow, MessageRows } from './control/messages.ts';
export type { Sent } from './control/send.ts';
export type { Pinged, Reloaded } from './control/upkeep.ts';
export type { DeliveryView, JourneyMessage } from './control/views.ts';
