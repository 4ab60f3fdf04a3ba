// What requests are about: the flows and systems for which a right has to be granted.

import type { FastifyRequest } from 'fastify';
import { everything } from '../access/rights.ts';
import type { AccessObject, Right } from '../access/rights.ts';
import type { StoredDelivery, StoredMessage } from '../store/store.ts';
import type { ObjectsAsked, RouteAccess } from './authentication.ts';
import type { ControlHost } from './host.ts';

export const open: { readonly access: RouteAccess } = { access: { needs: 'open' } };
export const own: { readonly access: RouteAccess } = { access: { needs: 'own' } };

/** The configuration of a route. */
export function may(
  needs: Right,
  of: (request: FastifyRequest, host: ControlHost) => ObjectsAsked,
): { readonly access: RouteAccess } {
  return { access: { needs, of } };
}

export const wholeEngine = (): ObjectsAsked => [everything];
/** The answer holds only what is covered: the route sees to that. */
export const onlyCovered = (): ObjectsAsked => [];

/** The schema of the route has been checked before. */
function partsOf(request: FastifyRequest): Readonly<Record<string, string | undefined>> {
  return { ...(request.body as object | undefined), ...(request.params as object) };
}

export const systemInPath = (request: FastifyRequest): ObjectsAsked => [systemObject(partsOf(request)['name'] ?? '')];

export const flowInPath = (request: FastifyRequest): ObjectsAsked => [flowObject(partsOf(request)['name'] ?? '')];

/** A file of the project, by `path` of the query or the body. */
export function fileNamed(request: FastifyRequest, host: ControlHost): ObjectsAsked {
  const { path = '' } = { ...partsOf(request), ...(request.query as { readonly path?: string }) };
  return [fileObject(path, host)];
}

/** What a flow or a system is written in belongs to it; all else to everything. */
export function fileObject(path: string, { project }: ControlHost): AccessObject {
  const flow = project().flows.find(({ source }) => source.file === path);
  if (flow) return flowObject(flow.name);
  const system = /^systems\/([^/]+)\.yaml$/.exec(path)?.[1];
  return system === undefined ? everything : systemObject(system);
}

/** The engine, a flow or a system, by `kind` and `name` of the body. */
export function pausedOne(request: FastifyRequest): ObjectsAsked {
  const { kind = '', name = '' } = partsOf(request);
  return [pausedObject({ kind, name })];
}

export function pausedObject({ kind, name }: { readonly kind: string; readonly name: string }): AccessObject {
  if (kind === 'engine') return everything;
  return kind === 'flow' ? flowObject(name) : systemObject(name);
}

export async function deliveryInPath(request: FastifyRequest, { engine }: ControlHost): Promise<readonly AccessObject[]> {
  const found = await engine.runtime.store.read.delivery({ id: partsOf(request)['id'] ?? '' });
  return found ? [deliveryObject(found.delivery, found.message)] : [];
}

/** One of its deliveries, or where it came from. */
export async function messageInPath(request: FastifyRequest, host: ControlHost): Promise<readonly AccessObject[]> {
  const { read } = host.engine.runtime.store;
  const id = partsOf(request)['id'] ?? '';
  const message = (await read.message(id)) ?? (await read.delivery({ id }))?.message;
  return message ? [messageObject(message, await read.deliveriesOf(message.id))] : [];
}

/** Every place that it goes to again. */
export async function replayInPath(request: FastifyRequest, host: ControlHost): Promise<readonly AccessObject[]> {
  const { id = '', flow } = partsOf(request);
  if (flow !== undefined) return [flowObject(flow)];
  const deliveries = await host.engine.runtime.store.read.deliveriesOf(id);
  return [...new Set(deliveries.map((delivery) => delivery.flow))].map(flowObject);
}

/** Dead letters by `flow` and `destination` of the body. */
export function deadLettersNamed(request: FastifyRequest): ObjectsAsked {
  const { flow, destination } = partsOf(request);
  if (flow !== undefined) return [flowObject(flow)];
  return [destination === undefined ? everything : destinationObject(destination)];
}

/** Every flow that takes what is sent to `target`, or given to `flow` or `channel` of the body. */
export function flowsThatTake(request: FastifyRequest, { project }: ControlHost): ObjectsAsked {
  const { target, flow, channel } = partsOf(request);
  if (flow !== undefined) return [flowObject(flow)];
  const name = channel ?? target ?? '';
  const takers = [...project().compiled.values()].filter(({ from, name: taker }) => {
    if (from.kind === 'channel') return [from.channel.name, `channel:${from.channel.name}`].includes(name);
    const scope = `${from.inbound.system}.${from.inbound.name}`;
    return [scope, `${scope}@${taker}`].includes(name);
  });
  if (takers.length === 0) return [everything];
  return takers.map(({ from, name: taker }) => ({
    flows: [taker],
    systems: from.kind === 'channel' ? [] : [from.inbound.system],
  }));
}

export function flowObject(flow: string): AccessObject {
  return { flows: [flow], systems: [] };
}

export function systemObject(system: string): AccessObject {
  return { flows: [], systems: [system] };
}

/** `flow:NAME`, `outbound:SYSTEM.OUTBOUND`; others belong to nobody in particular. */
export function destinationObject(destination: string): AccessObject {
  const [kind = '', rest = ''] = destination.split(/:(.*)/s);
  if (kind === 'flow' || kind === 'reply') return flowObject(rest);
  return kind === 'outbound' ? systemObject(rest.split('.')[0] ?? '') : everything;
}

/** A delivery belongs to its flow, and to the system that it goes to or, on the way into a flow, comes from. */
export function deliveryObject(
  { flow, destination }: Pick<StoredDelivery, 'flow' | 'destination'>,
  { source }: Pick<StoredMessage, 'source'>,
): AccessObject {
  const { systems } = destinationObject(destination);
  return { flows: [flow], systems: destination.startsWith('flow:') ? sourceSystems(source) : systems };
}

export function messageObject(message: Pick<StoredMessage, 'source'>, deliveries: readonly StoredDelivery[]): AccessObject {
  const objects = deliveries.map((delivery) => deliveryObject(delivery, message));
  return {
    flows: objects.flatMap(({ flows }) => flows),
    systems: [...sourceSystems(message.source), ...objects.flatMap(({ systems }) => systems)],
  };
}

/** Of `/systems/shop/order-created`. */
function sourceSystems(source: string): readonly string[] {
  const system = /^\/systems\/([^/]+)\//.exec(source)?.[1];
  return system === undefined ? [] : [system];
}
