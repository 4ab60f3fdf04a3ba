// The embedded store passes the conformance suite, in threads of its own and in the caller's.

import { storeConformance } from '../conformance.ts';
import { makeSqlitePlace } from './place.ts';

storeConformance('sqlite in threads of its own', () => makeSqlitePlace(true), { randomRuns: 4 });
storeConformance('sqlite in the caller’s thread', () => makeSqlitePlace(false), { randomRuns: 60 });
