// mortise test: runs a project's tests, without a network and without waiting.

import { nearest } from '@mortise/sdk';
import { jsonOption, printResult } from '../command.ts';
import type { AddCommand } from '../command.ts';
import type { Project, TestResult } from '@mortise/engine';
import { cliError } from '../errors.ts';
import { exitCodes } from '../exit-codes.ts';
import { openTerminal, plain } from '../terminal.ts';
import type { Terminal } from '../terminal.ts';

interface Options {
  readonly env?: string;
  readonly json?: boolean;
}

export const addTest: AddCommand = (program) => {
  const command = program
    .command('test')
    .description("run a project's tests: with the real engine, no network, and a clock that does not wait")
    .argument('[dir]', "the project's folder", '.')
    .argument('[name...]', 'of tests, flows, outbounds or inbounds: only these');
  jsonOption(command).option('--env <name>', 'with the settings of this environment').action(test);
};

async function test(folder: string, names: readonly string[], options: Options): Promise<void> {
  const { loadProject, openCatalog, renderProblems, runTests } = await import('@mortise/engine');
  const terminal = openTerminal();
  const project = await loadProject(folder, {
    catalog: openCatalog(),
    ...(options.env === undefined ? {} : { environment: options.env }),
  });
  const errors = project.problems.filter(({ severity }) => severity === 'error');
  if (errors.length > 0) {
    terminal.printError(renderProblems(errors, { folder, colors: terminal.coloured }).trimEnd());
    throw cliError('MORTISE_CLI_PROJECT', `The project has errors, and its tests were not run.`);
  }
  const results: TestResult[] = [];
  for await (const result of runTests(project, chosen(project, names))) {
    results.push(result);
    if (!options.json) terminal.print(resultText(result, terminal));
  }
  printResult(results, options, () => summaryText(results, terminal));
  if (results.some(({ passed }) => !passed)) process.exitCode = exitCodes.failed;
}

function chosen({ tests, compiled }: Project, names: readonly string[]): Project['tests'] {
  if (names.length === 0) return tests;
  const known = [...new Set([...tests.flatMap(namesOf), ...compiled.keys()])];
  for (const name of names) {
    if (known.includes(name)) continue;
    const near = nearest(name, known);
    throw cliError('MORTISE_CLI_USAGE', `There is no test "${name}", and none of a flow, outbound or inbound of that name.`, {
      remedy: near ? `Did you mean "${near}"?` : `Known are: ${known.join(', ')}.`,
    });
  }
  return tests.filter((one) => namesOf(one).some((name) => names.includes(name)));
}

/** By what a test is chosen: its name, that of its file, and what it is a test of. */
function namesOf({ name, source: { value } }: Project['tests'][number]): readonly string[] {
  const written = typeof value === 'object' && value !== null ? (value as Readonly<Record<string, unknown>>) : {};
  const subjects = [written['flow'], written['outbound'], written['inbound']].filter((one) => typeof one === 'string');
  return [name, name.replace(/\/.*$/, ''), ...subjects];
}

function resultText({ name, file, passed, failures, tookMs, ...of }: TestResult, terminal: Terminal): string {
  const mark = passed ? terminal.style('green', 'pass') : terminal.style('red', 'FAIL');
  const head = `${mark} ${name} ${terminal.style('dim', `(${subjectText(of)}, ${tookMs} ms)`)}`;
  const lines = failures.flatMap(({ line, what, details }) => [
    `  ${terminal.style('bold', `${file}:${line}`)} ${plain(what)}`,
    ...details.map((detail) => `    ${plain(detail)}`),
  ]);
  return [head, ...lines].join('\n');
}

function subjectText({ flow, outbound, inbound }: Pick<TestResult, 'flow' | 'outbound' | 'inbound'>): string {
  if (flow !== undefined) return `flow ${flow}`;
  return outbound === undefined ? `inbound ${inbound}` : `outbound ${outbound}`;
}

function summaryText(results: readonly TestResult[], terminal: Terminal): string {
  if (results.length === 0) return 'There are no tests. Write one into tests/NAME.yaml.';
  const failed = results.filter(({ passed }) => !passed).length;
  const text = `${results.length - failed} passed, ${failed} failed`;
  return terminal.style(failed > 0 ? 'red' : 'green', text);
}
