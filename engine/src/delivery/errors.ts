// Error codes of delivery.

import { defineErrors } from '@mortise/sdk';

export const engineError = defineErrors({
  MORTISE_DELIVERY_REHEARSAL: {
    actor: 'operator',
    cause:
      'A flow that runs again for a look, or for a dry run, asks a system what it was not asked when the message was recorded.',
    remedy:
      'Nothing was sent. Apply the change to see what the system answers, or look at a message that was recorded with this call.',
  },
  MORTISE_DELIVERY_EXPIRED: {
    actor: 'author',
    cause: 'The message was delivered later than its expiry allows.',
    remedy: 'Discard it, or replay it if it is still worth something; look at why it waited so long.',
  },
  MORTISE_DELIVERY_CRASHED: {
    actor: 'author',
    cause: 'The process died three times while this message ran alone.',
    remedy: "Look at the project's own functions and at the sizes in this message before you retry it.",
  },
  MORTISE_DELIVERY_POSSIBLY_SENT: {
    actor: 'operator',
    cause: 'The process died while this was being sent to a system that is not idempotent.',
    remedy:
      'Look in the receiving system whether it arrived, then discard or retry; or say "onInDoubt: retry" if it is idempotent.',
  },
  MORTISE_DELIVERY_NO_DESTINATION: {
    actor: 'author',
    cause: 'The flow or the outbound that this delivery is for is not part of the project any more.',
    remedy: 'Bring it back, or discard the delivery.',
  },
  MORTISE_DELIVERY_NOT_FOUND: {
    actor: 'operator',
    cause: 'There is no message or delivery with this id.',
    remedy: 'Look the id up with "mortise messages"; the journal may have dropped it after its retention.',
  },
  MORTISE_DELIVERY_WRONG_STATE: {
    actor: 'operator',
    cause: 'What was asked is not possible in the state in which the delivery is.',
    remedy: 'Retry is for dead and in doubt; discard for dead, in doubt, waiting and held; replay makes a new message of any.',
  },
  MORTISE_DELIVERY_DISCARDED: {
    actor: 'operator',
    cause: 'A person discarded the message while it was under way; what it had done is undone for this reason.',
    remedy: 'Nothing is to be done, unless what is undone fails in its turn.',
  },
  MORTISE_DELIVERY_ABANDONED: {
    actor: 'other system',
    cause: 'The requester was gone before the flow had come to its end; what it had done is undone for this reason.',
    remedy: 'Say "resume: true" where the flow is to go on without its requester.',
  },
  MORTISE_DELIVERY_DAMAGED: {
    actor: 'operator',
    cause: 'What the store holds of this message is not what was written: the disk changed it. It is not delivered.',
    remedy:
      'Look at the disk; restore a backup beside this data folder and send the message from there, or have its sender send it again.',
  },
  MORTISE_DELIVERY_UNDELIVERED: {
    actor: 'operator',
    cause: 'What is to be erased may still be delivered: it waits, is held, in doubt, or dead.',
    remedy: 'Wait, retry or discard these first; or erase with "--undelivered discard", which discards them with the reason.',
  },
  MORTISE_DELIVERY_KEEPS: {
    actor: 'operator',
    cause:
      'A part of what came of a message is to be run again, or all of it on another revision, and the flow keeps something between messages.',
    remedy: 'Run it again as a whole on the revision of today: with "outbounds: all", or by a replay.',
  },
  MORTISE_DELIVERY_ERASED: {
    actor: 'operator',
    cause: 'What is asked for was erased, since it was about a person who had a right to that.',
    remedy: 'It is gone for good. Where it is needed again, its sender has to send it again.',
  },
  MORTISE_DELIVERY_FAULT: {
    actor: 'mortise',
    cause: 'Something threw an error that is none of the known kinds.',
    remedy: 'Report it with the message id; the connector or the engine is to be mended.',
  },
});
