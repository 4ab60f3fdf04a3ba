// Error codes of users, sessions, tokens and rights.

import { defineErrors } from '@mortise/sdk';

export const accessError = defineErrors({
  MORTISE_ACCESS_LOGIN_NEEDED: {
    actor: 'operator',
    cause: 'A request to the control API says nobody who may ask: it has no session, token or key, or one that has ended.',
    remedy: 'Log in, or send a token as "authorization: Bearer TOKEN".',
  },
  MORTISE_ACCESS_REFUSED: {
    actor: 'operator',
    cause: 'Who asks has not been granted what the request needs.',
    remedy: 'Ask an administrator for the right that is named.',
  },
  MORTISE_ACCESS_CSRF: {
    actor: 'operator',
    cause: 'A request that changes something came with a session, but without the token that only its page knows.',
    remedy: 'Send what GET /api/v1/session gives as "csrf" in the header x-mortise-csrf.',
  },
  MORTISE_ACCESS_WRONG_LOGIN: {
    actor: 'operator',
    cause: 'There is no such user with this password, or the user is disabled.',
    remedy: 'Check name and password; an administrator can set a new one.',
  },
  MORTISE_ACCESS_SECOND_FACTOR: {
    actor: 'operator',
    cause: 'The user has a second factor, and the login came without its code.',
    remedy: 'Send the code that the authenticator program shows, as "totp".',
  },
  MORTISE_ACCESS_SIGN_ON: {
    actor: 'operator',
    cause: 'A single sign-on failed: the provider refused, does not answer, or what it says of the user grants nothing.',
    remedy: 'Try again; else look at access.singleSignOn in mortise.yaml and at what the provider says of the user.',
  },
  MORTISE_ACCESS_SECOND_PERSON: {
    actor: 'operator',
    cause: 'The project puts this under four eyes: a second person has to approve it.',
    remedy:
      'Have another user with the same right approve it, in the console or with POST /api/v1/approvals/ID/approve; then ask again.',
  },
  MORTISE_ACCESS_THROTTLED: {
    actor: 'operator',
    cause: 'Too many requests, or too many logins that failed, came from one place or for one user.',
    remedy: 'Wait for the time that retry-after names.',
  },
  MORTISE_ACCESS_CODE_VOID: {
    actor: 'operator',
    cause: 'A one-time code is wrong, was used before, or is too old.',
    remedy: 'Start the engine again for a new link, or run "mortise login-link" on its machine.',
  },
  MORTISE_ACCESS_PASSWORD_WEAK: {
    actor: 'operator',
    cause: 'A password is too short, too long, or easily guessed.',
    remedy: 'Choose one of at least 12 characters that does not hold the name of the user.',
  },
  MORTISE_ACCESS_TAKEN: {
    actor: 'operator',
    cause: 'There is a user of this name already.',
    remedy: 'Choose another name, or change the user that is there.',
  },
  MORTISE_ACCESS_UNKNOWN: {
    actor: 'operator',
    cause: 'There is no user, session or token of this name.',
    remedy: 'Look at the list; it may have been removed meanwhile.',
  },
  MORTISE_ACCESS_CHANGED: {
    actor: 'operator',
    cause: 'What is to be changed is not as it was when it was read: somebody else changed it meanwhile.',
    remedy: 'Read it again, and send its ETag in If-Match.',
  },
  MORTISE_ACCESS_SECRETS_KEY: {
    actor: 'operator',
    cause:
      'Stored secrets cannot be opened: the key under which they were stored is not there, is another, or may be read by others.',
    remedy: 'Put the key back: secrets.key in the data folder, or what MORTISE_SECRETS_KEY_FILE or MORTISE_SECRETS_KEY say.',
  },
  MORTISE_ACCESS_DAMAGED: {
    actor: 'operator',
    cause: 'The file of users and audit in the data folder cannot be used: it is damaged, or of a newer version.',
    remedy: 'Restore it from a backup, or start the version of Mortise that wrote it.',
  },
});
