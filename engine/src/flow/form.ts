// The fields of a flow file.

import { field } from '@mortise/sdk';

export const flowForm = {
  name: field.text({
    doc: 'The name of the flow; the name of its file where absent.',
    optional: true,
    pattern: /^[a-z0-9][a-z0-9-]*$/,
    expected: 'small letters, digits and hyphens, and no hyphen first',
  }),
  description: field.text({ doc: 'What the flow is for, in a sentence.', optional: true }),
  from: field.targets({ doc: 'Where messages come from: { channel } or { system, inbound }.' }),
  order: field.group(
    {
      by: field.expression({ doc: 'Messages with the same key are delivered one after the other.', example: 'orderId' }),
      onDead: field.choice(['hold', 'skip'], {
        doc: 'What follows when one is dead: those behind it wait for a person, or go on.',
        default: 'hold',
      }),
    },
    { doc: 'Keeps the order of messages with the same key.', optional: true },
  ),
  retry: field.group(
    {
      for: field.duration({ doc: 'How long a delivery is retried before it is dead.', default: '1d' }),
      backoff: field.durationRange({ doc: 'The first pause between attempts, and the longest.', default: '1s..5m' }),
    },
    { doc: 'What follows when a system is unavailable or busy.', optional: true },
  ),
  concurrency: field.integer({ doc: 'How many messages run at the same time.', default: 16, minimum: 1, maximum: 1000 }),
  backlog: field.integer({
    doc: 'From so many waiting messages on, senders are asked to come again later (503).',
    optional: true,
    minimum: 1,
  }),
  resume: field.boolean({ doc: 'Whether a request goes on when its requester is gone.', default: false }),
  steps: field.steps({ doc: 'What happens to a message, in order.', optional: true }),
  to: field.targets({ doc: 'Where the result goes: one target, or several.', optional: true }),
  onDead: field.targets({ doc: 'Where a copy of a dead letter goes.', optional: true }),
};
