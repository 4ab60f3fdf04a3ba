// Reads the XML of a workbook's parts: names without their prefixes, no DOCTYPE, bounded depth.

import { formatError } from '@mortise/sdk';
import { SaxesParser } from 'saxes';

export interface XmlParts {
  open?(name: string, attributes: ReadonlyMap<string, string>): void;
  text?(text: string): void;
  close?(name: string): void;
}

const depthMax = 64;
/** Far more than a cell has room for; without a limit a text without end would fill the memory. */
export const textMax = 1024 ** 2;

/** Reads pieces as they come; call `end` after the last. Throws MORTISE_FORMAT_SYNTAX. */
export class XmlPart {
  readonly #decoder = new TextDecoder('utf-8', { fatal: true });
  readonly #reader = new SaxesParser({ xmlns: true, position: true });
  readonly #what: string;
  #depth = 0;
  /** Where the last thing ended that was read. */
  #passed = 0;

  constructor(what: string, parts: XmlParts) {
    this.#what = what;
    const reader = this.#reader;
    reader.on('error', (error) => {
      throw this.#fault(error.message.replace(/^\d+:\d+: /, ''));
    });
    reader.on('doctype', () => {
      throw this.#fault('it has a DOCTYPE, which is always refused');
    });
    reader.on('opentag', ({ local, attributes }) => {
      this.#depth += 1;
      this.#passed = reader.position;
      if (this.#depth > depthMax) throw this.#fault(`its elements are nested deeper than ${depthMax}`);
      parts.open?.(local, new Map(Object.values(attributes).map((one) => [one.local, one.value])));
    });
    reader.on('closetag', ({ local }) => {
      this.#depth -= 1;
      this.#passed = reader.position;
      parts.close?.(local);
    });
    reader.on('text', (text) => parts.text?.(text));
    reader.on('cdata', (text) => parts.text?.(text));
  }

  push(bytes: Uint8Array): void {
    this.#reader.write(this.#decode(bytes));
    if (this.#reader.position - this.#passed > textMax) throw tooLong(this.#what);
  }

  end(): void {
    this.#reader.write(this.#decode());
    this.#reader.close();
  }

  #decode(bytes?: Uint8Array): string {
    try {
      return bytes ? this.#decoder.decode(bytes, { stream: true }) : this.#decoder.decode();
    } catch {
      throw this.#fault('it is no UTF-8');
    }
  }

  #fault(what: string): Error {
    const { line, columnIndex: column } = this.#reader;
    return formatError('MORTISE_FORMAT_SYNTAX', `In ${this.#what}, line ${line}, column ${column}: ${what.replace(/\.?$/, '.')}`);
  }
}

export function readXml(pieces: readonly Uint8Array[], what: string, parts: XmlParts): void {
  const part = new XmlPart(what, parts);
  for (const piece of pieces) part.push(piece);
  part.end();
}

/** Characters that XML cannot have stand as `_x0007_` (ECMA-376, 22.4.2.4). */
export function sheetText(text: string): string {
  return text.replace(/_x([0-9A-Fa-f]{4})_/g, (_, code: string) => String.fromCharCode(parseInt(code, 16)));
}

export function tooLong(what: string): Error {
  return formatError(
    'MORTISE_FORMAT_LIMIT',
    `${what} has a text of more than ${textMax} characters; expected those of a workbook.`,
  );
}
