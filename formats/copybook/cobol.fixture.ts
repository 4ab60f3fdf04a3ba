// Random records, and the COBOL programs that write and read them: what GnuCOBOL says of a copybook, for comparison.

import { execFileSync } from 'node:child_process';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import fc from 'fast-check';

/** One elementary field. */
export interface CobolField {
  readonly name: string;
  readonly clauses: string;
  readonly kind: 'text' | 'number' | 'float';
  readonly digits: number;
  readonly decimals: number;
  readonly signed: boolean;
  /** How often it occurs; 1 for once, without OCCURS. */
  readonly times: number;
}

export interface CobolRecord {
  readonly copybook: string;
  readonly fields: readonly CobolField[];
}

/** Values field by field, a list where it occurs: text, or a number in its shortest form. */
export type CobolValues = Readonly<Record<string, readonly string[]>>;

export interface CobolAnswers {
  /** How long the compiler makes the record. */
  readonly lengthBytes: number;
  /** What the program wrote. */
  readonly written: Uint8Array;
  /** What the fields held that it wrote, and those that it read. */
  readonly wrote: readonly CobolValues[];
  readonly read: readonly CobolValues[];
}

/** A program that never ends is found, and not waited for. */
const programWithinMs = 60_000;

const usages = [
  '',
  ' COMP',
  ' COMP-3',
  ' COMP-5',
  ' COMP-6',
  ' COMP SYNC',
  ' COMP-5 SYNC',
  ' SIGN LEADING',
  ' SIGN TRAILING SEPARATE',
  ' SIGN LEADING SEPARATE',
];

const text = fc.record({ length: fc.integer({ min: 1, max: 12 }), isRight: fc.boolean() }).map(({ length, isRight }) => ({
  kind: 'text' as const,
  clauses: `PIC X(${length})${isRight ? ' JUSTIFIED RIGHT' : ''}`,
  digits: length,
  decimals: 0,
  signed: false,
}));

const number = fc
  .record({
    whole: fc.integer({ min: 1, max: 12 }),
    decimals: fc.integer({ min: 0, max: 6 }),
    usage: fc.constantFrom(...usages),
    isSigned: fc.boolean(),
  })
  .map(({ whole, decimals, usage, isSigned }) => {
    // COMP-6 has no room for a sign, and a sign clause demands one.
    const signed = usage !== ' COMP-6' && (isSigned || usage.includes('SIGN'));
    const picture = `${signed ? 'S' : ''}9(${whole})${decimals > 0 ? `V9(${decimals})` : ''}`;
    return { kind: 'number' as const, clauses: `PIC ${picture}${usage}`, digits: whole + decimals, decimals, signed };
  });

const float = fc.constantFrom(' COMP-1', ' COMP-2').map((usage) => ({
  kind: 'float' as const,
  clauses: usage.trim(),
  digits: 6,
  decimals: 2,
  signed: true,
}));

/** Two to ten fields, some in groups and some that occur. */
export const cobolRecord: fc.Arbitrary<CobolRecord> = fc
  .array(
    fc.record({
      field: fc.oneof({ weight: 2, arbitrary: text }, { weight: 7, arbitrary: number }, { weight: 1, arbitrary: float }),
      times: fc.oneof({ weight: 3, arbitrary: fc.constant(1) }, { weight: 1, arbitrary: fc.integer({ min: 2, max: 3 }) }),
      inGroup: fc.boolean(),
    }),
    { minLength: 2, maxLength: 10 },
  )
  .map((parts) => {
    const fields = parts.map(({ field, times }, index): CobolField => ({ ...field, times, name: `F-${index + 1}` }));
    const lines = fields.flatMap((field, index) => {
      const entry = `${field.name} ${field.clauses}${field.times > 1 ? ` OCCURS ${field.times} TIMES` : ''}.`;
      return parts[index]?.inGroup ? [`05 G-${index + 1}.`, `   10 ${entry}`] : [`05 ${entry}`];
    });
    return { copybook: ['01 R.', ...lines.map((line) => `   ${line}`)].join('\n'), fields };
  });

/** A value for each field that its picture holds. */
export function valuesOf(fields: readonly CobolField[]): fc.Arbitrary<CobolValues> {
  return fc.record(Object.fromEntries(fields.map((field) => [field.name, listOf(field)])));
}

function listOf(field: CobolField): fc.Arbitrary<readonly string[]> {
  return fc.array(valueOf(field), { minLength: field.times, maxLength: field.times });
}

function valueOf({ kind, digits, decimals, signed }: CobolField): fc.Arbitrary<string> {
  if (kind === 'text') return fc.stringMatching(new RegExp(`^[A-Za-z0-9]{0,${digits}}$`));
  // Quarters are exact in every floating point.
  if (kind === 'float') return fc.integer({ min: -400_000, max: 400_000 }).map((quarters) => shortest(BigInt(quarters) * 25n, 2));
  const largest = 10n ** BigInt(digits) - 1n;
  return fc.bigInt({ min: signed ? -largest : 0n, max: largest }).map((units) => shortest(units, decimals));
}

/** Without zeros at its ends, and without a minus before zero. */
function shortest(units: bigint, decimals: number): string {
  const text = (units < 0n ? -units : units).toString().padStart(decimals + 1, '0');
  const [whole, fraction] = [text.slice(0, text.length - decimals), text.slice(text.length - decimals).replace(/0+$/, '')];
  return `${units < 0n ? '-' : ''}${whole}${fraction === '' ? '' : `.${fraction}`}`;
}

/** Compiles a program that writes the values and reads the records of `input`, in an empty folder; runs it. */
export function askCobol(
  folder: string,
  { copybook, fields }: CobolRecord,
  values: readonly CobolValues[],
  input: Uint8Array,
  lengthBytes: number,
): CobolAnswers {
  writeFileSync(join(folder, 'in.dat'), input);
  writeFileSync(join(folder, 'r.cob'), program(copybook, fields, values, lengthBytes));
  execFileSync('cobc', ['-x', '-free', '-o', 'r', 'r.cob'], { cwd: folder, stdio: ['ignore', 'pipe', 'pipe'] });
  const lines = execFileSync(join(folder, 'r'), { cwd: folder, encoding: 'latin1', timeout: programWithinMs }).split('\n');
  const rest = lines.slice(1, -1);
  const each = fields.reduce((sum, { times }) => sum + times, 0);
  const records = Array.from({ length: rest.length / each }, (_, index) =>
    readAnswer(fields, rest.slice(index * each, (index + 1) * each)),
  );
  return {
    lengthBytes: Number(lines[0]),
    written: readFileSync(join(folder, 'out.dat')),
    wrote: records.slice(0, values.length),
    read: records.slice(values.length),
  };
}

function readAnswer(fields: readonly CobolField[], lines: readonly string[]): CobolValues {
  let at = 0;
  return Object.fromEntries(
    fields.map(({ name, kind, times }) => {
      const own = lines.slice(at, at + times);
      at += times;
      return [name, own.map((line) => (kind === 'text' ? line.slice(1, -1) : shortestOf(line)))];
    }),
  );
}

function shortestOf(edited: string): string {
  const [, sign = '', whole = '', fraction = ''] = /^ *(-?)(\d+)\.(\d+)$/.exec(edited) ?? [];
  if (whole === '') throw new Error(`The program printed ${JSON.stringify(edited)} for a number.`);
  return shortest(BigInt(sign + whole + fraction), fraction.length);
}

function program(copybook: string, fields: readonly CobolField[], values: readonly CobolValues[], lengthBytes: number): string {
  return `IDENTIFICATION DIVISION.
PROGRAM-ID. R-TEST.
ENVIRONMENT DIVISION.
INPUT-OUTPUT SECTION.
FILE-CONTROL.
  SELECT IN-FILE ASSIGN TO "in.dat" ORGANIZATION IS SEQUENTIAL.
  SELECT OUT-FILE ASSIGN TO "out.dat" ORGANIZATION IS SEQUENTIAL.
DATA DIVISION.
FILE SECTION.
FD IN-FILE.
01 IN-RECORD PIC X(${lengthBytes}).
FD OUT-FILE.
01 OUT-RECORD PIC X(${lengthBytes}).
WORKING-STORAGE SECTION.
01 RECORD-LENGTH PIC 9(9).
01 EDITED PIC -(19)9.9(9).
01 AT-END PIC 9 VALUE 0.
${copybook}
PROCEDURE DIVISION.
MAIN-PART.
  MOVE FUNCTION LENGTH(R) TO RECORD-LENGTH
  DISPLAY RECORD-LENGTH
  OPEN OUTPUT OUT-FILE
${values.map((one) => `  INITIALIZE R\n${moves(fields, one)}\n  MOVE R TO OUT-RECORD\n  WRITE OUT-RECORD\n  PERFORM SHOW-PART`).join('\n')}
  CLOSE OUT-FILE
  OPEN INPUT IN-FILE
  PERFORM UNTIL AT-END = 1
    READ IN-FILE AT END MOVE 1 TO AT-END
      NOT AT END
        MOVE IN-RECORD TO R
        PERFORM SHOW-PART
    END-READ
  END-PERFORM
  CLOSE IN-FILE
  STOP RUN.
SHOW-PART.
${fields.flatMap(shown).join('\n')}
  CONTINUE.
`;
}

function moves(fields: readonly CobolField[], values: CobolValues): string {
  return fields
    .flatMap((field) =>
      (values[field.name] ?? []).map((value, index) => {
        const literal = field.kind === 'text' ? (value === '' ? 'SPACES' : `"${value}"`) : value;
        return `  MOVE ${literal} TO ${placeOf(field, index)}`;
      }),
    )
    .join('\n');
}

function shown(field: CobolField): readonly string[] {
  return Array.from({ length: field.times }, (_, index) => {
    const place = placeOf(field, index);
    return field.kind === 'text' ? `  DISPLAY '"' ${place} '"'` : `  MOVE ${place} TO EDITED\n  DISPLAY EDITED`;
  });
}

function placeOf({ name, times }: CobolField, index: number): string {
  return times === 1 ? name : `${name}(${index + 1})`;
}
