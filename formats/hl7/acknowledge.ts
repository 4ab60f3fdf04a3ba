// The acknowledgement of a message, as a pure function (HL7 2.5, section 2.9): a message again, which encode writes.

import { isRecord } from './write-segment.ts';

type Values = Readonly<Record<string, unknown>>;

export interface Outcome {
  /** `accepted`: taken. `error`: it could not be processed, as it is. `rejected`: it could not be processed now, or is of a wrong kind. */
  readonly outcome: 'accepted' | 'error' | 'rejected';
  /**
   * Which acknowledgement of the enhanced mode this is: that it is in safe keeping (CA, CE, CR, as MSH-15 asks), or what became of
   * it (AA, AE, AR, as MSH-16 asks). Without MSH-15 and MSH-16 there is only the one of the original mode: AA, AE or AR.
   */
  readonly stage?: 'accept' | 'application';
  /** MSH-10 of the acknowledgement. */
  readonly controlId: string;
  /** MSH-7 of the acknowledgement, as HL7 writes times: 20261126101500+0100. */
  readonly time: string;
  /** What is wrong, for people. */
  readonly text?: string;
  /** The code of table 0357; 207, an application's own error, where it is not told. */
  readonly errorCode?: string;
  /** Where it is wrong: the segment, its number among those of its name, the field, and so on. */
  readonly location?: {
    readonly segment: string;
    readonly sequence?: number;
    readonly field?: number;
    readonly repetition?: number;
    readonly component?: number;
    readonly subcomponent?: number;
  };
}

const letters = { accepted: 'A', error: 'E', rejected: 'R' } as const;
/** Which outcomes a condition of MSH-15 and MSH-16 (table 0155) asks to be told. */
const wanted: Readonly<Record<string, readonly Outcome['outcome'][]>> = {
  AL: ['accepted', 'error', 'rejected'],
  NE: [],
  ER: ['error', 'rejected'],
  SU: ['accepted'],
};

/** The acknowledgement of a message that decode gave; undefined where its sender does not want to be told this outcome. */
export function acknowledge(message: unknown, outcome: Outcome): Values | undefined {
  const header = headerOf(message);
  const [acceptWish, applicationWish] = [
    textOf(header['acceptAcknowledgmentType']),
    textOf(header['applicationAcknowledgmentType']),
  ];
  const isEnhanced = acceptWish !== '' || applicationWish !== '';
  const isAccept = isEnhanced && outcome.stage === 'accept';
  if (isEnhanced && !isWanted(isAccept ? acceptWish : applicationWish, outcome.outcome)) return undefined;
  const version = textOf(isRecord(header['versionId']) ? header['versionId']['versionId'] : header['versionId']);
  const code = (isAccept ? 'C' : 'A') + letters[outcome.outcome];
  return {
    segments: [
      replyHeader(header, outcome, version),
      replySegment(header, outcome, code, version),
      ...errorSegments(outcome, version),
    ],
    syntax: present({ delimiters: delimitersOf(message), terminator: 'cr' }),
  };
}

/** With the parties swapped. What the standard wants back as it came, is. */
function replyHeader(header: Values, { controlId, time }: Outcome, version: string): Values {
  const { messageType } = header;
  const trigger = isRecord(messageType) ? textOf(messageType['triggerEvent']) : '';
  const structure = atLeast(version, '2.3.1') ? { messageStructure: 'ACK' } : {};
  const kept = ['processingId', 'versionId', 'countryCode', 'characterSet', 'principalLanguageOfMessage'];
  return present({
    segment: 'MSH',
    sendingApplication: header['receivingApplication'],
    sendingFacility: header['receivingFacility'],
    receivingApplication: header['sendingApplication'],
    receivingFacility: header['sendingFacility'],
    dateTimeOfMessage: time,
    messageType: { messageCode: 'ACK', ...(trigger === '' ? {} : { triggerEvent: trigger, ...structure }) },
    messageControlId: controlId,
    ...Object.fromEntries(kept.map((name) => [name, header[name]])),
  });
}

/** MSA-3, the text, was given up for ERR-8 in 2.4 and later. */
function replySegment(header: Values, { text, outcome }: Outcome, code: string, version: string): Values {
  const isOld = !atLeast(version, '2.5');
  return present({
    segment: 'MSA',
    acknowledgmentCode: code,
    messageControlId: header['messageControlId'],
    textMessage: isOld && outcome !== 'accepted' ? text : undefined,
  });
}

/** ERR has had these fields since 2.5. */
function errorSegments({ outcome, text, location, errorCode = '207' }: Outcome, version: string): Values[] {
  if (outcome === 'accepted' || !atLeast(version, '2.5')) return [];
  const place = location && {
    segmentId: location.segment,
    segmentSequence: String(location.sequence ?? 1),
    ...numbered('fieldPosition', location.field),
    ...numbered('fieldRepetition', location.repetition),
    ...numbered('componentNumber', location.component),
    ...numbered('subComponentNumber', location.subcomponent),
  };
  const errors = { identifier: errorCode, nameOfCodingSystem: 'HL70357' };
  return [present({ segment: 'ERR', errorLocation: place && [place], hl7ErrorCode: errors, severity: 'E', userMessage: text })];
}

function numbered(name: string, value: number | undefined): Values {
  return value === undefined ? {} : { [name]: String(value) };
}

function headerOf(message: unknown): Values {
  const segments = isRecord(message) ? message['segments'] : undefined;
  const first: unknown = Array.isArray(segments) ? segments[0] : undefined;
  return isRecord(first) ? first : {};
}

function delimitersOf(message: unknown): unknown {
  const syntax = isRecord(message) ? message['syntax'] : undefined;
  return isRecord(syntax) ? syntax['delimiters'] : undefined;
}

/** In the enhanced mode what is not asked for is not wanted; a condition that nobody knows is taken for "always". */
function isWanted(condition: string, outcome: Outcome['outcome']): boolean {
  if (condition === '') return false;
  return Object.hasOwn(wanted, condition) ? (wanted[condition] ?? []).includes(outcome) : true;
}

function textOf(value: unknown): string {
  return typeof value === 'string' ? value : '';
}

function present(values: Values): Values {
  return Object.fromEntries(Object.entries(values).filter(([, value]) => value !== undefined && value !== ''));
}

/** Versions such as 2.3.1 by their numbers. One that is missing or no version is taken for an old one. */
function atLeast(version: string, bound: string): boolean {
  const [one, other] = [version, bound].map((text) => text.split('.').map(Number));
  for (let index = 0; index < 3; index += 1) {
    const difference = (one?.[index] ?? 0) - (other?.[index] ?? 0);
    if (difference !== 0) return difference > 0;
  }
  return true;
}
