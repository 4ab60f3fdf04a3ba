// The embedded store passes the conformance suite in threads of its own, each started for each test, which takes its time.

import { storeConformance } from '../conformance.ts';
import { makeSqlitePlace } from './place.ts';

storeConformance('sqlite in threads of its own', () => makeSqlitePlace(true), { randomRuns: 20 });
