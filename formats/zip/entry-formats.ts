// Which format an entry has, by its name.

import type { BoundFormat, FormatOptionsOf } from '@mortise/sdk';
import type format from './format.ts';

export type ZipOptions = FormatOptionsOf<typeof format>;

/** The format of the entry of that name; undefined where none of the options' names fits. */
export function entryFormats({ entries }: ZipOptions): (name: string) => BoundFormat | undefined {
  const kinds = entries.map((one) => ({ fits: patternOf(one.name), format: one.format }));
  return (name) => kinds.find(({ fits }) => fits.test(name))?.format;
}

function patternOf(name: string): RegExp {
  const parts = name.split(/(\*\*?)/).map((part) => {
    if (part === '**') return '.*';
    return part === '*' ? '[^/]*' : part.replace(/[.*+?^${}()|[\]\\]/g, '\\$&');
  });
  return new RegExp(`^${parts.join('')}$`, 's');
}
