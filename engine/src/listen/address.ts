// Addresses of listeners, as people write them.

import { listenError } from './errors.ts';

export interface ListenAddress {
  readonly host: string;
  readonly port: number;
}

/** `127.0.0.1:8081`, `localhost:0`, `[::1]:8080`. Throws MORTISE_ENGINE_ADDRESS. */
export function parseAddress(text: string): ListenAddress {
  const match = /^(?:\[([0-9a-fA-F:]+)\]|([^:[\]\s]+)):(\d{1,5})$/.exec(text);
  const port = Number(match?.[3]);
  if (!match || port > 65_535)
    throw listenError('MORTISE_ENGINE_ADDRESS', `"${text}" is no listener address; expected HOST:PORT, as 127.0.0.1:8081.`);
  return { host: (match[1] ?? match[2]) as string, port };
}

export function formatAddress({ host, port }: ListenAddress): string {
  return host.includes(':') ? `[${host}]:${port}` : `${host}:${port}`;
}
