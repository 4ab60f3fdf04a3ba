// Every text of the console in one place, so that it can be translated: pages name them, and write none themselves.

export * from './build.ts';
export * from './people.ts';
export * from './watch.ts';
