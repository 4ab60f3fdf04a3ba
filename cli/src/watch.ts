// Watches the files of a project, and tells of changes once they have come to rest.

import { watch } from 'node:fs';
import { sep } from 'node:path';

/** Editors write a file in several steps, and checkouts many files at once. */
const restMs = 200;
/** Hidden files, and folders that belong to other tools or hold what the project itself writes. */
const foreign = /(^|[\\/])\.|^(node_modules|dist|data|docs|deploy)([\\/]|$)/;
/** What a project is made of; editors' own files beside them are not. */
const relevant = /\.(ya?ml|json|jsonata|csv|ts|js)$/;

/** Calls `changed` with the files, one call after the other. Gives what ends the watch. */
export function watchProject(folder: string, changed: (files: readonly string[]) => Promise<void>): () => void {
  const files = new Set<string>();
  let timer: NodeJS.Timeout | undefined;
  let telling: Promise<void> = Promise.resolve();
  const tell = (): void => {
    const found = [...files].sort();
    files.clear();
    telling = telling.then(() => changed(found));
  };
  const watcher = watch(folder, { recursive: true }, (_kind, name) => {
    if (name === null || foreign.test(name) || !relevant.test(name)) return;
    files.add(name.split(sep).join('/'));
    clearTimeout(timer);
    timer = setTimeout(tell, restMs);
  });
  // A folder that vanishes while it is looked at: the others are watched on.
  watcher.on('error', () => undefined);
  return () => {
    clearTimeout(timer);
    watcher.close();
  };
}
