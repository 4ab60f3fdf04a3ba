// The log connector's outbound.

import { implementOutbounds } from '@mortise/sdk';
import connector from './connector.ts';

export const outbounds = implementOutbounds(connector, {
  write: async ({ log }) => ({
    async send(message, { options, deliveryId }) {
      const facts = {
        message: message.id,
        delivery: deliveryId,
        type: message.type,
        ...(options.body ? { body: message.body } : {}),
      };
      log[options.level](facts, options.text ?? `message ${message.id}`);
      return { detail: `logged at ${options.level}` };
    },
    async close() {},
  }),
});
