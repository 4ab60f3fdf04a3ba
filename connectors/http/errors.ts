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
    cause: 'The URL leads to an address which requests are not sent to: link-local, cloud metadata, or as the connection says.',
    remedy: 'Mend the URL or the DNS entry; or allow it in the connection (allowLinkLocal, allowPrivate, allowLoopback).',
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
  MORTISE_HTTP_PROXY_INVALID: {
    actor: 'author',
    cause: 'The URL of the proxy is none, or says more than where the proxy is.',
    remedy: 'Write http:// or https://, host and port; user and password stand beside it.',
  },
  MORTISE_HTTP_TLS_UNUSABLE: {
    actor: 'operator',
    cause: 'A certificate or key of the connection cannot be read, or is given twice.',
    remedy: 'Give it as PEM, by a secret or by a file, the key with its passphrase; certificate and key together.',
  },
  MORTISE_HTTP_KEY_REUSED: {
    actor: 'other system',
    cause: 'A request came under an Idempotency-Key with which another body had come before.',
    remedy: 'Give every message a key of its own, and send it again with the same body only.',
  },
  MORTISE_HTTP_KEY_IN_USE: {
    actor: 'other system',
    cause: 'A request came while the first one with its Idempotency-Key was still being answered.',
    remedy: 'Wait for the answer of the first one, or send the same again later.',
  },
});
