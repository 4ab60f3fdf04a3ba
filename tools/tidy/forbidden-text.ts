// Check: nothing is left behind that was meant for one machine, one moment, or nobody.

import type { Node } from 'oxc-parser';
import { isCode, isTest } from './tree.ts';
import type { Finding, Tree, TreeFile } from './tree.ts';

interface Forbidden {
  readonly pattern: RegExp;
  readonly where: (file: TreeFile) => boolean;
  readonly what: string;
  readonly mend: string;
}

const everywhere = (): boolean => true;

const forbidden: readonly Forbidden[] = [
  {
    pattern: /\b(TODO|FIXME|XXX)\b/,
    where: everywhere,
    what: 'a note to do something later',
    mend: 'Do it, or leave it out.',
  },
  {
    pattern: /@ts-(ignore|nocheck)|@ts-expect-error(?!\s+\S)|(oxlint|eslint)-disable(?!.* --)|biome-ignore(?!.*: \S)/,
    where: isCode,
    what: 'a check is switched off without a reason',
    mend: 'Mend the code; where the check is wrong, write the reason behind it.',
  },
  {
    pattern: /(^|[^\w.~-])\/(work|tmp|home|root|Users)\/(?!\{)/,
    where: everywhere,
    what: "a path of somebody's machine",
    mend: 'Use os.tmpdir(), a path from the repository root, or a setting.',
  },
  {
    pattern: /\bregistry\.[a-z]|\bnpmjs\.(org|com)|\byarnpkg\.com|\bjfrog\.|\bartifactory\b|\bnpm\.pkg\./i,
    where: everywhere,
    what: 'the host of a package registry',
    mend: "Leave it out: which registry is asked is a setting of who installs (npm's omit-lockfile-registry-resolved).",
  },
  {
    pattern: /node_modules\/\.cache/,
    where: everywhere,
    what: 'a cache that an install wipes',
    mend: 'Use os.tmpdir().',
  },
];

/** Files that only look as if: the reason stands beside each. */
const excepted: Readonly<Record<string, string>> = {
  'tools/tidy/forbidden-text.ts': 'holds the patterns',
  'tools/tidy/forbidden-text.test.ts': 'holds an example of each',
};

export function checkForbiddenText(tree: Tree): Finding[] {
  const files = tree.filter(({ path }) => !Object.hasOwn(excepted, path));
  return [
    ...files.flatMap(forbiddenLines),
    ...files.filter(isCode).flatMap(anyTypes),
    ...files.filter((file) => isCode(file) && isTest(file)).flatMap(skippedTests),
  ];
}

function forbiddenLines(file: TreeFile): Finding[] {
  const rules = forbidden.filter(({ where }) => where(file));
  return file.text.split('\n').flatMap((text, index) =>
    rules.flatMap(({ pattern, what, mend }) => {
      const match = pattern.exec(text);
      return match ? [{ path: file.path, line: index + 1, what: `${what}: ${match[0].trim()}`, mend }] : [];
    }),
  );
}

function anyTypes({ path, syntax }: TreeFile): Finding[] {
  const found: Finding[] = [];
  syntax.visit((node) => {
    if (node.type !== 'TSAnyKeyword') return;
    found.push({
      path,
      line: syntax.lineAt(node.start),
      what: 'the type any',
      mend: 'Name the type, or use unknown and check it.',
    });
  });
  return found;
}

/**
 * `.only` and `.todo` are never right; `.skip`, `.skipIf`, `.runIf` say in the name of the test, in parentheses, what it
 * needs; a running test that skips itself says it as the one argument.
 */
function skippedTests({ path, text, syntax }: TreeFile): Finding[] {
  const found: Finding[] = [];
  syntax.visit((node) => {
    if (node.type !== 'CallExpression') return;
    const modifier = testModifier(node.callee);
    if (modifier === undefined) return;
    const line = syntax.lineAt(node.start);
    const [name, body] = node.arguments;
    const reason = name !== undefined && (body === undefined || /\(.+\)/.test(text.slice(name.start, name.end)));
    if (/^(only|todo)$/.test(modifier))
      found.push({ path, line, what: `a test with .${modifier}`, mend: 'Write the test, and run all.' });
    else if (!reason)
      found.push({ path, line, what: `.${modifier} without a reason`, mend: "Say it in the test's name: '… (needs X)'." });
  });
  return found;
}

/** `it.skip('…')` and `it.skipIf(…)('…')` to `skip` and `skipIf`; undefined for calls that are no modified test. */
function testModifier(callee: Node): string | undefined {
  const called = callee.type === 'CallExpression' ? callee.callee : callee;
  if (called.type !== 'MemberExpression' || called.property.type !== 'Identifier') return undefined;
  const { name } = called.property;
  const isCondition = /^(skipIf|runIf)$/.test(name);
  if (isCondition !== (callee.type === 'CallExpression')) return undefined;
  const root = called.object.type === 'Identifier' ? called.object.name : '';
  return /^(it|test|describe)$/.test(root) && /^(only|todo|skip|skipIf|runIf)$/.test(name) ? name : undefined;
}
