// What is wrong with an inbound that no further attempt mends.

import { defineErrors } from '@mortise/sdk';

export const postgresError = defineErrors({
  MORTISE_POSTGRES_CURSOR: {
    actor: 'author',
    cause: 'The options or the database of an inbound were changed after it had read: how far it has read means nothing there.',
    remedy: 'Give the inbound another name, and with its options say where it is to begin.',
  },
  MORTISE_POSTGRES_OVERLAP: {
    actor: 'author',
    cause: 'An inbound has an "overlap", and its watermark is neither a number nor a time.',
    remedy: 'Leave "overlap" out, or take a column that is a number, a date or a timestamp.',
  },
  MORTISE_POSTGRES_WAL_LEVEL: {
    actor: 'operator',
    cause: 'The server does not write what logical replication needs into its log.',
    remedy: 'Set wal_level = logical in postgresql.conf and restart the server.',
  },
  MORTISE_POSTGRES_PUBLICATION_MISSING: {
    actor: 'operator',
    cause:
      'The publication of an inbound is not there, or names no tables, and the inbound names none of which it could be made.',
    remedy: 'Make it with CREATE PUBLICATION, or add "tables" to the inbound.',
  },
  MORTISE_POSTGRES_IDENTITY: {
    actor: 'operator',
    cause:
      'A publication of these tables would keep their own application from updating and deleting rows, since nothing tells rows apart.',
    remedy: 'Give the tables a primary key, or say ALTER TABLE … REPLICA IDENTITY FULL.',
  },
  MORTISE_POSTGRES_SLOT_TAKEN: {
    actor: 'operator',
    cause:
      'The replication slot of an inbound that has not begun is there already, so the rows that were there before it cannot be copied; or it belongs to another plugin or database.',
    remedy: 'Name another slot; or drop this one if nobody needs it; or say "copy: false" to go on from where it stands.',
  },
  MORTISE_POSTGRES_SLOT_BUSY: {
    actor: 'operator',
    cause: 'Somebody else follows the replication slot: another engine, or a connection that the server has not yet given up.',
    remedy: 'Nothing, if it passes: it is tried again. Else give each of the two a slot of its own.',
  },
  MORTISE_POSTGRES_SLOT_MISSING: {
    actor: 'operator',
    cause: 'The replication slot of an inbound was dropped: changes since then cannot be had any more.',
    remedy:
      'Give the inbound another name: it makes the slot anew and begins with a copy of the rows. What was deleted meanwhile is not told.',
  },
  MORTISE_POSTGRES_SLOT_LOST: {
    actor: 'operator',
    cause:
      'The server has given the replication slot up, since more log would have been kept for it than max_slot_wal_keep_size allows.',
    remedy:
      'Drop the slot and give the inbound another name: it begins with a copy of the rows. Raise the limit if the inbound may be down for so long.',
  },
  MORTISE_POSTGRES_POSITION_LOST: {
    actor: 'operator',
    cause: 'The replication slot was moved on further than the inbound has read: the changes between are lost to it.',
    remedy: 'Find who else uses the slot. Then drop it and give the inbound another name: it begins with a copy of the rows.',
  },
});
