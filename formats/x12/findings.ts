// What may be found wrong in an interchange: names of our own, and the codes that acknowledgements have for them.

/** What a finding is about, from the widest to the narrowest. */
export type FindingLevel = 'interchange' | 'group' | 'set' | 'segment' | 'element';

export interface Finding {
  readonly name: FindingName;
  readonly message: string;
  readonly offsetBytes: number;
  readonly line: number;
  /** The segment's name; of what is missing, too. */
  readonly segment?: string;
  /** Which segment of the transaction set it is; ST is the first. */
  readonly segmentNumber?: number;
  /** The loop that it stands in. */
  readonly loop?: string;
  readonly element?: number;
  readonly component?: number;
  readonly repetition?: number;
  /** The number of the data element in the standard. */
  readonly reference?: string;
  readonly value?: string;
}

interface Kind {
  readonly level: FindingLevel;
  /** The code in TA105, AK905, AK502, AK304 or AK403. */
  readonly code: string;
  /** The code in a 999 where it is another one. */
  readonly code999?: string;
}

/** By name: the level, and the code of that level's segment in an acknowledgement (X12.56, X12.20, element 716 to 723, I18). */
export const findingKinds = {
  'isa-length': { level: 'interchange', code: '022' },
  'isa-value': { level: 'interchange', code: '022' },
  'interchange-number-differs': { level: 'interchange', code: '001' },
  'interchange-number-invalid': { level: 'interchange', code: '018' },
  'interchange-date': { level: 'interchange', code: '014' },
  'interchange-time': { level: 'interchange', code: '015' },
  'interchange-version': { level: 'interchange', code: '017' },
  'group-count': { level: 'interchange', code: '021' },
  'interchange-unfinished': { level: 'interchange', code: '023' },
  'interchange-content': { level: 'interchange', code: '024' },
  'group-unfinished': { level: 'group', code: '3' },
  'group-number-differs': { level: 'group', code: '4' },
  'set-count': { level: 'group', code: '5' },
  'group-number-invalid': { level: 'group', code: '6' },
  'group-number-repeated': { level: 'group', code: '19' },
  'group-value': { level: 'group', code: '1' },
  'set-unsupported': { level: 'set', code: '1' },
  'set-unfinished': { level: 'set', code: '2' },
  'set-number-differs': { level: 'set', code: '3' },
  'segment-count': { level: 'set', code: '4' },
  'set-code': { level: 'set', code: '6' },
  'set-foreign': { level: 'set', code: '6', code999: '18' },
  'set-number-invalid': { level: 'set', code: '7' },
  'set-number-repeated': { level: 'set', code: '23' },
  'segment-unknown': { level: 'segment', code: '1' },
  'segment-unexpected': { level: 'segment', code: '2' },
  'segment-missing': { level: 'segment', code: '3' },
  'loop-repeated': { level: 'segment', code: '4' },
  'segment-repeated': { level: 'segment', code: '5' },
  'segment-foreign': { level: 'segment', code: '6' },
  'segment-misplaced': { level: 'segment', code: '7' },
  'segment-unused': { level: 'segment', code: '2', code999: 'I4' },
  'segment-demanded': { level: 'segment', code: '3', code999: 'I6' },
  hierarchy: { level: 'segment', code: '7' },
  'loop-bounds': { level: 'segment', code: '7' },
  'element-missing': { level: 'element', code: '1' },
  'element-condition': { level: 'element', code: '2' },
  'element-surplus': { level: 'element', code: '3' },
  'element-short': { level: 'element', code: '4' },
  'element-long': { level: 'element', code: '5' },
  'element-characters': { level: 'element', code: '6' },
  'element-code': { level: 'element', code: '7' },
  'element-date': { level: 'element', code: '8' },
  'element-time': { level: 'element', code: '9' },
  'element-exclusion': { level: 'element', code: '10' },
  'repetition-surplus': { level: 'element', code: '12' },
  'component-surplus': { level: 'element', code: '13' },
  'element-demanded': { level: 'element', code: '1', code999: 'I9' },
  'element-unused': { level: 'element', code: '3', code999: 'I10' },
  'element-partner-code': { level: 'element', code: '7', code999: 'I6' },
} as const satisfies Readonly<Record<string, Kind>>;

export type FindingName = keyof typeof findingKinds;

export const findingNames = Object.keys(findingKinds) as readonly FindingName[];

export function kindOf(name: FindingName): Kind {
  return findingKinds[name];
}
