// One HTTP/1.1 connection of the load: sends an order, reads the answer, no more than one at a time.

import { connect } from 'node:net';
import type { Socket } from 'node:net';
import { host, ordersPath } from './addresses.ts';
import { bodyBytes, numberDigits, orderText, stampOffset } from './order.ts';

export type Answered = (connection: LoadConnection, status: number) => void;

const headEnd = Buffer.from('\r\n\r\n');
const statusAt = 'HTTP/1.1 '.length;

export class LoadConnection {
  /** When the request under way was due. */
  dueUs = 0;
  private readonly socket: Socket;
  private readonly answered: Answered;
  private readonly request: Buffer;
  private readonly nameAt: number;
  private readonly stampAt: number;
  private rest: Buffer | undefined;

  private constructor(socket: Socket, port: number, answered: Answered) {
    this.socket = socket;
    this.answered = answered;
    const head = [
      `POST ${ordersPath} HTTP/1.1`,
      `host: ${host}:${port}`,
      'content-type: application/json',
      `content-length: ${bodyBytes}`,
    ];
    this.request = Buffer.from(`${head.join('\r\n')}\r\n\r\n${orderText(0)}`);
    this.nameAt = this.request.indexOf('0'.repeat(numberDigits));
    this.stampAt = this.request.indexOf(String(stampOffset));
    socket.setNoDelay(true);
    socket.on('data', (chunk: Buffer) => this.take(chunk));
  }

  /** Opens; `failed` is called once where the connection breaks, now or later. */
  static async open(port: number, answered: Answered, failed: (error: Error) => void): Promise<LoadConnection> {
    const socket = connect(port, host);
    socket.once('error', failed);
    socket.once('end', () => failed(new Error('The contender closed a connection.')));
    await new Promise((resolve) => socket.once('connect', resolve));
    return new LoadConnection(socket, port, answered);
  }

  send(number: number, dueUs: number, isCounted: boolean): void {
    this.dueUs = dueUs;
    this.request.write(String(number).padStart(numberDigits, '0'), this.nameAt, 'latin1');
    this.request.write(String(stampOffset + (isCounted ? Math.round(dueUs) : 0)), this.stampAt, 'latin1');
    this.socket.write(this.request);
  }

  close(): void {
    this.socket.destroy();
  }

  private take(chunk: Buffer): void {
    const bytes = this.rest ? Buffer.concat([this.rest, chunk]) : chunk;
    const end = answerEnd(bytes);
    this.rest = end > bytes.length ? bytes : undefined;
    if (end <= bytes.length) this.answered(this, Number(bytes.toString('latin1', statusAt, statusAt + 3)));
  }
}

/** Where the answer ends, by its content-length; past the end of the bytes where it is not complete. */
export function answerEnd(bytes: Buffer): number {
  const end = bytes.indexOf(headEnd);
  if (end < 0) return Number.POSITIVE_INFINITY;
  const length = /\r\ncontent-length: *(\d+)/i.exec(bytes.toString('latin1', 0, end))?.[1];
  if (length === undefined) throw new Error(`An answer has no content-length: ${bytes.toString('latin1', 0, end)}`);
  return end + headEnd.length + Number(length);
}
