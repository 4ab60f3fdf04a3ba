// Sets of characters: the host's own engine says for each UTF-16 unit whether it belongs, once.

const [unknown, inside, outside] = [0, 1, 2];
const sets = new Map<string, (code: number) => boolean>();
/** So many sets are kept; then all are forgotten. */
const setsMax = 500;

/** Whether a UTF-16 unit is in a set, as it is written in a regular expression. */
export function setTest(source: string, ignoresCase: boolean): (code: number) => boolean {
  const name = `${ignoresCase ? 'i' : ' '}${source}`;
  const known = sets.get(name);
  if (known) return known;
  if (sets.size >= setsMax) sets.clear();
  const made = newTest(source, ignoresCase);
  sets.set(name, made);
  return made;
}

function newTest(source: string, ignoresCase: boolean): (code: number) => boolean {
  const regex = new RegExp(`^(?:${source})$`, ignoresCase ? 'i' : '');
  const table = new Uint8Array(0x1_00_00);
  return (code) => {
    if (table[code] === unknown) table[code] = regex.test(String.fromCharCode(code)) ? inside : outside;
    return table[code] === inside;
  };
}
