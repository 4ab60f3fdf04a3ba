// Searches that a reader keeps, in this browser.

import type { MessageSearch } from './message-search.ts';

export interface KeptSearch {
  readonly name: string;
  readonly search: MessageSearch;
}

const place = 'mortise.searches';

export function keptSearches(): readonly KeptSearch[] {
  try {
    const kept: unknown = JSON.parse(localStorage.getItem(place) ?? '[]');
    return Array.isArray(kept) ? (kept as KeptSearch[]) : [];
  } catch {
    return [];
  }
}

/** One of the same name is replaced. */
export function keepSearch(name: string, search: MessageSearch): readonly KeptSearch[] {
  const kept = [...keptSearches().filter((one) => one.name !== name), { name, search }];
  localStorage.setItem(place, JSON.stringify(kept));
  return kept;
}
