// Acknowledges an interchange by a TA1 (X12.56), as a pure function of what was found in its envelope.

import type { Interchange } from './envelope.ts';
import { kindOf } from './findings.ts';
import type { Finding } from './findings.ts';
import type { FlatSegment } from './value.ts';

/** The segment; it is rejected where the findings cost all that is in it. */
export function acknowledgeInterchange(
  { controlNumber, date, time }: Interchange,
  findings: readonly Finding[],
  isRejected: boolean,
): FlatSegment {
  const [first] = findings;
  const status = isRejected ? 'R' : first ? 'E' : 'A';
  const number = /^\d{1,9}$/.test(controlNumber) ? controlNumber.padStart(9, '0') : '000000000';
  return ['TA1', number, digits(date, 6), digits(time, 4), status, first ? kindOf(first.name).code : '000'];
}

function digits(text: string, count: number): string {
  return text.replace(/\D/g, '').padEnd(count, '0').slice(0, count);
}

/** The envelope of an answer: what came from there goes back there. Numbers, date and time are for whoever sends it. */
export function answerTo(interchange: Interchange): Partial<Interchange> {
  const { senderQualifier, sender, receiverQualifier, receiver, version, usage, standard } = interchange;
  return {
    authorizationQualifier: '00',
    authorization: '',
    securityQualifier: '00',
    security: '',
    senderQualifier: receiverQualifier,
    sender: receiver,
    receiverQualifier: senderQualifier,
    receiver: sender,
    ...(standard === undefined ? {} : { standard }),
    version,
    acknowledgmentRequested: '0',
    usage,
  };
}
