// The beginning of an interchange: byte order mark, UNA, and which service characters hold where there is none.

import { formatError, positionToJson } from '@mortise/sdk';
import type { SegmentCutter } from './cut-segments.ts';
import { areUsable, defaultSeparators, levelBSeparators } from './service-characters.ts';
import type { Separators } from './service-characters.ts';

export interface Start {
  readonly separators: Separators;
  readonly una: boolean;
  readonly bom: boolean;
  /** What stands between UNA and UNB. */
  readonly unaGap: string;
  /** Whether something stands before it that is no part of it. */
  readonly padded: boolean;
  /** Where what belongs to the interchange begins. */
  readonly offsetBytes: number;
  /** Begins with UNH: messages without an interchange. */
  readonly bare: boolean;
}

/** A header without UNA is searched for its terminator so far. */
const headerBytesMax = 2048;
const byteOrderMark = '\u00ef\u00bb\u00bf';

/** Reads one beginning, in as many steps as its bytes come. */
export class StartReader {
  readonly #cutter: SegmentCutter;
  #offsetBytes = -1;
  #bom = false;
  #padded = false;
  #separators: Separators | undefined;
  #unaGap = '';

  constructor(cutter: SegmentCutter) {
    this.#cutter = cutter;
    // What the interchange before used for its service characters may be padding now.
    cutter.separators = defaultSeparators('3');
  }

  /** Leaves the cutter before UNB or UNH. Undefined where more bytes are needed, or there are none. Throws where it is no EDIFACT. */
  read(ended: boolean): Start | undefined {
    const cutter = this.#cutter;
    if (this.#offsetBytes < 0 && !this.#readMark(ended)) return undefined;
    if (!this.#passPadding()) {
      if (ended && this.#separators !== undefined) throw this.#notEdifact();
      return undefined;
    }
    if (!ended && cutter.peek(9).length < 9) return undefined;
    if (this.#separators === undefined && this.#readAdvice()) return this.read(ended);
    const bare = cutter.peek(3).toString('latin1') === 'UNH';
    if (!bare && cutter.peek(3).toString('latin1') !== 'UNB') throw this.#notEdifact();
    const separators = this.#separators ?? separatorsOf(cutter.peek(headerBytesMax), ended);
    if (separators === undefined) return undefined;
    return {
      separators,
      una: this.#separators !== undefined,
      bom: this.#bom,
      unaGap: this.#unaGap,
      padded: this.#padded,
      offsetBytes: this.#offsetBytes,
      bare,
    };
  }

  #readMark(ended: boolean): boolean {
    const cutter = this.#cutter;
    if (cutter.nextBytes === 0 && !ended && cutter.peek(3).length < 3) return false;
    this.#offsetBytes = cutter.nextBytes;
    this.#bom = cutter.nextBytes === 0 && cutter.peek(3).toString('latin1') === byteOrderMark;
    if (this.#bom) cutter.skip(3);
    return true;
  }

  #passPadding(): boolean {
    const from = this.#cutter.nextBytes;
    const found = this.#cutter.skipPadding();
    const to = this.#cutter.nextBytes;
    if (to > from && this.#separators === undefined) this.#padded = true;
    // Only line ends are of interest here; of more than that, it is enough to know that there is more.
    else if (to > from && this.#unaGap.length < 3) this.#unaGap += Buffer.from(this.#cutter.raw(from, to)).toString('latin1');
    return found;
  }

  #readAdvice(): boolean {
    const cutter = this.#cutter;
    const advice = cutter.peek(9).toString('latin1');
    if (!advice.startsWith('UNA')) return false;
    const separators = advice.slice(3);
    if (!areUsable(separators)) {
      const offsetBytes = cutter.nextBytes;
      const message = `UNA at offset ${offsetBytes} names ${JSON.stringify(separators)}; expected six characters, no two of them the same.`;
      throw formatError('MORTISE_FORMAT_SYNTAX', message, { details: positionToJson({ offsetBytes, segment: 'UNA' }) });
    }
    this.#separators = separators;
    cutter.skip(9);
    return true;
  }

  #notEdifact(): Error {
    const offsetBytes = this.#cutter.nextBytes;
    const found = JSON.stringify(this.#cutter.peek(9).toString('latin1'));
    const message = `The bytes at offset ${offsetBytes} begin with ${found}; expected UNA, UNB or UNH.`;
    return formatError('MORTISE_FORMAT_SYNTAX', message, { details: positionToJson({ offsetBytes }) });
  }
}

/** Without UNA: those of level B, or the defaults; or line ends are the terminators, as some systems write. */
function separatorsOf(head: Buffer, ended: boolean): Separators | undefined {
  if (head[3] === levelBSeparators.charCodeAt(1)) return levelBSeparators;
  const header = head.toString('latin1');
  const place = /'|[\r\n]+(?=UN[GHB]\+)/.exec(header);
  if (place?.[0] === "'") return defaultSeparators('3');
  if (place) return `${defaultSeparators('3').slice(0, 5)}${place[0].slice(0, 1)}`;
  return ended || header.length >= headerBytesMax ? defaultSeparators('3') : undefined;
}
