// Check: files and functions are small.

import type { ArrowFunctionExpression, Function as FunctionNode, Node } from 'oxc-parser';
import { isCode, isTest } from './tree.ts';
import type { Finding, Tree, TreeFile } from './tree.ts';

const fileLinesMax = 500;
const fileLinesMedianMax = 120;
const functionLinesMax = 70;
const functionLinesMedianMax = 8;

export interface MeasuredFunction {
  readonly name: string | undefined;
  readonly line: number;
  readonly lines: number;
}

/** Tests may be as long as they are clear, up to the limit of a file; fixtures are what they are. */
export function checkSizes(tree: Tree): Finding[] {
  const code = tree.filter((file) => isCode(file) && !file.path.includes('/fixtures/'));
  const measured = code.filter((file) => !isTest(file));
  const functions = measured.map((file) => ({ file, functions: measureFunctions(file) }));
  const named = functions.flatMap((entry) => entry.functions).filter(({ name }) => name !== undefined);
  return [
    ...code.flatMap(longFile),
    ...functions.flatMap(({ file, functions: own }) => own.flatMap((one) => longFunction(file, one))),
    ...highMedian('file', measured.map(countLines), fileLinesMedianMax),
    ...highMedian(
      'function with a name',
      named.map(({ lines }) => lines),
      functionLinesMedianMax,
    ),
  ];
}

/** All functions of a file. Those without a name are callbacks; the callback of a `describe` is a list of tests, and left out. */
export function measureFunctions({ syntax }: TreeFile): readonly MeasuredFunction[] {
  const found: MeasuredFunction[] = [];
  syntax.visit((node, parent) => {
    if (!isFunction(node) || isDescribed(parent)) return;
    const line = syntax.lineAt(node.start);
    found.push({ name: functionName(node, parent), line, lines: syntax.lineAt(node.end) - line + 1 });
  });
  return found;
}

function isFunction(node: Node): node is FunctionNode | ArrowFunctionExpression {
  return node.type === 'FunctionDeclaration' || node.type === 'FunctionExpression' || node.type === 'ArrowFunctionExpression';
}

function functionName(node: FunctionNode | ArrowFunctionExpression, parent: Node | undefined): string | undefined {
  if (node.id) return node.id.name;
  if (parent?.type === 'VariableDeclarator' && parent.id.type === 'Identifier') return parent.id.name;
  if (parent?.type === 'Property' || parent?.type === 'MethodDefinition' || parent?.type === 'PropertyDefinition') {
    return parent.key.type === 'Identifier' ? parent.key.name : '(computed)';
  }
  return undefined;
}

function isDescribed(parent: Node | undefined): boolean {
  if (parent?.type !== 'CallExpression') return false;
  let { callee } = parent;
  while (callee.type === 'MemberExpression' || callee.type === 'CallExpression') {
    callee = callee.type === 'MemberExpression' ? callee.object : callee.callee;
  }
  return callee.type === 'Identifier' && callee.name === 'describe';
}

function longFile(file: TreeFile): Finding[] {
  const lines = countLines(file);
  if (lines <= fileLinesMax) return [];
  const what = `${lines} lines: a file has at most ${fileLinesMax}`;
  return [{ path: file.path, line: fileLinesMax + 1, what, mend: 'Split it by what it is about.' }];
}

function longFunction(file: TreeFile, { name, line, lines }: MeasuredFunction): Finding[] {
  if (lines <= functionLinesMax) return [];
  const what = `${name ?? 'a callback'} has ${lines} lines: a function has at most ${functionLinesMax}`;
  return [{ path: file.path, line, what, mend: 'Give its parts names and functions of their own.' }];
}

function highMedian(thing: string, lines: readonly number[], limit: number): Finding[] {
  const median = medianOf(lines);
  if (median <= limit) return [];
  const what = `the median ${thing} has ${median} lines: at most ${limit}`;
  return [{ path: '(the whole repository)', line: 1, what, mend: 'Split the longest ones first.' }];
}

export function medianOf(values: readonly number[]): number {
  return values.toSorted((a, b) => a - b)[Math.floor((values.length - 1) / 2)] ?? 0;
}

export function countLines({ text }: TreeFile): number {
  return text.split('\n').length - (text.endsWith('\n') ? 1 : 0);
}
