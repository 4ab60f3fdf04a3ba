// Sends messages, and says by their acknowledgements what became of them.

import { Busy, implementOutbounds, InDoubt, isBodyStream, keptChunks, Rejected, Unavailable } from '@mortise/sdk';
import type { OutboundOptionsOf, Receipt } from '@mortise/sdk';
import { fitsBlock } from './blocks.ts';
import { connecting } from './client.ts';
import connector from './connector.ts';
import { controlIdOf, readHeader } from './header.ts';
import type { Acknowledgement } from './header.ts';
import { NoAnswer } from './line.ts';
import type { Answer } from './line.ts';
import { Lines } from './lines.ts';

/** Of table 0357: the record is locked, and an error within the receiver. Both may pass. */
const passingErrors: readonly (string | undefined)[] = ['206', '207'];

export const outbounds = implementOutbounds(connector, {
  send: async ({ connection }) => {
    const lines = new Lines(await connecting(connection), connection.connections, connection.idleTimeout);
    return {
      async send(message, { options, signal }) {
        const content = await contentOf(message.body);
        const controlId = sendable(content);
        const answer = await lines.with(signal, async (line) =>
          line.exchange(content, controlId, connection.answerTimeout, signal).catch((error: unknown) => {
            if (!(error instanceof NoAnswer)) throw error;
            if (!error.isSent)
              throw new Unavailable(`The message ${controlId} could not be sent: ${error.message}.`, { cause: error });
            throw new InDoubt(`The message ${controlId} was sent, and ${error.message}.`, { cause: error });
          }),
        );
        return receiptOf(answer, options);
      },
      async close() {
        lines.close();
      },
    };
  },
});

/** The MSH-10 of a message that can be sent. */
function sendable(content: Uint8Array): string {
  const controlId = controlIdOf(readHeader(content));
  if (controlId === '') throw new Rejected('The message has no MSH-10, by which its acknowledgement would be known.');
  if (!fitsBlock(content))
    throw new Rejected(`The message ${controlId} holds the byte 0x0B or 0x1C, which begins or ends a block of MLLP.`);
  return controlId;
}

function receiptOf({ acknowledgement, bytes }: Answer, options: OutboundOptionsOf<typeof connector, 'send'>): Receipt {
  const { code } = acknowledgement;
  if (code === 'AA' || code === 'CA') return { detail: code, reply: { body: bytes, contentType: 'application/hl7-v2' } };
  throw failureOf(acknowledgement, options);
}

/** A code that is none of the standard's refuses too: the receiver has not said that it took the message. */
function failureOf(
  { code, errorCode, text, controlId }: Acknowledgement,
  { retryCodes, retryAfter }: OutboundOptionsOf<typeof connector, 'send'>,
): Error {
  const said = [code, errorCode, text].filter(Boolean).join(', ');
  const message = `The receiver answered ${said || 'nothing'} to the message ${controlId}.`;
  const passes = passingErrors.includes(errorCode) || (retryCodes as readonly string[]).includes(code);
  return passes ? new Busy(message, Math.max(1, retryAfter)) : new Rejected(message);
}

async function contentOf(body: unknown): Promise<Uint8Array> {
  if (body instanceof Uint8Array) return body;
  if (!isBodyStream(body)) throw new Rejected('The body is no bytes: give the outbound a format.');
  return Buffer.concat(await Array.fromAsync(keptChunks(body.open())));
}
