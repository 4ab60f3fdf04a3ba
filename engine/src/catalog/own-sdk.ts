// Lends the engine's own SDK to the code of projects: theirs need not be installed, and an error that they throw is one of ours.

import { registerHooks } from 'node:module';

let isLent = false;

/**
 * From now on `@mortise/sdk`, imported by whatever code, is the one that the engine itself imports. A project that has a copy
 * of its own (for its editor and its tests) would otherwise throw an `Unavailable` that the engine does not know.
 */
export function lendSdk(): void {
  if (isLent) return;
  isLent = true;
  registerHooks({
    resolve: (specifier, context, next) =>
      /^@mortise\/sdk(\/|$)/.test(specifier)
        ? next(specifier, { ...context, parentURL: import.meta.url })
        : next(specifier, context),
  });
}
