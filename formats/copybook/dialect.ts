// What compilers do differently: sizes and orders of binary numbers, signs, floating point, tables of variable length.

export type BinarySizes = '2-4-8' | '1-2-4-8' | '1--8';
export type Signs = 'overpunch' | 'ascii' | 'fujitsu' | 'realia';
export type Floats = 'ibm' | 'ieee-big' | 'ieee-little';

export interface Dialect {
  /** How many bytes COMP and COMP-5 take by their digits. */
  readonly binarySizes: BinarySizes;
  readonly nativeSizes: BinarySizes;
  readonly binaryLittle: boolean;
  readonly nativeLittle: boolean;
  readonly floats: Floats;
  /** How a sign stands over a digit in encodings that are no EBCDIC. */
  readonly signs: Signs;
  /** Whether what stands behind a table of variable length moves up. */
  readonly slides: boolean;
  readonly pointerBytes: number;
  /** SYNC aligns numbers of 8 bytes to so many. */
  readonly longAlignment: 4 | 8;
}

export type CompilerName = 'ibm' | 'gnucobol' | 'microfocus';

/** The defaults of IBM Enterprise COBOL, of GnuCOBOL on a little-endian machine, and of Micro Focus there. */
export const dialects: Readonly<Record<CompilerName, Dialect>> = {
  ibm: {
    binarySizes: '2-4-8',
    nativeSizes: '2-4-8',
    binaryLittle: false,
    nativeLittle: false,
    floats: 'ibm',
    signs: 'overpunch',
    slides: true,
    pointerBytes: 4,
    longAlignment: 4,
  },
  gnucobol: {
    binarySizes: '1-2-4-8',
    nativeSizes: '1-2-4-8',
    binaryLittle: false,
    nativeLittle: true,
    floats: 'ieee-little',
    signs: 'ascii',
    slides: false,
    pointerBytes: 8,
    longAlignment: 8,
  },
  microfocus: {
    binarySizes: '1--8',
    nativeSizes: '1--8',
    binaryLittle: false,
    nativeLittle: true,
    floats: 'ieee-little',
    signs: 'ascii',
    slides: false,
    pointerBytes: 8,
    longAlignment: 8,
  },
};

/** How many bytes a binary number of so many digits takes. */
export function binaryBytes(digits: number, signed: boolean, sizes: BinarySizes): number {
  // No compiler of IBM takes more than 18 digits; files that have them use as many bytes as they need.
  if (digits > 18) return sizes === '2-4-8' ? minimalBytes(digits, true) : 16;
  if (sizes === '1--8') return minimalBytes(digits, signed);
  if (digits <= 2 && sizes === '1-2-4-8') return 1;
  if (digits <= 4) return 2;
  return digits <= 9 ? 4 : 8;
}

/** The fewest bytes that hold all numbers of so many digits. */
export function minimalBytes(digits: number, signed: boolean): number {
  const bits = (10n ** BigInt(digits) - 1n).toString(2).length + (signed ? 1 : 0);
  return Math.ceil(bits / 8);
}
