// Check: sibling folders have the same files, and every file of code opens with a sentence that says what it is for.

import type { Node, ObjectExpression } from 'oxc-parser';
import { declaredObjects, propertyOf } from './declaration.ts';
import { foldersIn, isCode } from './tree.ts';
import type { Finding, Tree, TreeFile } from './tree.ts';

const connectorFiles = ['connector.ts', 'connector.test.ts', 'README.md', 'package.json', 'services.yaml'];
const formatFiles = ['format.ts', 'decode.ts', 'encode.ts', 'format.test.ts', 'README.md', 'package.json'];

export function checkFolderShapes(tree: Tree): Finding[] {
  return [
    ...foldersIn(tree, 'connectors').flatMap((folder) => connectorFaults(tree, folder)),
    ...foldersIn(tree, 'formats').flatMap((folder) => formatFaults(tree, folder)),
    ...tree.filter(isCode).flatMap(openingFault),
  ];
}

function connectorFaults(tree: Tree, folder: string): Finding[] {
  const declaration = declarationOf(tree, `${folder}/connector.ts`, 'defineConnector');
  return [
    ...missingFiles(tree, folder, connectorFiles),
    ...nameFault(folder, 'connector.ts', declaration),
    ...(declaration
      ? [...halfFault(tree, folder, declaration, 'inbound'), ...halfFault(tree, folder, declaration, 'outbound')]
      : []),
  ];
}

function formatFaults(tree: Tree, folder: string): Finding[] {
  const declaration = declarationOf(tree, `${folder}/format.ts`, 'defineFormat');
  return [...missingFiles(tree, folder, formatFiles), ...nameFault(folder, 'format.ts', declaration)];
}

function declarationOf(tree: Tree, path: string, callee: string): ObjectExpression | undefined {
  const file = tree.find((one) => one.path === path);
  return file && declaredObjects(file, callee)[0];
}

function missingFiles(tree: Tree, folder: string, names: readonly string[]): Finding[] {
  const missing = names.filter((name) => !has(tree, `${folder}/${name}`));
  const mend = 'Every folder beside it has one: see "The shape of a connector" in CONTRIBUTING.md.';
  return missing.map((name) => ({ path: `${folder}/${name}`, line: 1, what: 'is missing', mend }));
}

/** `inbound.ts` is there if, and only if, the declaration has inbounds; and so for outbounds. */
function halfFault(tree: Tree, folder: string, declaration: ObjectExpression, half: 'inbound' | 'outbound'): Finding[] {
  const path = `${folder}/${half}.ts`;
  const declared = !isEmptyObject(propertyOf(declaration, `${half}s`));
  if (declared === has(tree, path)) return [];
  const what = declared ? `is missing, and connector.ts declares ${half}s` : `is there, and connector.ts declares no ${half}`;
  return [{ path, line: 1, what, mend: 'Implement what is declared, or declare what is implemented.' }];
}

function nameFault(folder: string, name: string, declaration: ObjectExpression | undefined): Finding[] {
  const declared = propertyOf(declaration, 'name');
  const expected = folder.split('/').at(-1);
  if (!declaration || (declared?.type === 'Literal' && declared.value === expected)) return [];
  return [
    { path: `${folder}/${name}`, line: 1, what: `does not declare the name "${expected}"`, mend: "The name is the folder's." },
  ];
}

function openingFault({ path, text }: TreeFile): Finding[] {
  const lines = text.replace(/^#!.*\n/, '').split('\n');
  const comment = lines.slice(
    0,
    lines.findIndex((line) => !line.startsWith('// ')),
  );
  if (/[.?](\s|$)/.test(comment.join('\n'))) return [];
  return [{ path, line: 1, what: 'does not open with a sentence', mend: 'Say in one `//` sentence what the file is for.' }];
}

function isEmptyObject(node: Node | undefined): boolean {
  return node?.type === 'ObjectExpression' && node.properties.length === 0;
}

function has(tree: Tree, path: string): boolean {
  return tree.some((file) => file.path === path);
}
