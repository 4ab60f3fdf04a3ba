// Checks headers and trailers: what has to be there, counts, references.

import type { Fault, SyntaxError } from './faults.ts';
import { textAt } from './segment.ts';
import type { Segment } from './segment.ts';

/** Where a segment stands. */
export interface Place {
  readonly offsetBytes: number;
  readonly line: number;
}

/** What must be in a header: element, component, name. */
const mandatory: Readonly<Record<string, readonly (readonly [number, number, string])[]>> = {
  UNB: [
    [1, 1, 'syntax identifier'],
    [1, 2, 'syntax version'],
    [2, 1, 'sender'],
    [3, 1, 'recipient'],
    [4, 1, 'date of preparation'],
    [4, 2, 'time of preparation'],
    [5, 1, 'interchange control reference'],
  ],
  UNG: [[5, 1, 'group reference number']],
  UNH: [
    [1, 1, 'message reference number'],
    [2, 1, 'message type'],
    [2, 2, 'message version'],
    [2, 3, 'message release'],
    [2, 4, 'controlling agency'],
  ],
  UNT: [
    [1, 1, 'number of segments'],
    [2, 1, 'message reference number'],
  ],
  UNE: [
    [1, 1, 'number of messages'],
    [2, 1, 'group reference number'],
  ],
  UNZ: [
    [1, 1, 'interchange control count'],
    [2, 1, 'interchange control reference'],
  ],
};

/** Of UNB, UNG, UNH. */
export function checkHeader(segment: Segment, place: Place): Fault[] {
  const composites = new Set(segment.tag === 'UNB' ? [1, 2, 3, 4] : segment.tag === 'UNH' ? [2] : []);
  const faults = (mandatory[segment.tag] ?? [])
    .filter(([element, component]) => textAt(segment, element, component) === '')
    .map(([element, component, name]) => {
      const at = composites.has(element) ? { element, component } : { element };
      return fault('13', segment, place, `${segment.tag} has no ${name}`, at);
    });
  const version = textAt(segment, 1, 2);
  if (segment.tag === 'UNB' && version !== '' && !/^[1-4]$/.test(version))
    faults.push(fault('2', segment, place, `the syntax version is "${version}"; expected 1 to 4`, { element: 1, component: 2 }));
  return segment.tag === 'UNH' ? faults.map((one) => ({ ...one, segmentNumber: 1 })) : faults;
}

/** Of UNT, UNE, UNZ: whether the count is what was counted, and the reference is the header's. */
export function checkTrailer(segment: Segment, counted: number, reference: string, place: Place): Fault[] {
  const [count, own] = [textAt(segment, 1), textAt(segment, 2)];
  const faults = checkHeader(segment, place);
  if (count !== '' && (!/^[0-9]{1,15}$/.test(count) || Number(count) !== counted))
    faults.push(fault('29', segment, place, `${segment.tag} says ${JSON.stringify(count)}; counted ${counted}`, { element: 1 }));
  if (own !== '' && own !== reference) {
    const what = `${segment.tag} has the reference ${JSON.stringify(own)}; its header has ${JSON.stringify(reference)}`;
    faults.push(fault('28', segment, place, what, { element: 2 }));
  }
  return faults;
}

/** Whether it is just what the writer would write. */
export function isPlainTrailer({ elements }: Segment, counted: number, reference: string): boolean {
  return elements.length === 2 && elements[0] === `${counted}` && elements[1] === reference && reference !== '';
}

function fault(
  code: SyntaxError,
  { tag }: Segment,
  { offsetBytes, line }: Place,
  what: string,
  at: { readonly element: number; readonly component?: number },
): Fault {
  return { code, segment: tag, ...at, what, offsetBytes, line };
}
