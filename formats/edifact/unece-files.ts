// Reads the text files of a UN/CEFACT directory as they are published: segments (EDSD), composites (EDCD), elements (EDED), codes
// (UNCL) and the segment tables of messages. Only tags, status, repetitions, formats and codes are taken.

type Lines = Readonly<Record<string, string>>;

/** Marks of change stand in the first columns: they say nothing of what holds now. */
const changeMarks = /^([0-9]{3,5})?[ \t]*[*+#|!X]+(?=\s)/;
const entryHead = /^\s{2,9}([A-Z]{3}|[CES][0-9]{3}|[0-9]{4})\s+\S/;
const place = /^\s*(?:([0-9]{3})\s+)?([CES][0-9]{3}|[0-9]{4})\s+\S/;
const placeEnd = /\s([MC])(?:\s+([0-9]+))?(?:\s+((?:an|a|n)(?:\.\.)?[0-9]+))?\s*$/;

/** `"NAD": "3035! C082 …"`: lines with a position are the elements; those without are components, which EDCD has as well. */
export function readSegments(text: string): Lines {
  return entriesOf(text, /^[A-Z]{3}$/, (lines) => {
    const numbered = lines.some((line) => /^[0-9]{3}\s/.test(line));
    const places = placesIn(lines).filter(({ position }) => !numbered || position !== undefined);
    return itemsOf(places.map(({ id, mandatory, repeat }) => ({ id, mandatory, repeat })));
  });
}

export function readComposites(text: string): Lines {
  return entriesOf(text, /^[CES][0-9]{3}$/, (lines) =>
    itemsOf(placesIn(lines).map(({ id, mandatory }) => ({ id, mandatory, repeat: 1 }))),
  );
}

export function readElements(text: string): Lines {
  return entriesOf(text, /^[0-9]{4}$/, (lines) => reprIn(lines)?.[1] ?? '');
}

/** A code begins where the id of its element does, or a little to its right; what is said of it stands further right. */
export function readCodes(text: string): Lines {
  return entriesOf(text, /^[0-9]{4}$/, (lines) => {
    const from = lines.findIndex((line) => reprIn([line]) !== undefined);
    const codes = lines.slice(from + 1).flatMap((line) => /^\s{3,7}([^\s:]{1,17})\s+\S/.exec(line)?.[1] ?? []);
    return [...new Set(codes)].join(' ');
  });
}

/** The grammar of `DirectoryData`, or undefined where there is no table. */
export function readSegmentTable(text: string): string | undefined {
  const lines = linesOf(text);
  const from = lines.findLastIndex((line) => /4\.3\.1\s+Segment table/i.test(line));
  let items = '';
  let depth = 0;
  for (const line of lines.slice(Math.max(0, from))) {
    const group = /-{2,}\s*Segment group\s+([0-9]+)\s*-*\s*([MC])\s*([0-9]+)/i.exec(line);
    const segment = /^\s*(?:[0-9]{4,5}\s+)?([A-Z]{3})\s+\S.*\s([MC])\s+([0-9]+)([-+|\u00a6\s]*)$/.exec(line);
    if (group) {
      items += ` SG${group[1]}${occurs(group[2], group[3])}(`;
      depth += 1;
    } else if (segment) {
      const closed = Math.min(depth, (segment[4] ?? '').split('+').length - 1);
      items += ` ${segment[1]}${occurs(segment[2], segment[3])}${')'.repeat(closed)}`;
      depth -= closed;
    }
  }
  const table = items.trim().replaceAll('( ', '(');
  return depth === 0 && table.startsWith('UNH') ? table : undefined;
}

function occurs(status: string | undefined, max: string | undefined): string {
  return `${status === 'M' ? '!' : ''}${max === undefined || max === '1' ? '' : `*${max}`}`;
}

function linesOf(text: string): readonly string[] {
  return text
    .split(/\r?\n/)
    .map((line) => line.replace(changeMarks, (marks) => (marks.match(/^[0-9]+/)?.[0] ?? '').padEnd(marks.length)));
}

function reprIn(lines: readonly string[]): RegExpExecArray | undefined {
  for (const line of lines) {
    const found = /^\s*Repr:\s*((?:an|a|n)(?:\.\.)?[0-9]+)/.exec(line);
    if (found) return found;
  }
  return undefined;
}

/** Entries are parted by lines of hyphens; each begins with its id and its name. */
function entriesOf(text: string, id: RegExp, read: (lines: readonly string[]) => string): Lines {
  const found: Record<string, string> = {};
  let entry: string[] = [];
  const finish = (): void => {
    const at = entry.findIndex((line) => entryHead.test(line));
    const name = entryHead.exec(entry[at] ?? '')?.[1] ?? '';
    const made = id.test(name) ? read(entry.slice(at + 1)) : '';
    if (made !== '') found[name] = made;
    entry = [];
  };
  for (const line of linesOf(text)) {
    if (/^-{20,}\s*$/.test(line)) finish();
    else entry.push(line);
  }
  finish();
  return found;
}

interface Place {
  readonly position: string | undefined;
  readonly id: string;
  readonly mandatory: boolean;
  readonly repeat: number;
}

/** A long name goes on in the next lines, with status and format behind its end. */
function placesIn(lines: readonly string[]): readonly Place[] {
  return lines.flatMap((line, index) => {
    const begin = place.exec(line);
    if (!begin) return [];
    const whole = [1, 2, 3].map((count) => lines.slice(index, index + count).join(' ')).find((joined) => placeEnd.test(joined));
    const end = whole === undefined ? undefined : placeEnd.exec(whole);
    if (!end) return [];
    return [{ position: begin[1], id: begin[2] ?? '', mandatory: end[1] === 'M', repeat: Number(end[2] ?? 1) }];
  });
}

/** Places with the same id behind one another are one item; only the first of them may be mandatory. */
function itemsOf(places: readonly Omit<Place, 'position'>[]): string {
  const items: { id: string; mandatory: boolean; repeat: number; times: number }[] = [];
  for (const { id, mandatory, repeat } of places) {
    const last = items.at(-1);
    if (last?.id === id && !mandatory && last.repeat === repeat) last.times += 1;
    else items.push({ id, mandatory, repeat, times: 1 });
  }
  const written = items.map(({ id, mandatory, repeat, times }) => {
    return `${id}${mandatory ? '!' : ''}${times > 1 ? `*${times}` : ''}${repeat > 1 ? `^${repeat}` : ''}`;
  });
  return written.join(' ');
}
