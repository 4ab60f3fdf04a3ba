// Error codes of the control API.

import { defineErrors } from '@mortise/sdk';

export const controlError = defineErrors({
  MORTISE_CONTROL_HOST: {
    actor: 'operator',
    cause: 'A request names another host than the control listener; a page of a stranger may be behind it.',
    remedy: 'Ask by the address of the listener itself, or by localhost.',
  },
  MORTISE_CONTROL_ORIGIN: {
    actor: 'operator',
    cause: 'A request comes from a page of another origin.',
    remedy: 'Open the console on the control listener itself.',
  },
  MORTISE_CONTROL_CONTENT_TYPE: {
    actor: 'operator',
    cause: 'A request that changes something is not JSON: a form of a foreign page could send such a one.',
    remedy: 'Send the header "content-type: application/json".',
  },
  MORTISE_CONTROL_REQUEST: {
    actor: 'operator',
    cause: 'A request has parameters or a body that the API does not take.',
    remedy: 'Send what /api/openapi.json says.',
  },
  MORTISE_CONTROL_NO_ROUTE: {
    actor: 'operator',
    cause: 'The API has nothing under this method and path.',
    remedy: 'Look at /api/openapi.json.',
  },
  MORTISE_CONTROL_NO_CONSOLE: {
    actor: 'operator',
    cause: 'The console is asked for, and its built files are not beside the engine.',
    remedy: 'Build it with "npm run console"; an installed package brings it built.',
  },
  MORTISE_CONTROL_CHANGED: {
    actor: 'author',
    cause: 'A file was to be written, and it is not what it was when the writer read it.',
    remedy: 'Look at what it is now, which is told with this problem; bring both together, and apply that.',
  },
  MORTISE_CONTROL_PRECONDITION: {
    actor: 'operator',
    cause: 'A change names, in If-Match, another version than the one that is there: somebody else changed it meanwhile.',
    remedy: 'Read it again, and send its ETag in If-Match; or send none, to change whatever is there.',
  },
  MORTISE_CONTROL_NOT_WRITABLE: {
    actor: 'author',
    cause: 'A file was to be written that the API does not write: code, or something that is no part of a project.',
    remedy: 'Change it with an editor; the running project takes it up with "mortise reload".',
  },
  MORTISE_CONTROL_BODY_TOO_LARGE: {
    actor: 'operator',
    cause: 'The body of a request to the API is longer than it takes.',
    remedy: 'Send the message to its inbound instead: that takes up to limits.message.',
  },
  MORTISE_CONTROL_UNKNOWN: {
    actor: 'operator',
    cause: 'Something is named that the running project does not have.',
    remedy: 'Correct the name, or reload the project.',
  },
  MORTISE_CONTROL_BODY: {
    actor: 'operator',
    cause: 'The body of a message that was to be sent is not what the target takes.',
    remedy: 'Give one of "text", "base64" and "value"; a channel takes JSON.',
  },
  MORTISE_CONTROL_NO_REPLY: {
    actor: 'operator',
    cause: 'The message was accepted, but the flow gave no reply in time.',
    remedy: 'Look at its journey, by the id that is named.',
  },
  MORTISE_CONTROL_REFUSED: {
    actor: 'other system',
    cause: 'The message was not understood: it is recorded as invalid.',
    remedy: 'Mend the message at the place that is named, or the format or the model of the inbound.',
  },
  MORTISE_CONTROL_STREAMS: {
    actor: 'operator',
    cause: 'More streams of what is live are open than one engine serves.',
    remedy: 'Close pages of the console that nobody looks at.',
  },
  MORTISE_CONTROL_FAULT: {
    actor: 'mortise',
    cause: 'A request could not be answered, for a reason that is in the log.',
    remedy: 'Look into the log; report it if it names no reason of yours.',
  },
});
