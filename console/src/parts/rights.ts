// What whoever is logged in may do: asked of the session, so that no page shows a button that is not theirs. The API decides anyway.

import { useQuery } from '@tanstack/react-query';
import { people } from '../api/people.ts';
import type { Reach, Right, Who } from '../api/people-types.ts';
import { placeOf } from './format.ts';

/** What something is about: one of these has to be granted; `everything` takes a right without bounds. */
export type Place = { readonly flows?: readonly string[]; readonly systems?: readonly string[] } | 'everything';
export type May = (right: Right, place?: Place) => boolean;

export function useWho(): Who | undefined {
  return useQuery({ queryKey: ['session'], queryFn: people.session, refetchInterval: 15_000 }).data;
}

/** Without a place: whether it is held for anything at all. */
export function useMay(): May {
  const rights = useWho()?.rights ?? [];
  return (right, place) => rights.some((reach) => reach.right === right && covers(reach, place));
}

function covers({ everything, flows, systems }: Reach, place: Place | undefined): boolean {
  if (everything || place === undefined) return true;
  if (place === 'everything') return false;
  return (
    (place.flows?.some((flow) => flows.includes(flow)) ?? false) ||
    (place.systems?.some((system) => systems.includes(system)) ?? false)
  );
}

/** `flow:NAME`, `outbound:SYSTEM.OUTBOUND`; others belong to nobody in particular. */
export function placeOfDestination(destination: string): Place {
  const { kind, name, system } = placeOf(destination);
  if (kind === 'flow' || kind === 'reply') return { flows: [name] };
  return kind === 'outbound' && system !== undefined ? { systems: [system] } : 'everything';
}

/** A delivery belongs to its flow, and to the system that it goes to or, on the way into a flow, comes from. */
export function placeOfDelivery(delivery: { readonly flow: string; readonly destination: string }, source: string): Place {
  const from = /^\/systems\/([^/]+)\//.exec(source)?.[1];
  const place = placeOfDestination(delivery.destination);
  const systems = delivery.destination.startsWith('flow:')
    ? [from ?? []].flat()
    : place === 'everything'
      ? []
      : (place.systems ?? []);
  return { flows: [delivery.flow], systems };
}
