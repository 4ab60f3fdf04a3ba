// What can be wrong with the configuration of the http connector.

import { defineErrors } from '@mortise/sdk';

export const httpError = defineErrors({
  MORTISE_HTTP_URL_MISSING: {
    actor: 'author',
    cause: 'An outbound of this system sends requests, but its connection has no URL.',
    remedy: 'Add "url" to the connection.',
  },
  MORTISE_HTTP_URL_INVALID: {
    actor: 'author',
    cause: 'The URL of the connection is none that requests can be sent to.',
    remedy: 'Write http:// or https://, a host, and a path if need be; credentials belong under "auth".',
  },
  MORTISE_HTTP_ADDRESS_REFUSED: {
    actor: 'author',
    cause: 'The URL leads to a link-local or cloud metadata address, which requests are not sent to.',
    remedy: 'Mend the URL or the DNS entry; or say "allowLinkLocal: true" in the connection where it is meant.',
  },
  MORTISE_HTTP_SECRET_UNUSABLE: {
    actor: 'operator',
    cause: 'A secret that webhooks are verified with is empty, or is not of the form that the scheme asks for.',
    remedy: 'Set the secret as the sending system shows it.',
  },
  MORTISE_HTTP_PUBLIC_URL_INVALID: {
    actor: 'author',
    cause: 'The URL under which the sender knows a webhook is none, or has a query.',
    remedy: 'Write the URL as it is configured at the sender: https://, host and path; the query is taken from each request.',
  },
});
