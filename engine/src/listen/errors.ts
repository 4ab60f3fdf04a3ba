// Error codes of the listeners.

import { defineErrors } from '@mortise/sdk';

export const listenError = defineErrors({
  MORTISE_ENGINE_ROUTE_TAKEN: {
    actor: 'author',
    cause: 'Two inbounds want the same method and path on the inbound listener.',
    remedy: 'Give one of them another path.',
  },
  MORTISE_HTTP_BODY_TOO_LARGE: {
    actor: 'other system',
    cause: 'The body of a request is longer than the inbound takes.',
    remedy: 'Send less at a time, or raise limits.message in mortise.yaml.',
  },
  MORTISE_HTTP_NO_ROUTE: {
    actor: 'other system',
    cause: 'No inbound listens at this path.',
    remedy: 'Look at the path of the inbound in the system; the flow that uses it must run.',
  },
  MORTISE_HTTP_NOT_READY: {
    actor: 'other system',
    cause: 'The engine is starting, stopping or reloading, and does not know yet, or any more, who listens at this path.',
    remedy: 'Send it again after the time that retry-after names.',
  },
  MORTISE_HTTP_METHOD: {
    actor: 'other system',
    cause: 'An inbound listens at this path, but for another method.',
    remedy: 'Use the method that the answer names.',
  },
  MORTISE_HTTP_FAULT: {
    actor: 'mortise',
    cause: 'A request could not be handled, for a reason that is in the log.',
    remedy: 'Look into the log; report it if it names no reason of yours.',
  },
  MORTISE_ENGINE_LISTEN: {
    actor: 'operator',
    cause: 'A listener could not be opened.',
    remedy: 'Stop what has the port, or give another one with --listen, --control or in mortise.yaml.',
  },
  MORTISE_ENGINE_ADDRESS: {
    actor: 'operator',
    cause: 'A listener address is not HOST:PORT, or is not allowed.',
    remedy: 'Write HOST:PORT. Beyond loopback the control listener needs TLS: listeners.controlTls in mortise.yaml.',
  },
  MORTISE_ENGINE_TLS: {
    actor: 'operator',
    cause: 'The certificate of the control listener, or its key, cannot be read, or the two do not fit.',
    remedy: 'Name PEM files that the engine may read in listeners.controlTls.',
  },
});
