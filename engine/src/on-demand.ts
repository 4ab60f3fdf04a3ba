// What is large and seldom needed, loaded when it is called: a command that runs no engine begins in half the time.

import type * as Prove from './harness/prove/prove.ts';
import type * as Hosts from './host.ts';

export const startHost: typeof Hosts.startHost = async (options) => (await import('./host.ts')).startHost(options);

export const prove: typeof Prove.prove = async (...given) => (await import('./harness/prove/prove.ts')).prove(...given);
