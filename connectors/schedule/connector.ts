// The schedule connector: messages that come by the clock, for flows that nobody else starts.

import { defineConnector, defineInbound, field } from '@mortise/sdk';

const missedOptions = {
  missed: field.choice(['skip', 'once', 'all'], {
    doc: 'What becomes of runs that no engine was there for: nothing, one message for all of them, or one message each.',
    default: 'once',
  }),
  missedMax: field.integer({
    doc: 'How many missed runs are counted, or made up for, at most: the latest.',
    default: 100,
    minimum: 1,
    maximum: 1000,
  }),
  body: field.value({
    doc: 'The body of every message; without it { scheduled, missed }.',
    optional: true,
    example: { report: 'daily' },
  }),
};

export default defineConnector({
  name: 'schedule',
  doc: 'Makes messages by the clock: at times of the calendar, or at an interval.',
  connection: {},
  inbounds: {
    cron: defineInbound({
      doc: 'Makes a message at every time that a cron pattern names.',
      mode: 'listening',
      gives: 'value',
      options: {
        cron: field.text({
          doc: 'Five fields (minute, hour, day of month, month, day of week), or six with the second in front.',
          example: '0 6 * * MON-FRI',
        }),
        zone: field.text({ doc: 'The time zone in which the pattern is read.', default: 'UTC', example: 'Europe/Berlin' }),
        ...missedOptions,
      },
    }),
    interval: defineInbound({
      doc: 'Makes a message again and again, the same time apart.',
      mode: 'listening',
      gives: 'value',
      options: {
        interval: field.duration({ doc: 'The time from one message to the next, at least 100ms.', example: '15m' }),
        align: field.boolean({
          doc: 'Whether the times are multiples of the interval since 1970-01-01T00:00Z: 15m is at :00, :15, :30, :45. Otherwise the first start counts.',
          default: false,
        }),
        ...missedOptions,
      },
    }),
  },
  outbounds: {},
});
