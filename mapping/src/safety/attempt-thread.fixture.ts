// Runs attempts in a thread of its own, so that the test can see one that does not end.

import { parentPort, workerData } from 'node:worker_threads';
import { outcomesOf } from './outcomes.fixture.ts';

parentPort?.postMessage({ done: await outcomesOf(workerData as readonly string[], (at) => parentPort?.postMessage({ at })) });
