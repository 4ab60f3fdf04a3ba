// The error codes of the store.

import { defineErrors } from '@mortise/sdk/errors';

export const storeError = defineErrors({
  MORTISE_STORE_CONFLICT: {
    actor: 'mortise',
    cause: 'A commit took something for granted that no longer holds; nothing of it was done.',
    remedy: 'Look at the delivery again, then decide anew.',
  },
  MORTISE_STORE_FAILED: {
    actor: 'operator',
    cause: 'The disk refused a write; what was under way may or may not be stored, and nothing more is taken.',
    remedy: 'Look at free space and at the health of the disk, then start again: the engine recovers from the journal.',
  },
  MORTISE_STORE_CLOSED: {
    actor: 'mortise',
    cause: 'The store was used after it was closed.',
    remedy: 'Nothing, if the engine was stopping. Else report it.',
  },
  MORTISE_STORE_LOCKED: {
    actor: 'operator',
    cause: 'Another process works on this data folder.',
    remedy: 'Stop the other process, or give this one a data folder of its own.',
  },
  MORTISE_STORE_NEWER: {
    actor: 'operator',
    cause: 'The data folder was written by a newer version of Mortise.',
    remedy:
      'Start the newer version; or go back to before it: put the copy that it made, "mortise.db.version-N", in place of "mortise.db", or restore a backup.',
  },
  MORTISE_STORE_CORRUPT: {
    actor: 'operator',
    cause: 'A file of the store is damaged, or is no store.',
    remedy: 'Stop, keep a copy of the data folder, look at the disk, and restore a backup.',
  },
  MORTISE_STORE_LOG_IN_USE: {
    actor: 'operator',
    cause: 'What was erased is gone from the database, but not yet from its write-ahead log, which another program reads.',
    remedy:
      'End programs that read the data folder, as a copy that is being made; then erase again: what is left is overwritten.',
  },
  MORTISE_STORE_UNFIT: {
    actor: 'operator',
    cause: 'The runtime or the file system cannot do what the store needs to keep its promises.',
    remedy: 'Use a supported Node version, and a local file system for the data folder.',
  },
  MORTISE_STORE_BLOB_UNWRITTEN: {
    actor: 'operator',
    cause: 'A large body could not be written to its file; nothing of it was kept.',
    remedy: 'Look at free space and at the health of the disk; the sender may send it again.',
  },
  MORTISE_STORE_BLOB_MISSING: {
    actor: 'operator',
    cause: 'The file of a large body is not there any more.',
    remedy: 'Restore the folder "blobs" from the same backup as the rest of the data folder.',
  },
  MORTISE_STORE_BLOB_DAMAGED: {
    actor: 'operator',
    cause: 'The file of a large body is not what was written: the disk changed it, or it was cut off.',
    remedy: 'Look at the disk; restore the file in the folder "blobs" from a backup, or have its sender send the message again.',
  },
  MORTISE_STORE_BACKUP_TARGET: {
    actor: 'operator',
    cause: 'A backup is to be written where something is already, or where nothing can be written.',
    remedy: 'Name a folder that does not exist yet; its parent must.',
  },
  MORTISE_STORE_BACKUP_DAMAGED: {
    actor: 'operator',
    cause: 'A backup is not what its manifest says; nothing was restored.',
    remedy: 'Restore another backup, or another copy of this one.',
  },
  MORTISE_STORE_RESTORE_TAKEN: {
    actor: 'operator',
    cause: 'A backup is to be restored into a folder that has files already.',
    remedy: 'Name a folder that is empty or does not exist; move the old data folder away first.',
  },
  MORTISE_STORE_SLOW_QUESTION: {
    actor: 'operator',
    cause: 'A question to the store took longer than it may.',
    remedy: 'Ask for less: a shorter time, one destination, one state.',
  },
  MORTISE_STORE_VALUE: {
    actor: 'mortise',
    cause: 'The store was given a value that it cannot keep or look for.',
    remedy: 'Report it: the engine checks these before.',
  },
});
