// Which addresses the control listener may have without TLS.

import { isIP } from 'node:net';
import { listenError } from '../listen/errors.ts';

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

/** `localhost`, 127.0.0.0/8 (RFC 1122, section 3.2.1.3) and ::1 (RFC 4291, section 2.5.3). */
export function isLoopback(host: string): boolean {
  const bare = host.startsWith('[') && host.endsWith(']') ? host.slice(1, -1) : host;
  if (bare.toLowerCase() === 'localhost') return true;
  return isIP(bare) === 4 ? bare.startsWith('127.') : /^(0{0,4}:){2,7}0{0,3}1$/.test(bare);
}
