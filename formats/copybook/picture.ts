// Pictures: what the characters of a PIC clause say of a field.

export type PictureKind = 'text' | 'numeric' | 'numeric-edited' | 'text-edited' | 'float-edited' | 'national' | 'dbcs' | 'utf-8';

export interface Picture {
  readonly text: string;
  readonly kind: PictureKind;
  /** How many characters the field has in DISPLAY. */
  readonly characters: number;
  /** Of a number: how many digits are stored, and how many of them are behind the point; below zero with P behind the digits. */
  readonly digits: number;
  readonly scale: number;
  readonly signed: boolean;
  /** Of an edited picture: its symbols, each once for each time. */
  readonly symbols: readonly string[];
}

export interface PictureStyle {
  readonly currency: string;
  readonly decimalComma: boolean;
}

interface Run {
  readonly symbol: string;
  readonly count: number;
}

const charactersMax = 16 * 1024 ** 2;
const digitsMax = 77;
const editedSymbolsMax = 1000;

/** Undefined where the text is no picture. */
export function parsePicture(text: string, style: PictureStyle): Picture | undefined {
  const runs = runsOf(text.toUpperCase(), style.currency);
  if (!runs) return undefined;
  const kind = kindOf(runs);
  const picture = kind === 'numeric' ? numericOf(text, runs) : kind && editedOf(text, kind, runs, style);
  return picture && picture.characters <= charactersMax && picture.digits <= digitsMax ? picture : undefined;
}

function runsOf(text: string, currency: string): Run[] | undefined {
  const pattern = new RegExp(`(CR|DB|[AXNGU9SVPZ*+\\-,./B0E]|${currency.replace(/\W/g, '\\$&')})(?:\\((\\d{1,9})\\))?`, 'y');
  const runs: Run[] = [];
  while (pattern.lastIndex < text.length) {
    const [, symbol = '', count = '1'] = pattern.exec(text) ?? [];
    if (symbol === '') return undefined;
    runs.push({ symbol: symbol === currency ? '$' : symbol, count: Number(count) });
  }
  return runs;
}

function kindOf(runs: readonly Run[]): PictureKind | undefined {
  const only = (symbols: string): boolean => runs.every(({ symbol }) => symbols.includes(symbol));
  const has = (symbol: string): boolean => runs.some((run) => run.symbol === symbol);
  if (runs.length === 0) return undefined;
  if (has('N')) return only('NB0/') ? 'national' : undefined;
  if (has('G')) return only('GB') ? 'dbcs' : undefined;
  if (has('U')) return only('U') ? 'utf-8' : undefined;
  if (has('X') || has('A')) return only('XA9') ? 'text' : only('XA9B0/') ? 'text-edited' : undefined;
  if (has('E')) return only('+-9.,EV') ? 'float-edited' : undefined;
  return only('9SVP') ? numericKind(runs) : 'numeric-edited';
}

/** S first, V once, P at one end of the digits only. */
function numericKind(runs: readonly Run[]): PictureKind | undefined {
  const shape = runs.map(({ symbol, count }) => (symbol === '9' || symbol === 'P' ? symbol : symbol.repeat(count))).join('');
  return /^S?(?:P*V?9+|V?P+9+|9+V?9*|9+P+V?)$/.test(shape) && shape.includes('9') ? 'numeric' : undefined;
}

function numericOf(text: string, runs: readonly Run[]): Picture {
  let [digits, scale, leadingP, isBehind] = [0, 0, 0, false];
  for (const { symbol, count } of runs) {
    if (symbol === 'V') isBehind = true;
    else if (symbol === '9') {
      digits += count;
      if (isBehind || leadingP > 0) scale += count;
    } else if (symbol === 'P') {
      if (digits === 0) leadingP += count;
      else scale -= count;
    }
  }
  const signed = runs[0]?.symbol === 'S';
  return { text, kind: 'numeric', characters: digits, digits, scale: scale + leadingP, signed, symbols: [] };
}

function editedOf(text: string, kind: PictureKind, runs: readonly Run[], style: PictureStyle): Picture | undefined {
  const stored = runs.filter(({ symbol }) => !'SVP'.includes(symbol) || kind === 'text');
  const characters = stored.reduce((sum, { symbol, count }) => sum + count * symbol.length, 0);
  const plain = { text, kind, characters, digits: 0, scale: 0, signed: false, symbols: [] };
  if (kind === 'text' || kind === 'national' || kind === 'dbcs' || kind === 'utf-8') return plain;
  if (characters > editedSymbolsMax) return undefined;
  const symbols = runs.flatMap(({ symbol, count }) => Array.from({ length: count }, () => symbol));
  if (kind !== 'numeric-edited') return { ...plain, symbols };
  return { ...plain, ...placesOf(symbols, style), symbols };
}

/** Which symbols of an edited picture stand for digits: the first of a floating string does not. */
export function digitPlaces(symbols: readonly string[]): boolean[] {
  const floating = floatingSymbol(symbols);
  let isFirst = true;
  return symbols.map((symbol) => {
    if (symbol === '9' || symbol === 'Z' || symbol === '*') return true;
    if (symbol !== floating) return false;
    const stands = !isFirst;
    isFirst = false;
    return stands;
  });
}

/** The sign or currency symbol that stands more than once. */
export function floatingSymbol(symbols: readonly string[]): string | undefined {
  return ['+', '-', '$'].find((symbol) => symbols.filter((one) => one === symbol).length > 1 && isOneString(symbols, symbol));
}

/** A sign at each end is none that floats. */
function isOneString(symbols: readonly string[], symbol: string): boolean {
  const between = symbols.slice(symbols.indexOf(symbol), symbols.lastIndexOf(symbol));
  return between.every((one) => one === symbol || ',.BV0/'.includes(one));
}

function placesOf(symbols: readonly string[], { decimalComma }: PictureStyle): Pick<Picture, 'digits' | 'scale' | 'signed'> {
  const point = decimalComma ? ',' : '.';
  const at = symbols.findIndex((symbol) => symbol === 'V' || symbol === point);
  const places = digitPlaces(symbols);
  const scale = at < 0 ? 0 : places.slice(at).filter(Boolean).length;
  const pads = symbols.filter((symbol) => symbol === 'P').length;
  const signed = symbols.some((symbol) => ['+', '-', 'CR', 'DB', 'S'].includes(symbol));
  return { digits: places.filter(Boolean).length, scale: scale - pads, signed };
}
