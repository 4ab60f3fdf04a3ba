// What can be wrong with an interchange: by the codes of data element 0085 (syntax error), with its place.

import { formatError } from '@mortise/sdk';
import type { MortiseError } from '@mortise/sdk';
import { edifactError } from './errors.ts';

/** Data element 0085, in words of our own. */
export const syntaxErrors = {
  '2': 'the version or level of the syntax is not supported',
  '12': 'invalid value',
  '13': 'missing',
  '14': 'value not supported in this position',
  '15': 'not supported in this position',
  '16': 'too many constituents',
  '18': 'unspecified error',
  '19': 'invalid decimal notation',
  '20': 'character invalid as service character',
  '21': 'invalid character',
  '28': 'references do not match',
  '29': 'control count does not match what was received',
  '30': 'groups and messages mixed',
  '32': 'lower level empty',
  '33': 'not allowed outside of a message, group or interchange',
  '34': 'nesting not allowed',
  '35': 'too many repetitions',
  '36': 'too many repetitions of a segment group',
  '37': 'invalid type of characters',
  '38': 'no digit before the decimal mark',
  '39': 'too long',
  '40': 'too short',
} as const;

export type SyntaxError = keyof typeof syntaxErrors;

export interface Fault {
  /** Data element 0085. */
  readonly code: SyntaxError;
  readonly segment: string;
  /** Its number in the message, the UNH being 1; of one that is missing: the number of the last one before it. */
  readonly segmentNumber?: number;
  /** From 1 behind the tag; and the component in it, from 1. In CONTRL the tag counts as the first element. */
  readonly element?: number;
  readonly component?: number;
  /** Which one, where the element is repeated. */
  readonly repetition?: number;
  /** What was found and what was expected. */
  readonly what: string;
  readonly offsetBytes: number;
  readonly line: number;
}

/** Where a fault may be: it is one of the envelope, of segments and their order, or of what stands in an element. */
export function errorOf(faults: readonly Fault[], record: number | undefined): MortiseError {
  const [first] = faults as readonly [Fault, ...Fault[]];
  const more = faults.length > 1 ? ` ${faults.length - 1} more faults of this message are in the details.` : '';
  const message = `Line ${first.line}, offset ${first.offsetBytes}: ${first.what} (${first.code}, ${syntaxErrors[first.code]}).${more}`;
  const details = {
    offsetBytes: first.offsetBytes,
    line: first.line,
    ...(record === undefined ? {} : { record }),
    segment: first.segment,
    ...(first.element === undefined ? {} : { field: fieldOf(first) }),
    syntaxError: first.code,
    faults: faults.slice(0, 100).map((fault) => ({ ...fault })),
  };
  if (first.code === '21') return formatError('MORTISE_FORMAT_ENCODING', message, { details });
  if (first.element !== undefined && first.segmentNumber !== undefined && first.segment !== 'UNT')
    return formatError('MORTISE_FORMAT_VALUE', message, { details });
  const envelope = /^UN[ABEGHTZ]$/.test(first.segment);
  return edifactError(envelope ? 'MORTISE_EDIFACT_ENVELOPE' : 'MORTISE_EDIFACT_STRUCTURE', message, { details });
}

function fieldOf({ element, component }: Fault): string {
  return component === undefined ? `${element}` : `${element}.${component}`;
}
