// What can be wrong with the configuration of the mllp connector.

import { defineErrors } from '@mortise/sdk';

export const mllpError = defineErrors({
  MORTISE_MLLP_ADDRESS_MISSING: {
    actor: 'author',
    cause: 'An outbound of this system sends messages, but its connection has no host or no port.',
    remedy: 'Add "host" and "port" to the connection.',
  },
  MORTISE_MLLP_ADDRESS_REFUSED: {
    actor: 'author',
    cause: 'The host leads to an address which nothing is sent to: link-local, or that of a cloud metadata service.',
    remedy: 'Mend the host or the DNS entry; or say "allowLinkLocal: true" in the connection.',
  },
  MORTISE_MLLP_TLS_UNUSABLE: {
    actor: 'operator',
    cause: 'The certificates or keys cannot be read, or do not fit together.',
    remedy: 'Give each as PEM, either itself or as a file, a certificate together with its key.',
  },
  MORTISE_MLLP_LISTEN_FAILED: {
    actor: 'operator',
    cause: 'The address that an inbound listens on could not be opened.',
    remedy: 'Look whether something else uses the port, or whether the host is an address of this machine.',
  },
});
