// The control listener: one HTTP API for whatever looks at an engine or changes it. Console and command line use it only.

import type { AddressInfo } from 'node:net';
import type { Server as TlsServer } from 'node:tls';
import type { Logger } from '@mortise/sdk';
import { listenError } from '../listen/errors.ts';
import { makeServer } from './server.ts';
import type { ControlServer } from './server.ts';
import { alertRoutes } from './alerts.ts';
import { againRoutes } from './again.ts';
import { approvalRoutes } from './approvals.ts';
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
import { eraseRoutes } from './erase.ts';
import { holdRoutes } from './holds.ts';
import { everybodyRoutes } from './everybody.ts';
import { evidenceRoutes } from './evidence.ts';
import { exportRoutes } from './export.ts';
import { healthRoutes } from './health.ts';
import type { ControlHost } from './host.ts';
import { invitationRoutes } from './invitations.ts';
import { importRoutes } from './import.ts';
import { refuseUnlessLoopback } from './loopback.ts';
import type { ControlAddress } from './loopback.ts';
import { meshRoutes } from './mesh.ts';
import { messageRoutes } from './messages.ts';
import { referencePage, referencePolicy } from './reference-page.ts';
import type { Described } from './reference-page.ts';
import { runningRoutes } from './running.ts';
import { sendRoutes } from './send.ts';
import { streamRoutes } from './stream.ts';
import { loginRoutes } from './login.ts';
import { open } from './objects.ts';
import { ownAccountRoutes } from './own-account.ts';
import { ownTokenRoutes } from './own-tokens.ts';
import { secondFactorRoutes } from './second-factor.ts';
import { secretRoutes } from './secrets.ts';
import { signOnRoutes } from './sign-on-routes.ts';
import { SessionCookie } from './session-cookie.ts';
import { openTls } from './tls.ts';
import type { TlsFiles } from './tls.ts';
import { userRoutes } from './users.ts';
import { upkeepRoutes } from './upkeep.ts';

export interface ControlOptions {
  readonly host: ControlHost;
  readonly address: ControlAddress;
  readonly log: Logger;
  /** Where the built console lies. */
  readonly consoleFolder?: string;
  /** Without, it opens on loopback only. */
  readonly tls?: TlsFiles | undefined;
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
  againRoutes,
  balanceRoutes,
  sendRoutes,
  exportRoutes,
  importRoutes,
  upkeepRoutes,
  runningRoutes,
  streamRoutes,
  ownTokenRoutes,
  secondFactorRoutes,
  userRoutes,
  everybodyRoutes,
  auditRoutes,
  approvalRoutes,
  evidenceRoutes,
  eraseRoutes,
  holdRoutes,
  secretRoutes,
  trafficRoutes,
  findRoutes,
  failureRoutes,
  traceRoutes,
  flowDetailRoutes,
  modelRoutes,
  projectFileRoutes,
  alertRoutes,
];

/** Throws MORTISE_ENGINE_ADDRESS where others could reach it without TLS, MORTISE_ENGINE_TLS, MORTISE_ENGINE_LISTEN where the port cannot be had. */
export async function openControl({ host, address, log, tls: tlsFiles, consoleFolder }: ControlOptions): Promise<Control> {
  const tls = tlsFiles && openTls(tlsFiles, host.clock, log);
  if (!tls) refuseUnlessLoopback(address);
  const cookie = new SessionCookie(tls !== undefined);
  const who = authentication(host, () => cookie.name);
  const server = await makeServer(log, who, auditing(host), tls);
  for (const add of routes) add(server, host);
  loginRoutes(server, host, cookie);
  ownAccountRoutes(server, host, cookie);
  signOnRoutes(server, host, cookie);
  invitationRoutes(server, host, cookie);
  server.get('/api/openapi.json', { config: open, schema: { hide: true } }, async () => server.swagger());
  server.get('/api/docs', { config: open, schema: { hide: true } }, async (_request, reply) =>
    reply
      .header('content-security-policy', referencePolicy)
      .type('text/html; charset=utf-8')
      .send(referencePage(server.swagger() as unknown as Described)),
  );
  if (consoleFolder !== undefined) consoleRoutes(server, consoleFolder);
  await listen(server, address);
  const { port } = server.addresses()[0] as AddressInfo;
  cookie.listensAt(port);
  host.access.openKey(port);
  tls?.watch((context) => (server.server as unknown as TlsServer).setSecureContext(context));
  const close = (): Promise<void> => {
    tls?.stop();
    return server.close();
  };
  return { address: { host: address.host, port }, close };
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
