// Errors of expressions: JSONata's codes, in words of our own.

/** Where and with what an expression failed. */
export interface ErrorFacts {
  /** Characters from the start of the expression. */
  readonly position?: number | undefined;
  /** The operator or function, as written. */
  readonly token?: string | undefined;
  /** The value that was found. */
  readonly value?: unknown;
  /** A second value, or the number of an argument. */
  readonly other?: unknown;
}

/** An expression that does not compile, or fails while it is evaluated. Codes are JSONata's own, as `S0201` or `T2001`. */
export class ExpressionError extends Error {
  readonly code: string;
  /** Characters from the start of the expression, where known. */
  position: number | undefined;
  /** The operator or function it concerns, where known. */
  token: string | undefined;
  /** The value that was found, where there is one. Never part of the message beyond a short excerpt. */
  readonly value: unknown;

  constructor(code: string, message: string, position?: number, token?: string, value?: unknown) {
    super(message);
    this.name = 'ExpressionError';
    this.code = code;
    this.position = position;
    this.token = token;
    this.value = value;
  }
}

type Sentence = (facts: ErrorFacts) => string;

const sentences: Readonly<Record<string, Sentence>> = {
  D1001: ({ value }) => `The number ${String(value)} is out of range.`,
  D1002: ({ value }) => `Found ${shown(value)} behind a minus; expected a number.`,
  D1004: () => 'The regular expression matches text without characters; it would match for ever.',
  D1009: ({ value }) => `The key ${shown(value)} is given by two pairs of one object.`,
  D1013: ({ value }) => `The key ${shown(value)} is reserved.`,
  D1011: ({ value }) => `Calls lie more than ${String(value)} deep.`,
  D1014: ({ value }) => `A value lies more than ${String(value)} deep within others, or within itself.`,
  D1015: () => 'A function gave a promise, where the expression was compiled to run at once.',
  D1016: () => 'The fields "then" and "toJSON" of an object cannot hold a function.',
  D1012: () => 'The expression took more steps than its budget and the size of its input allow.',
  D2014: ({ value }) => `The range has ${String(value)} numbers; at most 10 million are allowed.`,
  D2015: ({ value }) => `A result grew beyond ${String(value)} values.`,
  D3001: ({ value }) => `The number ${String(value)} cannot be written as text.`,
  D3010: () => 'The text to be replaced is empty.',
  D3011: ({ value }) => `The limit of replacements is ${shown(value)}; expected none or a number from 0.`,
  D3012: ({ value }) => `The replacement gave ${shown(value)}; expected text.`,
  D3020: ({ value }) => `The limit of parts is ${shown(value)}; expected none or a number from 0.`,
  D3030: ({ value }) => `${shown(value)} is not a number.`,
  D3040: ({ value }) => `The limit of matches is ${shown(value)}; expected none or a number from 0.`,
  D3050: () => 'The function given to reduce takes fewer than two parameters.',
  D3060: ({ value }) => `There is no real square root of ${String(value)}.`,
  D3061: ({ value, other }) => `${String(value)} to the power of ${String(other)} is out of range.`,
  D3070: () => 'An array is sorted without a function only where it holds numbers alone, or texts alone.',
  D3080: () => 'A number picture has at most one ";".',
  D3081: () => 'A part of a number picture has at most one decimal separator.',
  D3082: () => 'A part of a number picture has at most one percent sign.',
  D3083: () => 'A part of a number picture has at most one per-mille sign.',
  D3084: () => 'A part of a number picture has a percent sign or a per-mille sign, not both.',
  D3085: () => 'A part of a number picture has at least one digit sign.',
  D3086: () => 'Within the digits of a number picture stands a character that means nothing there.',
  D3087: () => 'In a number picture a grouping separator stands beside the decimal separator.',
  D3088: () => 'The whole part of a number picture ends with a grouping separator.',
  D3089: () => 'A number picture has two grouping separators beside each other.',
  D3090: () => 'In the whole part of a number picture a mandatory digit stands before an optional one.',
  D3091: () => 'In the fraction of a number picture an optional digit stands before a mandatory one.',
  D3092: () => 'A number picture has a percent or per-mille sign, or an exponent, not both.',
  D3093: () => 'The exponent of a number picture consists of digits.',
  D3100: ({ value }) => `The base is ${shown(value)}; expected 2 to 36.`,
  D3110: ({ value }) => `${shown(value)} is not a time in ISO 8601.`,
  D3120: ({ value }) => `The text given to eval does not parse: ${String(value)}`,
  D3121: ({ value }) => `The text given to eval failed: ${String(value)}`,
  D3130: ({ value }) => `Numbers in the sequence that begins with ${shown(value)} are not known.`,
  D3131: () => 'The digits of a picture are of different alphabets.',
  D3132: ({ value }) => `A date picture has the component ${shown(value)}, which is not known.`,
  D3133: ({ value }) => `The component ${shown(value)} of a date picture has no name.`,
  D3134: ({ value }) => `The time zone picture has ${shown(value)} digits; at most four are allowed.`,
  D3135: () => 'A "[" of a date picture is not closed.',
  D3136: () => 'The date picture lacks parts that would tell which date is meant.',
  D3137: ({ value }) => textOf(value) ?? '$error() was called',
  D3138: () => 'More than one value matches; $single expects exactly one.',
  D3139: () => 'No value matches; $single expects exactly one.',
  D3140: ({ token, value }) => `${token ?? 'The function'} cannot take the malformed text ${shown(value)}.`,
  D3141: ({ value }) => textOf(value) ?? '$assert() failed',
  D3142: ({ value }) => `The picture ${shown(value)} is too long, or asks for too many digits.`,
  D3200: ({ value }) => `${shown(value)} is not a decimal number.`,
  D3201: () => 'A decimal number cannot be divided by zero.',
  D3202: ({ value }) => `The number of decimal places is ${shown(value)}; expected an integer from 0 to 1000.`,
  D3203: ({ value, other }) => `The rounding ${shown(value)} is not known; expected one of ${String(other)}.`,
  D3204: ({ value, other }) => `The hash ${shown(value)} is not known; expected one of ${String(other)}.`,
  D3205: ({ value }) => `The namespace ${shown(value)} is not a UUID.`,
  D4000: ({ value }) => `A text would grow beyond ${String(value)} characters.`,
  D4001: ({ value }) => `The regular expression ${shown(value)} took too long.`,
  T0410: ({ token, other }) => `Argument ${String(other)} of ${token ?? 'the function'} does not fit what it takes.`,
  T0411: ({ token, other }) => `The context does not fit argument ${String(other)} of ${token ?? 'the function'}.`,
  T0412: ({ token, other }) =>
    `Argument ${String(other)} of ${token ?? 'the function'} holds values of another type than it takes.`,
  T1003: ({ value }) => `The key of a pair is ${shown(value)}; expected text.`,
  T1005: ({ token }) => `${String(token)} is not a function. Did you mean $${String(token)}?`,
  T1006: ({ token }) => `${token ? `$${token} is not` : 'What is called is not'} a function.`,
  T1007: ({ token }) => `${String(token)} is not a function, and cannot be applied in part. Did you mean $${String(token)}?`,
  T1008: ({ token }) => `${token ? `$${token} is not` : 'What is applied in part is not'} a function.`,
  T1010: () => 'The matcher does not give what a regular expression gives.',
  T2001: ({ token, value }) => `Found ${shown(value)} left of ${String(token)}; expected a number.`,
  T2002: ({ token, value }) => `Found ${shown(value)} right of ${String(token)}; expected a number.`,
  T2003: ({ value }) => `A range begins with ${shown(value)}; expected an integer.`,
  T2004: ({ value }) => `A range ends with ${shown(value)}; expected an integer.`,
  T2006: ({ value }) => `Found ${shown(value)} right of ~>; expected a function.`,
  T2007: ({ value, other }) => `Sorting compares ${shown(value)} with ${shown(other)}; expected values of one type.`,
  T2008: ({ value }) => `Sorting found ${shown(value)}; expected a number or text.`,
  T2009: ({ token, value, other }) => `Compared ${shown(value)} ${String(token)} ${shown(other)}; expected values of one type.`,
  T2010: ({ token, value }) => `Compared ${shown(value)} by ${String(token)}; expected numbers or texts.`,
  T2011: ({ value }) => `The update of a transform is ${shown(value)}; expected an object.`,
  T2012: ({ value }) => `The deletions of a transform are ${shown(value)}; expected text or texts.`,
};

/** The error of this code, in a sentence made of the facts. */
export function expressionError(code: string, facts: ErrorFacts = {}): ExpressionError {
  const sentence = Object.hasOwn(sentences, code) ? sentences[code] : undefined;
  const text = sentence ? sentence(facts) : `The expression failed with ${code}.`;
  return new ExpressionError(code, text, facts.position, facts.token, facts.value);
}

function textOf(value: unknown): string | undefined {
  return typeof value === 'string' ? value : undefined;
}

/** A short excerpt of a value for a sentence: of a compound only what it is, since it may be large, or hold itself. */
function shown(value: unknown): string {
  if (value === undefined) return 'nothing';
  if (typeof value === 'function') return 'a function';
  if (Array.isArray(value)) return value.length === 0 ? '[]' : `an array of ${value.length}`;
  if (typeof value === 'object' && value !== null) return Object.keys(value).length === 0 ? '{}' : 'an object';
  const text = typeof value === 'string' ? JSON.stringify(value.slice(0, 81)) : String(value as number | boolean | null);
  return text.length > 80 ? `${text.slice(0, 80)}…` : text;
}
