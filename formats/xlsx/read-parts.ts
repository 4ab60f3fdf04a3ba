// Reads the parts of a workbook out of its archive: which sheet is meant, the shared texts, and which styles are dates.

import { ZipReader, formatError } from '@mortise/sdk';
import type { FormatOptionsOf } from '@mortise/sdk';
import type format from './format.ts';
import { isDateFormat } from './dates.ts';
import { readXml, sheetText } from './read-xml.ts';

export type XlsxOptions = FormatOptionsOf<typeof format>;

export interface Workbook {
  /** The name of the sheet's entry in the archive. */
  readonly sheet: string;
  readonly texts: readonly string[];
  /** By the index of a cell's style. */
  readonly dateStyles: readonly boolean[];
  readonly is1904: boolean;
}

const smallParts = /(^|\/)(\.rels|workbook\.xml(\.rels)?|styles\.xml|sharedStrings\.xml)$/;
const entriesMax = 10_000;

/** Each entry with its pieces, in the order of the archive. */
export function* archiveBytes(
  bytes: Uint8Array,
  options: XlsxOptions,
): Generator<{ readonly name: string; readonly bytes: Uint8Array }> {
  const archive = new ZipReader({ ...options, entriesMax });
  let name = '';
  for (const parts of [archive.push(bytes), archive.end()]) {
    for (const part of parts) {
      if (part.kind === 'entry') ({ name } = part.entry);
      else if (part.kind === 'bytes') yield { name, bytes: part.bytes };
    }
  }
}

/** Reads the whole archive once: a damaged one gives no rows. */
export function readWorkbook(bytes: Uint8Array, options: XlsxOptions): Workbook {
  const parts = gatherSmall(bytes, options);
  const path = related(parts, '', '_rels/.rels', /\/officeDocument$/) ?? 'xl/workbook.xml';
  const [folder, file] = splitPath(path);
  const rels = `${folder}_rels/${file}.rels`;
  const { id, is1904 } = chosenSheet(partOf(parts, path), options);
  const sheet = targets(parts, folder, rels).find((one) => one.id === id)?.target;
  if (sheet === undefined) throw fault(`The sheet ${JSON.stringify(id)} is in no part of the workbook.`);
  const texts = related(parts, folder, rels, /\/sharedStrings$/);
  const styles = related(parts, folder, rels, /\/styles$/);
  return {
    sheet,
    is1904,
    texts: texts === undefined ? [] : readTexts(partOf(parts, texts)),
    dateStyles: styles === undefined ? [] : readDateStyles(partOf(parts, styles)),
  };
}

type Parts = ReadonlyMap<string, readonly Uint8Array[]>;

function gatherSmall(bytes: Uint8Array, options: XlsxOptions): Parts {
  const parts = new Map<string, Uint8Array[]>();
  const lengths = new Map<string, number>();
  for (const piece of archiveBytes(bytes, options)) {
    if (!smallParts.test(piece.name)) continue;
    const length = (lengths.get(piece.name) ?? 0) + piece.bytes.length;
    if (length > options.partBytesMax)
      throw formatError('MORTISE_FORMAT_LIMIT', `${piece.name} has more than ${options.partBytesMax} bytes (partBytesMax).`);
    lengths.set(piece.name, length);
    parts.set(piece.name, [...(parts.get(piece.name) ?? []), piece.bytes]);
  }
  return parts;
}

function partOf(parts: Parts, name: string): readonly Uint8Array[] {
  const found = parts.get(name);
  if (found) return found;
  throw fault(`The archive has no ${JSON.stringify(name)}; expected the parts of a workbook.`);
}

interface Relation {
  readonly id: string;
  readonly type: string;
  readonly target: string;
}

function targets(parts: Parts, folder: string, rels: string): readonly Relation[] {
  const found: Relation[] = [];
  readXml(partOf(parts, rels), rels, {
    open(name, attributes) {
      if (name !== 'Relationship' || attributes.get('TargetMode') === 'External') return;
      const target = attributes.get('Target') ?? '';
      found.push({ id: attributes.get('Id') ?? '', type: attributes.get('Type') ?? '', target: joined(folder, target) });
    },
  });
  return found;
}

function related(parts: Parts, folder: string, rels: string, type: RegExp): string | undefined {
  return targets(parts, folder, rels).find((one) => type.test(one.type))?.target;
}

function joined(folder: string, target: string): string {
  if (target.startsWith('/')) return target.slice(1);
  const way: string[] = [];
  for (const part of `${folder}${target}`.split('/')) {
    if (part === '..') way.pop();
    else if (part !== '.') way.push(part);
  }
  return way.join('/');
}

function splitPath(path: string): readonly [folder: string, file: string] {
  const at = path.lastIndexOf('/') + 1;
  return [path.slice(0, at), path.slice(at)];
}

function chosenSheet(workbook: readonly Uint8Array[], options: XlsxOptions): { readonly id: string; readonly is1904: boolean } {
  const sheets: { readonly name: string; readonly id: string }[] = [];
  let is1904 = false;
  readXml(workbook, 'the workbook', {
    open(name, attributes) {
      if (name === 'workbookPr') is1904 = /^(1|true)$/.test(attributes.get('date1904') ?? '');
      if (name === 'sheet') sheets.push({ name: attributes.get('name') ?? '', id: attributes.get('id') ?? '' });
    },
  });
  const found = options.sheet === undefined ? sheets[options.sheetIndex - 1] : sheets.find(({ name }) => name === options.sheet);
  if (found) return { id: found.id, is1904 };
  const wanted = options.sheet === undefined ? `number ${options.sheetIndex}` : JSON.stringify(options.sheet);
  const known = sheets
    .slice(0, 20)
    .map(({ name }) => JSON.stringify(name))
    .join(', ');
  throw formatError('MORTISE_FORMAT_VALUE', `The workbook has no sheet ${wanted}; it has ${known || 'none'}.`);
}

/** Texts with formats inside are the sum of their parts; what is spoken beside them (`rPh`) is none. */
function readTexts(bytes: readonly Uint8Array[]): readonly string[] {
  const texts: string[] = [];
  let spoken = 0;
  let [text, isText] = ['', false];
  readXml(bytes, 'the shared texts', {
    open(name) {
      if (name === 'si') text = '';
      if (name === 'rPh') spoken += 1;
      isText = name === 't' && spoken === 0;
    },
    text(part) {
      if (isText) text += part;
    },
    close(name) {
      if (name === 'si') texts.push(sheetText(text));
      if (name === 'rPh') spoken -= 1;
      isText = false;
    },
  });
  return texts;
}

function readDateStyles(bytes: readonly Uint8Array[]): readonly boolean[] {
  const codes = new Map<string, string>();
  const styles: boolean[] = [];
  let isInCells = false;
  readXml(bytes, 'the styles', {
    open(name, attributes) {
      if (name === 'numFmt') codes.set(attributes.get('numFmtId') ?? '', attributes.get('formatCode') ?? '');
      if (name === 'cellXfs') isInCells = true;
      const id = attributes.get('numFmtId') ?? '0';
      if (name === 'xf' && isInCells) styles.push(isDateFormat(Number(id), codes.get(id)));
    },
    close(name) {
      if (name === 'cellXfs') isInCells = false;
    },
  });
  return styles;
}

function fault(message: string): Error {
  return formatError('MORTISE_FORMAT_SYNTAX', message);
}
