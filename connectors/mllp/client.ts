// Connects to the system: TCP or TLS, within the time that the connection allows; and asks whether it is there.

import { connect as connectTcp, isIP } from 'node:net';
import type { Socket } from 'node:net';
import { connect as connectTls } from 'node:tls';
import { Unavailable } from '@mortise/sdk';
import type { ConnectionValuesOf, Ping } from '@mortise/sdk';
import { guardedLookup, refuseAddress } from './address.ts';
import type connector from './connector.ts';
import { mllpError } from './errors.ts';
import { readTls } from './tls.ts';

export type Connection = ConnectionValuesOf<typeof connector>;

/** Opens connections to the system. */
export type Connect = (signal: AbortSignal) => Promise<Socket>;

/** Looks at the connection before anything is sent: throws what is wrong with it. */
export async function connecting(connection: Connection): Promise<Connect> {
  const { host, port, allowLinkLocal, connectTimeout, tls } = connection;
  if (host === undefined || port === undefined)
    throw mllpError('MORTISE_MLLP_ADDRESS_MISSING', 'The connection has no "host" and "port", which messages could be sent to.');
  if (!allowLinkLocal) refuseAddress(host);
  const address = { host, port, noDelay: true, ...(allowLinkLocal ? {} : { lookup: guardedLookup }) };
  const secure = tls && { ...(await readTls(tls)), servername: tls.serverName ?? (isIP(host) === 0 ? host : '') };
  return async (signal) => {
    const socket = secure ? connectTls({ ...address, ...secure }) : connectTcp(address);
    const time = AbortSignal.any([signal, AbortSignal.timeout(connectTimeout)]);
    try {
      await established(socket, secure ? 'secureConnect' : 'connect', time);
      return socket;
    } catch (error) {
      socket.destroy();
      const why =
        time.aborted && !signal.aborted ? `no connection came about within ${connectTimeout} ms` : (error as Error).message;
      throw new Unavailable(`${host}:${port} cannot be reached: ${why}.`, { cause: error });
    }
  };
}

export const ping: Ping<typeof connector> = async (connection, signal) => {
  const connect = await connecting(connection);
  const socket = await connect(signal);
  socket.destroy();
  return `A connection to ${connection.host}:${connection.port} came about.`;
};

async function established(socket: Socket, event: 'connect' | 'secureConnect', signal: AbortSignal): Promise<void> {
  const { promise, resolve, reject } = Promise.withResolvers<void>();
  const aborted = () => reject(new Error('it was given up'));
  const closed = () => reject(new Error('the connection was closed at once'));
  socket.once(event, resolve).once('error', reject).once('close', closed);
  signal.addEventListener('abort', aborted);
  if (signal.aborted) aborted();
  try {
    await promise;
  } finally {
    signal.removeEventListener('abort', aborted);
    socket.off(event, resolve).off('error', reject).off('close', closed);
    // Whoever takes the socket over listens too; one that is given up may still fail.
    socket.on('error', () => undefined);
  }
}
