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
  return store([...dropSearch(name), { name, search }]);
}

export function dropSearch(name: string): readonly KeptSearch[] {
  return store(keptSearches().filter((one) => one.name !== name));
}

function store(kept: readonly KeptSearch[]): readonly KeptSearch[] {
  localStorage.setItem(place, JSON.stringify(kept));
  return kept;
}
