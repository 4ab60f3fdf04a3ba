// The answers of the control API, as the engine's own schemas say.

export type { BalanceView } from '../../engine/src/control/balance.ts';
export type { CauseGroups, RetryCounts } from '../../engine/src/control/deliveries.ts';
export type { ChannelView, EngineView, FlowView, SystemView } from '../../engine/src/control/mesh.ts';
export type { Journey, MessageRow, MessageRows } from '../../engine/src/control/messages.ts';
export type { Sent } from '../../engine/src/control/send.ts';
export type { Pinged, Reloaded } from '../../engine/src/control/upkeep.ts';
export type { DeliveryView, JourneyMessage } from '../../engine/src/control/views.ts';
