// Check: every error code is declared once, used, tested and documented; and no code is used that is not declared.

import { keyOf } from './declaration.ts';
import { isCode, isTest } from './tree.ts';
import type { Finding, Tree, TreeFile } from './tree.ts';

/** Names that begin like a code and are environment variables. */
export const environmentVariables: Readonly<Record<string, string>> = {
  MORTISE_CONTROL: 'the address of the control listener, for the command line',
  MORTISE_SECRETS_KEY: 'the key under which the data keys of stored secrets are sealed',
  MORTISE_SECRETS_KEY_FILE: 'a file that holds it',
  MORTISE_TOKEN: 'a token of the control API, for the command line',
  MORTISE_DEBUG: 'set to 1, the command line prints the stack of an error',
  MORTISE_COMMAND: 'a mortise command to be measured in place of the sources, for bench/formats.ts',
  MORTISE_REFERENCE_DATA: 'where reference data for tests lies',
  MORTISE_UPDATE_README: 'set to 1, the kits write the option tables of a README instead of checking them',
  MORTISE_PICTURES: 'where the long tests put pictures of the console, for people to look at',
  MORTISE_DOC_PICTURES: 'where a long test puts the pictures of the documentation',
  MORTISE_TEST_LONG: 'set to 1, the long tests run',
};

const reference = 'docs/reference/errors.md';
const codePattern = /\bMORTISE_[A-Z0-9_]*[A-Z0-9]\b/g;
/** Tests may make up codes of their own that begin like this. */
const madeUp = /^MORTISE_TEST_/;

interface DeclaredCode {
  readonly code: string;
  readonly path: string;
  readonly line: number;
}

export function checkErrorCodes(tree: Tree): Finding[] {
  const declared = tree.filter(isErrorTable).flatMap(declaredCodes);
  const documented = codesIn(tree.filter(({ path }) => path === reference));
  const tested = codesIn(tree.filter(isTest));
  const used = new Set(tree.filter((file) => isCode(file) && !isTest(file)).flatMap(literalCodes));
  return [
    ...repeated(declared),
    ...lacking(declared, used, 'is thrown nowhere', 'Throw it where it belongs, or remove it from its table.'),
    ...lacking(declared, tested, 'is in no test', 'Write a test that provokes it and expects the code.'),
    ...lacking(declared, documented, `is not in ${reference}`, 'Run npm run generate.'),
    ...undeclared(tree, new Set(declared.map(({ code }) => code))),
  ];
}

function isErrorTable(file: TreeFile): boolean {
  return !isTest(file) && (/(^|\/)errors\.ts$/.test(file.path) || file.path === 'sdk/src/format.ts');
}

function declaredCodes({ path, syntax }: TreeFile): readonly DeclaredCode[] {
  const found: DeclaredCode[] = [];
  syntax.visit((node) => {
    if (node.type !== 'Property' || node.value.type !== 'ObjectExpression') return;
    const code = keyOf(node);
    if (code?.startsWith('MORTISE_')) found.push({ code, path, line: syntax.lineAt(node.start) });
  });
  return found;
}

/** Codes that stand in texts of the code: thrown, told, compared, or handed on; not the keys of tables. */
function literalCodes({ syntax }: TreeFile): readonly string[] {
  const found: string[] = [];
  syntax.visit((node, parent) => {
    if (parent?.type === 'Property' && parent.key === node) return;
    const text = node.type === 'TemplateElement' ? node.value.raw : node.type === 'Literal' ? String(node.value) : '';
    found.push(...(text.match(codePattern) ?? []));
  });
  return found;
}

function codesIn(files: Tree): ReadonlySet<string> {
  return new Set(files.flatMap(({ text }) => text.match(codePattern) ?? []));
}

function repeated(declared: readonly DeclaredCode[]): Finding[] {
  const again = declared.filter(({ code }, index) => declared.findIndex((other) => other.code === code) < index);
  return again.map(({ code, path, line }) => ({ path, line, what: `${code} is declared twice`, mend: 'One fact, one code.' }));
}

function lacking(declared: readonly DeclaredCode[], there: ReadonlySet<string>, what: string, mend: string): Finding[] {
  const missing = declared.filter(({ code }) => !there.has(code));
  return missing.map(({ code, path, line }) => ({ path, line, what: `${code} ${what}`, mend }));
}

function undeclared(tree: Tree, declared: ReadonlySet<string>): Finding[] {
  return tree.filter(isCode).flatMap(({ path, text, syntax }) =>
    [...text.matchAll(codePattern)].flatMap(({ 0: code, index }) => {
      if (declared.has(code) || madeUp.test(code) || Object.hasOwn(environmentVariables, code)) return [];
      const mend = 'Declare it in the errors.ts of its folder; an environment variable in tools/tidy/error-codes.ts.';
      return [{ path, line: syntax.lineAt(index), what: `${code} is declared nowhere`, mend }];
    }),
  );
}
