// The inbounds of the postgres connector: each has a file of its own.

import { implementInbounds } from '@mortise/sdk';
import { openChanges } from './changes.ts';
import connector from './connector.ts';
import { openListen } from './listen.ts';
import { openQuery } from './query.ts';

export const inbounds = implementInbounds(connector, { query: openQuery, listen: openListen, changes: openChanges });
