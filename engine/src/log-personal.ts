// Takes out of a line of the log what may be personal: the sentences of errors about messages, which repeat what stood in a body.

type Facts = Readonly<Record<string, unknown>>;

/** Lines whose sentence may repeat a part of a message. */
const aboutMessages = /"event":"(delivery|message|held|request|inbound|backlog)\./;

/** Ids, places, states and codes stay: by them the journal tells the rest to whoever may see it. */
export function withoutPersonalText(line: string): string {
  if (!aboutMessages.test(line)) return line;
  const { msg, err, path, ...facts } = JSON.parse(line) as Facts;
  const code = facts['code'] ?? codeOf(err);
  const told = [facts['event'], code].filter((part) => typeof part === 'string').join(': ');
  const safe = {
    ...facts,
    ...(code === undefined ? {} : { code }),
    // A query may name anybody.
    ...(typeof path === 'string' ? { path: path.replace(/\?.*$/s, '?…') } : {}),
    ...(msg === undefined ? {} : { msg: `${told}; the sentence is in the journal, since a model marks personal fields.` }),
  };
  return `${JSON.stringify(safe)}\n`;
}

/** Of an error its code, or its kind; its message and stack are left out. */
function codeOf(error: unknown): unknown {
  if (typeof error !== 'object' || error === null) return undefined;
  const { code, type } = error as { readonly code?: unknown; readonly type?: unknown };
  return code ?? type;
}

/** Whether a model marks any field with `x-personal: true`. */
export function marksPersonal(models: Iterable<{ readonly schema: unknown }>): boolean {
  return [...models].some(({ schema }) => JSON.stringify(schema)?.includes('"x-personal":true') ?? false);
}
