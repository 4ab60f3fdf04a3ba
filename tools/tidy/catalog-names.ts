// Check: the engine, the SDK and the command line know no connector and no format by name.

import type { Node } from 'oxc-parser';
import { foldersIn, isCode, isTest } from './tree.ts';
import type { Finding, Tree } from './tree.ts';

export interface AllowedWord {
  readonly word: string;
  /** The beginning of the paths where it may stand. */
  readonly under: string;
  readonly reason: string;
}

const storedBody = 'JSON text: one of the kinds of a stored body';
const fieldKind = 'one of the kinds of a field';
const encodedShape = 'one of the shapes that encode gives: bytes, text, base64';
const fileKey = 'the key of { file: … }, behind which an expression or a function lies';

/** Where a connector's or format's name is a word that means something else. One that nothing needs any more is a finding. */
export const allowedWords: readonly AllowedWord[] = [
  { word: 'json', under: 'engine/src/store/', reason: storedBody },
  { word: 'json', under: 'engine/src/flow/body.ts', reason: storedBody },
  { word: 'json', under: 'engine/src/control/messages.ts', reason: storedBody },
  { word: 'json', under: 'engine/src/control/find.ts', reason: storedBody },
  { word: 'gzip', under: 'engine/src/control/console.ts', reason: 'a coding of HTTP' },
  { word: 'text', under: 'engine/src/control/send.ts', reason: 'one of the forms in which a request brings a body' },
  { word: 'file', under: 'engine/src/harness/test-file.ts', reason: fileKey },
  { word: 'text', under: 'sdk/src/field', reason: fieldKind },
  { word: 'text', under: 'engine/src/flow/options.ts', reason: fieldKind },
  { word: 'file', under: 'sdk/src/field-read.ts', reason: fileKey },
  { word: 'file', under: 'engine/src/flow/', reason: fileKey },
  { word: 'file', under: 'engine/src/project/references.ts', reason: fileKey },
  { word: 'text', under: 'engine/src/envelope-wrapper/', reason: encodedShape },
  { word: 'text', under: 'sdk/src/flow.ts', reason: encodedShape },
  { word: 'text', under: 'cli/src/import/openapi/content.ts', reason: 'the format in which bodies that are no JSON pass' },
  { word: 'binary', under: 'cli/src/import/openapi/content.ts', reason: 'the format in which bodies that are no text pass' },
  { word: 'xml', under: 'cli/src/import/openapi/keywords.ts', reason: 'a keyword of OpenAPI schemas' },
  { word: 'http', under: 'cli/src/import/openapi/system-file.ts', reason: 'what an OpenAPI description is of' },
  { word: 'http', under: 'engine/src/control/server.ts', reason: 'a kind of security scheme in OpenAPI' },
  { word: 'csv', under: 'engine/src/project/formats.ts', reason: 'the example that the documentation of a field gives' },
];

export function checkCatalogNames(tree: Tree, allowed: readonly AllowedWord[] = allowedWords): Finding[] {
  const names = new Set([...foldersIn(tree, 'connectors'), ...foldersIn(tree, 'formats')].map((folder) => folder.split('/')[1]));
  const uses = namesUsed(tree, names);
  const isAllowed = (path: string, word: string): boolean =>
    allowed.some((entry) => entry.word === word && path.startsWith(entry.under));
  const idle = allowed.filter(({ word, under }) => !uses.some((use) => use.word === word && use.path.startsWith(under)));
  const mend =
    'Ask the catalog, or let the declaration say it; where the word means something else, say so in tools/tidy/catalog-names.ts.';
  return [
    ...uses
      .filter(({ path, word }) => !isAllowed(path, word))
      .map(({ path, line, word }) => ({ path, line, what: `names the connector or format "${word}"`, mend })),
    ...idle.map(idleEntry),
  ];
}

interface Use {
  readonly path: string;
  readonly line: number;
  readonly word: string;
}

function namesUsed(tree: Tree, names: ReadonlySet<string | undefined>): readonly Use[] {
  const code = tree.filter((file) => isCode(file) && !isTest(file) && /^(sdk|engine|cli)\//.test(file.path));
  return code.flatMap(({ path, syntax }) => {
    const found: Use[] = [];
    syntax.visit((node, parent) => {
      if (node.type !== 'Literal' || typeof node.value !== 'string' || !names.has(node.value) || isKind(parent)) return;
      found.push({ path, line: syntax.lineAt(node.start), word: node.value });
    });
    return found;
  });
}

/** Of `{ kind: 'text' }` and `field.kind === 'text'`: what tells our own shapes apart is no name of anybody's. */
function isKind(parent: Node | undefined): boolean {
  if (parent?.type === 'Property') return parent.key.type === 'Identifier' && parent.key.name === 'kind';
  if (parent?.type !== 'BinaryExpression' || parent.left.type !== 'MemberExpression') return false;
  return parent.left.property.type === 'Identifier' && parent.left.property.name === 'kind';
}

function idleEntry({ word, under }: AllowedWord): Finding {
  const what = `"${word}" is allowed under ${under}, but does not stand there`;
  return { path: 'tools/tidy/catalog-names.ts', line: 1, what, mend: 'Take it out of allowedWords.' };
}
