// A line of the log as people read it on a terminal: time, level, what happened, then the facts.

type Facts = Readonly<Record<string, unknown>>;

/** From JSON to text, both with their line feed. What is no JSON object stays as it is. */
export function logText(line: string): string {
  const facts = parsed(line);
  if (!facts) return line;
  const { time, level, event, msg, err, error, ...rest } = facts;
  const shown = Object.entries(rest).map(([name, value]) => `${name}=${valueText(value)}`);
  const head = [String(time).slice(11, 23), String(level).toUpperCase().padEnd(5), wordOf(event) || '-', wordOf(msg)];
  return `${[...head, ...shown].map(printable).join(' ')}\n${stackOf(err ?? error)}`;
}

function parsed(line: string): Facts | undefined {
  try {
    const value: unknown = JSON.parse(line);
    return typeof value === 'object' && value !== null && !Array.isArray(value) ? (value as Facts) : undefined;
  } catch {
    return undefined;
  }
}

function wordOf(value: unknown): string {
  return typeof value === 'string' ? value : '';
}

function valueText(value: unknown): string {
  const text = typeof value === 'string' ? value : JSON.stringify(value);
  return /[\s"=]/.test(text) ? JSON.stringify(text) : text;
}

/** The stack of an error, indented below its line. */
function stackOf(error: unknown): string {
  const stack = typeof error === 'object' && error !== null && 'stack' in error ? error.stack : undefined;
  if (typeof stack !== 'string') return '';
  return stack
    .split('\n')
    .map((line) => `    ${printable(line.trim())}\n`)
    .join('');
}

/** What came with a message must not move the cursor or colour the screen. */
function printable(text: string): string {
  return text.replace(/[\p{Cc}\p{Bidi_Control}\u2028\u2029]+/gu, '\uFFFD');
}
