// What is large and seldom needed, loaded when it is called: a command that runs no engine begins in half the time.

import type * as Backups from './backup-folder.ts';
import type * as Prove from './harness/prove/prove.ts';
import type * as Tests from './harness/run-tests.ts';
import type * as Hosts from './host.ts';
import type * as Restore from './store/backup/restore.ts';

export const startHost: typeof Hosts.startHost = async (options) => (await import('./host.ts')).startHost(options);

export const prove: typeof Prove.prove = async (...given) => (await import('./harness/prove/prove.ts')).prove(...given);

export const runTests: typeof Tests.runTests = async function* (...given) {
  yield* (await import('./harness/run-tests.ts')).runTests(...given);
};

export const tryFlow: typeof Tests.tryFlow = async (...given) => (await import('./harness/run-tests.ts')).tryFlow(...given);

export const backupFolder: typeof Backups.backupFolder = async (...given) =>
  (await import('./backup-folder.ts')).backupFolder(...given);

export const restoreBackup: typeof Restore.restoreBackup = async (...given) =>
  (await import('./store/backup/restore.ts')).restoreBackup(...given);
