// The option tables within READMEs: what stands between two markers is written from the declaration.

import { optionTable } from '@mortise/sdk';
import type { ConnectorDeclaration, Fields, FormatDeclaration } from '@mortise/sdk';

const end = '<!-- /options -->';

/** Tables stand behind `<!-- options NAME -->`: `connection`, or the name of an inbound or outbound. */
export function connectorReadme(readme: string, { connection, inbounds, outbounds }: ConnectorDeclaration): string {
  const named = [...Object.entries(inbounds), ...Object.entries(outbounds)].map(
    ([name, { options }]) => [name, options] as const,
  );
  return [['connection', connection] as const, ...named].reduce(
    (text, [name, fields]) => withTable(text, `<!-- options ${name} -->`, fields),
    readme,
  );
}

/** The table stands behind `<!-- options -->`. */
export function formatReadme(readme: string, { options }: Pick<FormatDeclaration, 'options'>): string {
  return withTable(readme, '<!-- options -->', options);
}

/** A README without the marker stays as it is: that it lacks one is found by the conformance kits. */
function withTable(readme: string, start: string, fields: Fields): string {
  const from = readme.indexOf(start);
  const to = readme.indexOf(end, from);
  return from === -1 || to === -1 ? readme : `${readme.slice(0, from)}${start}\n${optionTable(fields)}\n${readme.slice(to)}`;
}
