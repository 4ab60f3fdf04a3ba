// The reference of formats: a page with all of them, and a page for each.

import { optionTable } from '@mortise/sdk';
import type { FormatDeclaration } from '@mortise/sdk';
import { page, table } from './markdown.ts';

/** A format without the functions of its options: what is documented does not depend on the types of its options. */
export type DocumentedFormat = Omit<FormatDeclaration, 'schema' | 'recordsOf' | 'contentTypeOf'>;

export function formatList(formats: readonly DocumentedFormat[]): string {
  const rows = formats.map(({ name, doc, contentType }) => [`[\`${name}\`](formats/${name}.md)`, doc, `\`${contentType}\``]);
  return page('Formats', table(['format', 'what it is', 'content type'], rows));
}

export function formatPage({ name, doc, contentType, records, options }: DocumentedFormat): string {
  const count = {
    one: 'A body is one value.',
    many: 'A body is any number of records.',
    either: 'A body is one value or any number of records, as its options say.',
  }[records];
  return page(
    name,
    doc,
    `${count} Content type: \`${contentType}\`.`,
    `Examples and limits: [the format's own page](../../../formats/${name}/README.md).`,
    `## Options\n\n${optionTable(options)}`,
  );
}
