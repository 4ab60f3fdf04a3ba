// The http connector's outbound: one request for each message.

import { Rejected, implementOutbounds } from '@mortise/sdk';
import type { Receipt } from '@mortise/sdk';
import { refuseAddress } from './address.ts';
import { excerptBytesMax, failureOf, isSuccess, silenceOf } from './answer.ts';
import type { Sent } from './answer.ts';
import { openClient } from './client.ts';
import connector from './connector.ts';
import { authorizing, credentialsOf, followingRedirects } from './exchange.ts';
import { addressOf, baseUrlOf, bodyOf, headersOf, isReading, secretsOf, urlOf } from './request.ts';
import { NoAnswer } from './sending.ts';
import type { Answer } from './sending.ts';
import { readTls } from './tls.ts';

/** What an answer says to whoever asked, or of the connection that it came by: not for the flow. */
const withheldHeaders = ['set-cookie', 'connection', 'keep-alive', 'transfer-encoding'];

export const outbounds = implementOutbounds(connector, {
  async request({ connection, clock, log }) {
    const base = baseUrlOf(connection);
    refuseAddress(base.hostname, connection);
    const client = openClient(connection, await readTls(connection.tls));
    const credentials = credentialsOf(connection, client, clock);
    const authorized = authorizing(client.send, base.origin, credentials);
    const secrets = secretsOf(connection);
    return {
      async send(message, { options, deliveryId, signal }) {
        const { method, success, redirectsMax, replyBytesMax } = options;
        const url = urlOf(base, options.path ?? '');
        const sent = (): Sent => ({
          method,
          address: addressOf(url),
          secrets: [...secrets, ...(credentials.tokens?.secrets ?? [])],
        });
        const request = {
          method,
          url,
          headers: headersOf(connection, options, message, deliveryId),
          ...bodyOf(options, message),
        };
        const bytesMaxOf = (status: number) => (isSuccess(status, success) ? replyBytesMax : excerptBytesMax);
        const exchange = followingRedirects(authorized, redirectsMax);
        const answer = await exchange(request, signal, bytesMaxOf).catch((error: unknown) => {
          throw error instanceof NoAnswer ? silenceOf(error, sent()) : error;
        });
        if (!isSuccess(answer.status, success)) throw failureOf(answer, sent(), clock.nowMs());
        if (!answer.isCut) return receiptOf(answer);
        if (isReading(method))
          throw new Rejected(`${method} ${addressOf(url)} gave more than ${replyBytesMax} bytes: raise "replyBytesMax".`);
        log.warn(
          { delivery: deliveryId, status: answer.status, replyBytesMax },
          'The answer is too long for a reply and was dropped.',
        );
        return { detail: `HTTP ${answer.status}, its answer too long to be kept` };
      },
      close: () => client.close(),
    };
  },
});

function receiptOf({ status, headers, body }: Answer): Receipt {
  const contentType = headers['content-type'];
  const shown = Object.entries(headers).filter(([name]) => !withheldHeaders.includes(name));
  return {
    detail: `HTTP ${status}`,
    reply: { body, status, headers: Object.fromEntries(shown), ...(contentType ? { contentType } : {}) },
  };
}
