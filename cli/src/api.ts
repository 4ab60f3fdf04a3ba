// The answers of the control API, as the engine's own schemas say.

export type { BalanceView, CauseGroups, ChannelView, DeliveryView, EngineView, FlowView, Journey, JourneyMessage } from '@mortise/engine';
export type { MessageRow, MessageRows, Pinged, Reloaded, RetryCounts, Sent, SystemView } from '@mortise/engine';
