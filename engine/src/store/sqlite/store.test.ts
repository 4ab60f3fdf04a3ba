// The embedded store passes the conformance suite; in threads of its own, as it is used, in store.long.test.ts.

import { storeConformance } from '../conformance.ts';
import { makeSqlitePlace } from './place.ts';

storeConformance('sqlite in the caller’s thread', () => makeSqlitePlace(false), { randomRuns: 60 });
