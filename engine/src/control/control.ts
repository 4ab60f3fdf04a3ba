// The control listener: one HTTP API for whatever looks at an engine or changes it. Console and command line use it only.

import type { AddressInfo } from 'node:net';
import type { Logger } from '@mortise/sdk';
import { listenError } from '../listen/errors.ts';
import { makeServer } from './server.ts';
import type { ControlServer } from './server.ts';
import { auditRoutes } from './audit.ts';
import { auditing } from './auditing.ts';
import { authentication } from './authentication.ts';
import { balanceRoutes } from './balance.ts';
import { consoleRoutes } from './console.ts';
import { deliveryRoutes } from './deliveries.ts';
import { failureRoutes } from './failures.ts';
import { findRoutes } from './find.ts';
import { flowDetailRoutes } from './flow-detail.ts';
import { modelRoutes } from './models.ts';
import { projectFileRoutes } from './project-files.ts';
import { traceRoutes } from './trace.ts';
import { trafficRoutes } from './traffic.ts';
import { exportRoutes } from './export.ts';
import { healthRoutes } from './health.ts';
import type { ControlHost } from './host.ts';
import { importRoutes } from './import.ts';
import { refuseUnlessLoopback } from './loopback.ts';
import type { ControlAddress } from './loopback.ts';
import { meshRoutes } from './mesh.ts';
import { messageRoutes } from './messages.ts';
import { runningRoutes } from './running.ts';
import { sendRoutes } from './send.ts';
import { streamRoutes } from './stream.ts';
import { loginRoutes } from './login.ts';
import { open } from './objects.ts';
import { ownAccountRoutes } from './own-account.ts';
import { ownTokenRoutes } from './own-tokens.ts';
import { secretRoutes } from './secrets.ts';
import { SessionCookie } from './session-cookie.ts';
import { userRoutes } from './users.ts';
import { upkeepRoutes } from './upkeep.ts';

export interface ControlOptions {
  readonly host: ControlHost;
  readonly address: ControlAddress;
  readonly log: Logger;
  /** Where the built console lies. */
  readonly consoleFolder?: string;
}

export interface Control {
  /** With the port that it got. */
  readonly address: ControlAddress;
  /** Idempotent. Requests that are under way are cut. */
  close(): Promise<void>;
}

const routes = [
  healthRoutes,
  meshRoutes,
  messageRoutes,
  deliveryRoutes,
  balanceRoutes,
  sendRoutes,
  exportRoutes,
  importRoutes,
  upkeepRoutes,
  runningRoutes,
  streamRoutes,
  ownTokenRoutes,
  userRoutes,
  auditRoutes,
  secretRoutes,
  trafficRoutes,
  findRoutes,
  failureRoutes,
  traceRoutes,
  flowDetailRoutes,
  modelRoutes,
  projectFileRoutes,
];

/** Throws MORTISE_ENGINE_ADDRESS where others could reach it, MORTISE_ENGINE_LISTEN where the port cannot be had. */
export async function openControl({ host, address, log, consoleFolder }: ControlOptions): Promise<Control> {
  refuseUnlessLoopback(address);
  const cookie = new SessionCookie(false);
  const server = await makeServer(
    log,
    authentication(host, () => cookie.name),
    auditing(host),
  );
  for (const add of routes) add(server, host);
  loginRoutes(server, host, cookie);
  ownAccountRoutes(server, host, cookie);
  server.get('/api/openapi.json', { config: open, schema: { hide: true } }, async () => server.swagger());
  if (consoleFolder !== undefined) consoleRoutes(server, consoleFolder);
  await listen(server, address);
  const { port } = server.addresses()[0] as AddressInfo;
  cookie.listensAt(port);
  host.access.openKey(port);
  return { address: { host: address.host, port }, close: () => server.close() };
}

async function listen(server: ControlServer, { host, port }: ControlAddress): Promise<void> {
  try {
    await server.listen({ host, port });
  } catch (error) {
    await server.close();
    const reason = error instanceof Error ? error.message : String(error);
    throw listenError('MORTISE_ENGINE_LISTEN', `The control listener cannot be opened on ${host}:${port}: ${reason}`, {
      cause: error,
    });
  }
}
