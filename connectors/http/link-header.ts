// The header Link (RFC 8288, section 3 and appendix B): which link has a relation. Pure.

/** Where the first link with the relation `relation` leads; undefined where there is none. */
export function linkTo(header: string | undefined, relation: string): string | undefined {
  for (const { target, parameters } of linksOf(header ?? '')) {
    // A link with an anchor is one of another resource, not of this page. Of several `rel` the first counts (section 3.3).
    const relations = parameters.find(([name]) => name === 'rel')?.[1] ?? '';
    const isOfThis = !parameters.some(([name]) => name === 'anchor');
    if (isOfThis && relations.toLowerCase().split(/\s+/).includes(relation)) return target;
  }
  return undefined;
}

interface Link {
  readonly target: string;
  readonly parameters: readonly (readonly [string, string])[];
}

/** Every link, read from left to right; what is no link ends the reading. */
function* linksOf(header: string): Generator<Link> {
  const link = /[\s,]*<([^<>]*)>/y;
  const parameter = /\s*;\s*([^\s=;,"<>]+)(?:\s*=\s*(?:"((?:[^"\\]|\\.)*)"|([^\s;,"]*)))?/y;
  for (let found = link.exec(header); found; found = link.exec(header)) {
    const parameters: (readonly [string, string])[] = [];
    parameter.lastIndex = link.lastIndex;
    let end = link.lastIndex;
    for (let one = parameter.exec(header); one; one = parameter.exec(header)) {
      const [, name = '', quoted, token = ''] = one;
      parameters.push([name.toLowerCase(), quoted?.replace(/\\(.)/g, '$1') ?? token]);
      end = parameter.lastIndex;
    }
    yield { target: (found[1] ?? '').trim(), parameters };
    link.lastIndex = end;
  }
}
