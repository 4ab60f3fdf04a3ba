// What can be wrong with a schedule.

import { defineErrors } from '@mortise/sdk';

export const scheduleError = defineErrors({
  MORTISE_SCHEDULE_CRON: {
    actor: 'author',
    cause: 'The cron pattern cannot be read, or names a time that never comes.',
    remedy: 'Write five fields (minute, hour, day of month, month, day of week), or six with the second in front.',
  },
  MORTISE_SCHEDULE_ZONE: {
    actor: 'author',
    cause: 'The time zone is not known.',
    remedy: 'Write a name of the IANA time zone database, such as Europe/Berlin.',
  },
  MORTISE_SCHEDULE_INTERVAL: {
    actor: 'author',
    cause: 'The interval is too short.',
    remedy: 'Write an interval of at least 100ms.',
  },
});
