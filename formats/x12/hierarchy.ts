// The levels of an HL hierarchy: each is put under its parent, so that reading them in order gives the file again.

import type { SegmentValue } from './check-segment.ts';

interface Level {
  readonly id: string;
  readonly value: SegmentValue;
}

export class Hierarchy {
  readonly #key: string;
  readonly #ids = new Set<string>();
  /** From the topmost level down to the last one. */
  #path: Level[] = [];

  constructor(key: string) {
    this.#key = key;
  }

  /** Puts the level where its parent is; `top` holds those that have none. Says what is wrong with its number or its parent. */
  add(id: string, parentId: string, value: SegmentValue, top: SegmentValue): string | undefined {
    const parent = parentId === '' ? -1 : this.#path.findLastIndex((level) => level.id === parentId);
    const holder = parent < 0 ? top : (this.#path[parent] as Level).value;
    const list = (holder[this.#key] ??= []) as SegmentValue[];
    list.push(value);
    this.#path = [...this.#path.slice(0, parent + 1), { id, value }];
    const isRepeated = this.#ids.has(id);
    this.#ids.add(id);
    if (parentId !== '' && parent < 0) return `HL02 is "${parentId}", which is no level above; expected one that is open.`;
    return isRepeated ? `HL01 is "${id}", as in another level.` : undefined;
  }
}
