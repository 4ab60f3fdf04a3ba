// The control listener: one HTTP API for whatever looks at an engine or changes it. Console and command line use it only.

import type { AddressInfo } from 'node:net';
import type { Logger } from '@mortise/sdk';
import { listenError } from '../listen/errors.ts';
import { makeServer } from './server.ts';
import type { ControlServer } from './server.ts';
import { balanceRoutes } from './balance.ts';
import { deliveryRoutes } from './deliveries.ts';
import { healthRoutes } from './health.ts';
import type { ControlHost } from './host.ts';
import { refuseUnlessLoopback } from './loopback.ts';
import type { ControlAddress } from './loopback.ts';
import { meshRoutes } from './mesh.ts';
import { messageRoutes } from './messages.ts';
import { sendRoutes } from './send.ts';
import { upkeepRoutes } from './upkeep.ts';

export interface ControlOptions {
  readonly host: ControlHost;
  readonly address: ControlAddress;
  readonly log: Logger;
}

export interface Control {
  /** With the port that it got. */
  readonly address: ControlAddress;
  /** Idempotent. Requests that are under way are cut. */
  close(): Promise<void>;
}

/** Throws MORTISE_ENGINE_ADDRESS where others could reach it, MORTISE_ENGINE_LISTEN where the port cannot be had. */
export async function openControl({ host, address, log }: ControlOptions): Promise<Control> {
  refuseUnlessLoopback(address);
  const app = await makeServer(log);
  for (const add of [healthRoutes, meshRoutes, messageRoutes, deliveryRoutes, balanceRoutes, sendRoutes, upkeepRoutes])
    add(app, host);
  app.get('/api/openapi.json', { schema: { hide: true } }, async () => app.swagger());
  await listen(app, address);
  const { port } = app.server.address() as AddressInfo;
  return { address: { host: address.host, port }, close: () => app.close() };
}

async function listen(app: ControlServer, { host, port }: ControlAddress): Promise<void> {
  try {
    await app.listen({ host, port });
  } catch (error) {
    await app.close();
    const reason = error instanceof Error ? error.message : String(error);
    throw listenError('MORTISE_ENGINE_LISTEN', `The control listener cannot be opened on ${host}:${port}: ${reason}`, {
      cause: error,
    });
  }
}
