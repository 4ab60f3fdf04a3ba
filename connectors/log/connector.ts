// The log connector: writes messages to the engine's own log.

import { defineConnector, defineOutbound, field } from '@mortise/sdk';

export default defineConnector({
  name: 'log',
  doc: "Writes messages to the engine's log: for looking at what passes, and for a first flow.",
  connection: {},
  inbounds: {},
  outbounds: {
    write: defineOutbound({
      doc: 'Writes one line for each message.',
      takes: 'value',
      replies: false,
      repeats: 'safe',
      options: {
        level: field.choice(['debug', 'info', 'warn'], { doc: 'The level of the line.', default: 'info' }),
        text: field.text({ doc: 'What the line says; may hold templates.', optional: true, example: 'Order ${orderId}' }),
        body: field.boolean({ doc: 'Whether the body is written too: it may hold personal data.', default: false }),
      },
    }),
  },
});
