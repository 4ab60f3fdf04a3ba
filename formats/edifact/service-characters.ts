// The service characters of an interchange: what UNA says, or what its version of the syntax does by default.

export interface ServiceCharacters {
  readonly component: string;
  readonly element: string;
  /** Kept, but not used: data elements that are numbers have either mark (ISO 9735-1, section 10.1). */
  readonly decimal: string;
  /** Empty where there is none. */
  readonly release: string;
  /** Empty where there is none: before version 4, and where UNA has a space. */
  readonly repetition: string;
  readonly terminator: string;
}

/** Of UNA after its tag: component, element, decimal mark, release, repetition (or reserved), terminator. */
export type Separators = string;

/** Defaults of versions 1 to 3 and of version 4. */
export const defaultSeparators = (version: string): Separators => (version >= '4' && version.length === 1 ? ":+.?*'" : ":+.? '");

/** Level B of versions 1 to 3 may use IS 1, IS 3 and IS 4, and no release character. */
export const levelBSeparators: Separators = '\u001f\u001d,  \u001c';

export function serviceCharacters(separators: Separators): ServiceCharacters {
  const [component = ':', element = '+', decimal = '.', release = '', repetition = '', terminator = "'"] = separators;
  return {
    component,
    element,
    decimal,
    release: release === ' ' ? '' : release,
    repetition: repetition === ' ' ? '' : repetition,
    terminator,
  };
}

/** Whether no two of them are the same, and none is a letter or digit of a tag. */
export function areUsable(separators: Separators): boolean {
  const { component, element, release, repetition, terminator } = serviceCharacters(separators);
  const used = [component, element, terminator, release, repetition].filter((one) => one !== '');
  return (
    separators.length === 6 && new Set(used).size === used.length && !used.some((one) => /[A-Za-z0-9\u0080-\uffff]/.test(one))
  );
}

/** Three capital letters or digits, a letter first. Asked of every segment, so that it is not a regular expression. */
export function isTag(text: string): boolean {
  return (
    text.length === 3 &&
    isLetter(text.charCodeAt(0)) &&
    isLetterOrDigit(text.charCodeAt(1)) &&
    isLetterOrDigit(text.charCodeAt(2))
  );
}

const isLetter = (code: number): boolean => code >= 0x41 && code <= 0x5a;
const isLetterOrDigit = (code: number): boolean => isLetter(code) || (code >= 0x30 && code <= 0x39);
