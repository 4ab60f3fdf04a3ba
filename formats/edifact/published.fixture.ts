// Writes a directory in the layout in which UN/CEFACT publishes it, with names made up: what a project would have unpacked.

import { readEntries } from './definitions.ts';
import type { DirectoryData } from './definitions.ts';

type Entries = ReturnType<typeof readEntries>;

const line = '-'.repeat(70);

/** Files by their paths in a project. */
export function publishedFiles(data: DirectoryData, release: string): Record<string, string> {
  const file = (name: string, entries: readonly string[]): [string, string] => [
    `directories/${name}.${release}`,
    [`                    UN/EDIFACT\r\n\r\n     Directory ${release}\r\n`, ...entries, ''].join(`${line}\r\n\r\n`),
  ];
  const tables = Object.entries(data.messages).map(([type, table]): [string, string] => [
    `directories/${type}_D.${release}`,
    `     4.3.1  Segment table\r\n\r\n     Pos     Tag Name                                     S   R\r\n\r\n${tableOf(readEntries(table))}`,
  ]);
  return Object.fromEntries([
    file(
      'EDSD',
      Object.entries(data.segments).map(([tag, entries]) => segmentText(tag, spread(readEntries(entries)), data)),
    ),
    file(
      'EDCD',
      Object.entries(data.composites).map(([id, entries]) => compositeText(id, spread(readEntries(entries)), data)),
    ),
    file(
      'EDED',
      Object.entries(data.elements).map(
        ([id, format]) =>
          `     ${id}  Some element${' '.repeat(40)}[B]\r\n\r\n     Desc: A text.\r\n\r\n     Repr: ${format}\r\n`,
      ),
    ),
    file(
      'UNCL',
      Object.entries(data.codes).map(([id, codes]) => codeText(id, data.elements[id] ?? '', codes.split(' '))),
    ),
    ...tables,
  ]);
}

function spread(entries: Entries): Entries {
  return entries.flatMap((entry) =>
    Array.from({ length: entry.times }, (_, index) => ({ ...entry, times: 1, mandatory: entry.mandatory && index === 0 })),
  );
}

const status = (mandatory: boolean): string => (mandatory ? 'M' : 'C');

function segmentText(tag: string, entries: Entries, data: DirectoryData): string {
  const places = entries.map(({ id, mandatory, repeatMax }, index) => {
    const position = `${(index + 1) * 10}`.padStart(3, '0');
    const format = data.elements[id] ?? '';
    const composite = data.composites[id];
    const components = composite === undefined ? '' : componentLines(spread(readEntries(composite)), data);
    return `${position}    ${id} ${'SOME NAME'.padEnd(42)} ${status(mandatory)} ${`${repeatMax}`.padStart(4)} ${format}\r\n${components}`;
  });
  return `       ${tag}  SOME SEGMENT\r\n\r\n       Function: To say something.\r\n\r\n${places.join('\r\n')}`;
}

function compositeText(id: string, entries: Entries, data: DirectoryData): string {
  const places = entries.map(({ id: inner, mandatory }, index) => {
    const position = `${(index + 1) * 10}`.padStart(3, '0');
    return `${position}    ${inner}  ${'Some name'.padEnd(41)} ${status(mandatory)}      ${data.elements[inner] ?? ''}\r\n`;
  });
  return `       ${id} SOME COMPOSITE\r\n\r\n       Desc: A text.\r\n\r\n${places.join('')}`;
}

function componentLines(entries: Entries, data: DirectoryData): string {
  const lines = entries.map(
    ({ id, mandatory }) => `       ${id}  ${'Some name'.padEnd(41)} ${status(mandatory)}      ${data.elements[id] ?? ''}\r\n`,
  );
  return lines.join('');
}

function codeText(id: string, format: string, codes: readonly string[]): string {
  const lines = codes.map((code) => `     ${code.padEnd(5)} Some code\r\n              Something that is said of it.\r\n`);
  return `     ${id}  Some element\r\n\r\n     Desc: A text.\r\n\r\n     Repr: ${format}\r\n\r\n${lines.join('\r\n')}`;
}

function tableOf(entries: Entries): string {
  const lines: string[] = [];
  let position = 0;
  const write = (some: Entries, open: number): void => {
    for (const { id, mandatory, times, inside } of some) {
      position += 10;
      const occurs = `${status(mandatory)}   ${times}`;
      const place = `${position}`.padStart(5, '0');
      if (inside) {
        lines.push(
          `${place}       ---- Segment group ${id.slice(2).padEnd(3)}------------------ ${occurs}${'-'.repeat(12)}+${'|'.repeat(open)}`,
        );
        write(inside, open + 1);
        lines.push(`${lines.pop()?.trimEnd().replace(/\|$/, '') ?? ''}${lines.length > 0 ? '+' : ''}`);
      } else lines.push(`${place}   ${id} ${'Some segment'.padEnd(40)} ${occurs}${' '.repeat(12)}${'|'.repeat(open)}`);
    }
  };
  write(entries, 0);
  return lines.join('\r\n');
}
