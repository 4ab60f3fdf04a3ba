// Error codes of the harness that runs a project's tests.

import { defineErrors } from '@mortise/sdk';

export const harnessError = defineErrors({
  MORTISE_HARNESS_FLOW: {
    actor: 'author',
    cause: 'The flow, outbound or inbound of a test does not exist, or has errors.',
    remedy: 'Run "mortise check", and mend what it names.',
  },
  MORTISE_HARNESS_BODY: {
    actor: 'author',
    cause: 'The body that a test gives is not what the flow receives.',
    remedy: 'Give what its inbound takes: text or a file for bytes, a value for its format; a channel takes a value.',
  },
  MORTISE_HARNESS_RESTLESS: {
    actor: 'author',
    cause: 'A test did not come to an end: something was still owed when its time was over.',
    remedy: 'Look for a script that never returns, or for flows that send to one another without end.',
  },
  MORTISE_HARNESS_NO_REPLY: {
    actor: 'author',
    cause: 'The flow calls an outbound, and the test does not say what that replies.',
    remedy: 'Write it into the test: systems: { system.outbound: { reply: … } }.',
  },
});
