// The little of HL7 that acknowledgements take: who sent a message, its MSH-10, and what an acknowledgement says.

/** Fields of MSH, as they stand there. */
export interface Header {
  /** MSH-1 and MSH-2. */
  readonly separator: string;
  readonly encodingCharacters: string;
  /** By number: `fields[10]` is MSH-10. */
  readonly fields: readonly string[];
}

export type Outcome = 'accepted' | 'error' | 'rejected';

/** What a receiver answered, as its MSA and ERR say. */
export interface Acknowledgement {
  /** MSA-1: AA, AE, AR, CA, CE or CR; or what else stands there. */
  readonly code: string;
  /** MSA-2: the MSH-10 of the message that it is about. */
  readonly controlId: string;
  /** A code of table 0357, where one is given. */
  readonly errorCode: string | undefined;
  /** What it says to people. */
  readonly text: string;
}

const letters = { accepted: 'A', error: 'E', rejected: 'R' } as const;
/** Which outcomes a condition of MSH-15 (table 0155) asks to be told. */
const wanted: Readonly<Record<string, readonly Outcome[]>> = {
  AL: ['accepted', 'error', 'rejected'],
  NE: [],
  ER: ['error', 'rejected'],
  SU: ['accepted'],
};
const textCharactersMax = 300;

/** The header of a message; undefined where it begins with none. Bytes beyond ASCII keep their values, as Latin-1. */
export function readHeader(bytes: Uint8Array): Header | undefined {
  const line = firstLine(Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length));
  const separator = line[3] ?? '';
  if (!line.startsWith('MSH') || !/^[!-/:-@[-`{-~]$/.test(separator)) return undefined;
  const [name = '', encodingCharacters = '', ...rest] = line.split(separator);
  return { separator, encodingCharacters, fields: [name, separator, encodingCharacters, ...rest] };
}

/** MSH-10, as one text that no separator of the header stands in. */
export function controlIdOf(header: Header | undefined): string {
  return header?.fields[10] ?? '';
}

/**
 * The acknowledgement of a message: AA, AE or AR; CA, CE or CR where MSH-15 asks for one of the enhanced mode. Undefined where its
 * sender does not want to be told this outcome. A message without a legible header gets one of the original mode.
 */
export function acknowledgementOf(
  header: Header | undefined,
  told: { readonly outcome: Outcome; readonly text?: string; readonly controlId: string; readonly nowMs: number },
): Uint8Array | undefined {
  const { separator = '|', encodingCharacters = '^~\\&', fields = [] } = header ?? {};
  const condition = fields[15] ?? '';
  const isWanted = Object.hasOwn(wanted, condition) ? wanted[condition]?.includes(told.outcome) : true;
  if (isWanted !== true) return undefined;
  const component = encodingCharacters[0] ?? '^';
  const [, trigger = ''] = (fields[9] ?? '').split(component);
  const type = ['ACK', ...(trigger === '' ? [] : [trigger])].join(component);
  const [, , , application = '', facility = '', receiver = '', receiverFacility = ''] = fields;
  const [processing = 'P', version = '2.5'] = [fields[11] || undefined, fields[12] || undefined];
  const time = timeOf(told.nowMs);
  const msh = [
    'MSH',
    encodingCharacters,
    receiver,
    receiverFacility,
    application,
    facility,
    time,
    '',
    type,
    told.controlId,
    processing,
    version,
  ];
  const code = (condition === '' ? 'A' : 'C') + letters[told.outcome];
  const msa = [
    'MSA',
    code,
    controlIdOf(header),
    ...(told.text === undefined ? [] : [escaped(told.text, separator, encodingCharacters)]),
  ];
  const characterSet = fields[18] ? ['', '', '', '', '', fields[18]] : [];
  return Buffer.from(`${[...msh, ...characterSet].join(separator)}\r${msa.join(separator)}\r`, 'latin1');
}

/** What an acknowledgement says; undefined where the bytes are none. */
export function readAcknowledgement(bytes: Uint8Array): Acknowledgement | undefined {
  const header = readHeader(bytes);
  if (!header) return undefined;
  const segments = Buffer.from(bytes)
    .toString('utf8')
    .split(/[\r\n]+/);
  const fieldsOf = (name: string) => segments.find((one) => one.startsWith(name + header.separator))?.split(header.separator);
  const [msa, err] = [fieldsOf('MSA'), fieldsOf('ERR')];
  if (!msa) return undefined;
  const component = header.encodingCharacters[0] ?? '^';
  const errorCode = [err?.[3], msa[6]].map((one) => one?.split(component)[0]).find(Boolean);
  const text = [msa[3], err?.[8], err?.[7], err?.[3]?.split(component)[1]].find(Boolean) ?? '';
  return { code: msa[1] ?? '', controlId: msa[2] ?? '', errorCode, text: text.slice(0, textCharactersMax) };
}

function firstLine(bytes: Buffer): string {
  const ends = [bytes.indexOf(0x0d), bytes.indexOf(0x0a)].filter((at) => at >= 0);
  return bytes.toString('latin1', 0, Math.min(bytes.length, ...ends));
}

/** As HL7 writes times, in UTC: 20261126091500+0000. */
function timeOf(nowMs: number): string {
  return `${new Date(nowMs).toISOString().replaceAll(/[-:T]|\..*$/g, '')}+0000`;
}

/** Without control characters and beyond ASCII, whatever character set the sender reads. */
function escaped(text: string, separator: string, encodingCharacters: string): string {
  const [component = '', repetition = '', escape = '', subcomponent = ''] = encodingCharacters;
  const names = new Map([
    [separator, 'F'],
    [component, 'S'],
    [repetition, 'R'],
    [escape, 'E'],
    [subcomponent, 'T'],
  ]);
  const plain = text.slice(0, textCharactersMax).replaceAll(/[^ -~]/g, '?');
  return Array.from(plain, (one) => {
    const name = names.get(one);
    if (name === undefined) return one;
    return escape === '' ? ' ' : escape + name + escape;
  }).join('');
}
