// Looks when certificates end: of the control listener, of connections whatever their connector, of files and servers that rules name.

import { X509Certificate } from 'node:crypto';
import { open } from 'node:fs/promises';
import { isIP } from 'node:net';
import { resolve as resolvePath } from 'node:path';
import { connect } from 'node:tls';
import type { Fields } from '@mortise/sdk';
import type { AlertRule } from '../project/alerts.ts';
import type { Project } from '../project/load.ts';
import { mapFields } from '../project/walk.ts';
import type { SeenCertificate } from './conditions.ts';

export type ResolveSecrets = (fields: Fields, values: Readonly<Record<string, unknown>>) => Readonly<Record<string, unknown>>;

/** A longer file is no certificate. */
const fileBytesMax = 256 * 1024;
const connectMs = 10_000;
const pem = /-----BEGIN CERTIFICATE-----[^-]+-----END CERTIFICATE-----/;

/** Whatever cannot be looked at is left out: a system that is down is another alert. */
export async function lookAtCertificates(
  rules: readonly AlertRule[],
  project: Project,
  resolve: ResolveSecrets,
): Promise<readonly SeenCertificate[]> {
  const conditions = rules.flatMap(({ when }) => (when.kind === 'certificate' ? [when] : []));
  if (conditions.length === 0) return [];
  const { controlTls } = project.settings.listeners;
  const files = [...(controlTls ? [controlTls.certificate] : []), ...conditions.flatMap(({ files: named = [] }) => named)];
  const hosts = conditions.flatMap(({ hosts: named = [] }) => named);
  const seen = await Promise.all([
    ...[...new Set(files)].map((file) => ofFile(file, resolvePath(project.folder, file))),
    ...[...new Set(hosts)].map(ofServer),
    ofConnections(project, resolve),
  ]);
  return seen.flat();
}

async function ofFile(at: string, path: string): Promise<readonly SeenCertificate[]> {
  return ofText(at, await textOf(path));
}

function ofText(at: string, text: string | undefined): readonly SeenCertificate[] {
  // Of a chain the first is the one's own; those of authorities are another's business.
  const found = pem.exec(text ?? '')?.[0];
  if (found === undefined) return [];
  try {
    return [{ at, validToMs: Date.parse(new X509Certificate(found).validTo) }];
  } catch {
    return [];
  }
}

async function textOf(path: string): Promise<string | undefined> {
  const file = await open(path).catch(() => undefined);
  if (!file) return undefined;
  try {
    const { size } = await file.stat();
    return size > fileBytesMax ? undefined : await file.readFile('utf8');
  } catch {
    return undefined;
  } finally {
    await file.close();
  }
}

/** Every option of a connection that is a certificate, or a file of one. */
async function ofConnections({ catalog, definitions }: Project, resolve: ResolveSecrets): Promise<readonly SeenCertificate[]> {
  const connections = [...definitions.systems.values()].flatMap((system) => [...system.connections.values()]);
  const seen = connections.map(async ({ system, name, connector, values }) => {
    const at = name === 'default' ? system : `${system}.${name}`;
    const { connection } = await catalog.connector(connector);
    const texts: Promise<string | undefined>[] = [];
    try {
      mapFields(connection, resolve(connection, values), (spec, value) => {
        if (typeof value === 'string' && spec.kind === 'path') texts.push(textOf(value));
        else if (typeof value === 'string') texts.push(Promise.resolve(value));
        return value;
      });
    } catch {
      return [];
    }
    return (await Promise.all(texts)).flatMap((text) => ofText(at, text));
  });
  return (await Promise.all(seen)).flat();
}

/** What a server shows, trusted or not: only its end is looked at. */
function ofServer(at: string): Promise<readonly SeenCertificate[]> {
  const host = at.slice(0, at.lastIndexOf(':')).replace(/^\[|\]$/g, '');
  const port = Number(at.slice(at.lastIndexOf(':') + 1));
  // An address has no place in a server's name (RFC 6066, section 3).
  const name = isIP(host) === 0 ? { servername: host } : {};
  return new Promise((done) => {
    const socket = connect({ host, port, ...name, rejectUnauthorized: false, timeout: connectMs }, () => {
      const validToMs = Date.parse(socket.getPeerCertificate().valid_to);
      socket.destroy();
      done(Number.isNaN(validToMs) ? [] : [{ at, validToMs }]);
    });
    const nothing = (): void => {
      socket.destroy();
      done([]);
    };
    socket.on('error', nothing);
    socket.on('timeout', nothing);
  });
}
