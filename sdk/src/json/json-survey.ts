// Looks through the bytes of a JSON text once, cheaply, for what JSON.parse would not tell: nesting, and numbers of many digits.

/** Shorter numbers without an exponent have at most 15 significant digits, which a double always keeps. */
const numberBytesMin = 16;

/** The bytes that JSON numbers are made of. */
const isNumberByte = new Uint8Array(256);
for (const character of '0123456789+-.eE') isNumberByte[character.charCodeAt(0)] = 1;

const [quote, backslash, zero, nine] = [0x22, 0x5c, 0x30, 0x39];
/** The brackets `[` and `{`, and `]` and `}`, differ in this bit only. */
const [bracketMask, opening, closing] = [0xdf, 0x5b, 0x5d];

export interface JsonSurvey {
  /** The offset of the first bracket that opens a level too many. */
  readonly tooDeepAt: number | undefined;
  /** Whether some number might lose digits as a double; yes too often rather than too seldom. */
  readonly hasLongNumbers: boolean;
}

/** The survey of what may or may not be JSON. UTF-8 has no bytes of the marks within other characters. */
export function surveyJson(bytes: Uint8Array, depthMax: number): JsonSurvey {
  let depth = 0;
  let hasLongNumbers = false;
  for (let at = 0; at < bytes.length; at++) {
    const byte = bytes[at] as number;
    const bracket = byte & bracketMask;
    if (byte === quote) at = textEnd(bytes, at + 1);
    else if (bracket === closing) depth -= 1;
    else if (bracket === opening) {
      depth += 1;
      if (depth > depthMax) return { tooDeepAt: at, hasLongNumbers };
    } else if (!hasLongNumbers && byte >= zero && byte <= nine) {
      const end = numberEnd(bytes, at);
      hasLongNumbers = end - at >= numberBytesMin || hasExponent(bytes, at, end);
      at = end - 1;
    }
  }
  return { tooDeepAt: undefined, hasLongNumbers };
}

/** Where the closing quote stands; behind the end where there is none. */
function textEnd(bytes: Uint8Array, from: number): number {
  let at = from;
  while (at < bytes.length && bytes[at] !== quote) at += bytes[at] === backslash ? 2 : 1;
  return at;
}

function numberEnd(bytes: Uint8Array, from: number): number {
  let at = from;
  while (at < bytes.length && isNumberByte[bytes[at] as number] === 1) at += 1;
  return at;
}

function hasExponent(bytes: Uint8Array, from: number, to: number): boolean {
  for (let at = from; at < to; at++) if (((bytes[at] as number) | 0x20) === 0x65) return true;
  return false;
}
