// The conformance kits: every connector and every format runs through one of them; and what tests of several need.

export * from './connector-accept.ts';
export * from './connector-body.ts';
export * from './connector-inbound.ts';
export type { InboundStage, OutboundStage, PingStage, Refusing, Scenario } from './connector-kit-stage.ts';
export * from './connector-kit.ts';
export * from './connector-listener.ts';
export * from './connector-outbound.ts';
export * from './connector-runtime.ts';
export * from './connector-secrets.ts';
export * from './connector-until.ts';
export * from './connector-values.ts';
export * from './fault-proxy.ts';
export * from './format-kit.ts';
export { growth, liveBytes } from './format-memory.ts';
export * from './format-noise.ts';
export * from './format-supply.ts';
export * from './test-certificates.ts';
