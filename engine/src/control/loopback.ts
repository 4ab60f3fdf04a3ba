// Which addresses the control listener may have without TLS.

import { listenError } from '../listen/errors.ts';
import { isLoopback } from '../listen/loopback.ts';

export { isLoopback };

export interface ControlAddress {
  readonly host: string;
  readonly port: number;
}

/** Throws MORTISE_ENGINE_ADDRESS where others than this machine could reach the listener. */
export function refuseUnlessLoopback({ host, port }: ControlAddress): void {
  if (isLoopback(host)) return;
  throw listenError(
    'MORTISE_ENGINE_ADDRESS',
    `The control listener cannot be opened on ${host}:${port}: without TLS passwords and messages would pass in the clear.`,
    {
      remedy:
        'Give it a certificate (listeners.controlTls in mortise.yaml), or use a loopback address, as 127.0.0.1:8080, and a tunnel, as ssh -L 8080:127.0.0.1:8080.',
    },
  );
}
