// The engine that is killed, in a process of its own: the real engine on the real store, with recorders for outbounds.

import { runKillable } from './run-killable.ts';

await runKillable();
