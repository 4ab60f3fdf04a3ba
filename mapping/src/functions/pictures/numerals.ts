// Numbers in words, in Roman numerals and in letters, and back.

const units =
  'zero one two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen sixteen seventeen eighteen nineteen'.split(
    ' ',
  );
const unitOrdinals = (
  'zeroth first second third fourth fifth sixth seventh eighth ninth tenth eleventh twelfth thirteenth fourteenth fifteenth ' +
  'sixteenth seventeenth eighteenth nineteenth'
).split(' ');
const tens = 'twenty thirty forty fifty sixty seventy eighty ninety'.split(' ');
const magnitudes = 'thousand million billion trillion'.split(' ');

/** In lower case: `one hundred and twenty-first`. */
export function inWords(value: number, isOrdinal: boolean): string {
  if (value < 20) return (isOrdinal ? unitOrdinals : units)[value] as string;
  if (value < 100) {
    const ten = tens[Math.floor(value / 10) - 2] as string;
    const rest = value % 10;
    if (rest > 0) return `${ten}-${inWords(rest, isOrdinal)}`;
    return isOrdinal ? `${ten.slice(0, -1)}ieth` : ten;
  }
  if (value < 1000) return withRest(`${units[Math.floor(value / 100)]} hundred`, value % 100, isOrdinal);
  const magnitude = Math.min(Math.floor(Math.log10(value) / 3), magnitudes.length);
  const factor = 10 ** (magnitude * 3);
  const many = Math.floor(value / factor);
  return withRest(`${inWords(many, false)} ${magnitudes[magnitude - 1]}`, value - many * factor, isOrdinal);
}

function withRest(words: string, rest: number, isOrdinal: boolean): string {
  if (rest === 0) return isOrdinal ? `${words}th` : words;
  return `${words}${rest < 100 ? ' and ' : ', '}${inWords(rest, isOrdinal)}`;
}

/** Words with a capital each, but for "and". */
export function inTitleCase(words: string): string {
  return words.replaceAll(/[a-z]+/g, (word) => (word === 'and' ? word : `${word[0]?.toUpperCase()}${word.slice(1)}`));
}

const wordValues: ReadonlyMap<string, number> = new Map([
  ...units.map((word, value) => [word, value] as const),
  ...unitOrdinals.map((word, value) => [word, value] as const),
  ...tens.flatMap((word, at) => [word, `${word.slice(0, -1)}ieth`].map((one) => [one, (at + 2) * 10] as const)),
  ...['hundred', 'hundredth'].map((word) => [word, 100] as const),
  ...magnitudes.flatMap((word, at) => [word, `${word}th`].map((one) => [one, 1000 ** (at + 1)] as const)),
]);

/** What numbers in words look like. */
export const wordsPattern = `(?:${[...wordValues.keys()].sort((one, other) => other.length - one.length).join('|')}|and|[\\-, ])+`;

/** The number that is written in words; NaN where a word is none. */
export function fromWords(text: string): number {
  const groups = [0];
  for (const word of text.toLowerCase().split(/,\s|\sand\s|[\s\\-]/)) {
    const value = wordValues.get(word) ?? Number.NaN;
    const last = groups.pop() as number;
    if (!(value < 100)) groups.push(last * value);
    else if (last >= 1000) groups.push(last, value);
    else groups.push(last + value);
  }
  return groups.reduce((sum, group) => sum + group, 0);
}

const romans: readonly (readonly [number, string])[] = [
  [1000, 'm'],
  [900, 'cm'],
  [500, 'd'],
  [400, 'cd'],
  [100, 'c'],
  [90, 'xc'],
  [50, 'l'],
  [40, 'xl'],
  [10, 'x'],
  [9, 'ix'],
  [5, 'v'],
  [4, 'iv'],
  [1, 'i'],
];

/** Beyond this a Roman numeral is a row of thousands. */
const romanMax = 1_000_000;

export function toRoman(value: number): string {
  let rest = Math.min(value, romanMax);
  let numeral = '';
  for (const [worth, letters] of romans)
    while (rest >= worth) {
      numeral += letters;
      rest -= worth;
    }
  return numeral;
}

const romanDigits: Readonly<Record<string, number>> = { m: 1000, d: 500, c: 100, l: 50, x: 10, v: 5, i: 1 };

export function fromRoman(numeral: string): number {
  let [value, most] = [0, 1];
  for (const letter of numeral.toLowerCase().split('').reverse()) {
    const worth = romanDigits[letter] ?? Number.NaN;
    if (worth < most) value -= worth;
    else {
      most = worth;
      value += worth;
    }
  }
  return value;
}

/** 1 is a, 26 is z, 27 is aa. `first`: `a` or `A`. */
export function toLetters(value: number, first: string): string {
  const code = first.charCodeAt(0);
  let letters = '';
  for (let rest = value; rest > 0; rest = Math.floor((rest - 1) / 26))
    letters = String.fromCharCode(((rest - 1) % 26) + code) + letters;
  return letters;
}

export function fromLetters(letters: string, first: string): number {
  const code = first.charCodeAt(0);
  return letters.split('').reduce((value, letter) => value * 26 + letter.charCodeAt(0) - code + 1, 0);
}
