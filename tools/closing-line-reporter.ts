// Prints `N passed, N failed, N skipped` as the last line of a test run, and fails a run in which no test ran.

import type { Reporter, TestCase, TestModule, TestSuite } from 'vitest/node';

export default class ClosingLineReporter implements Reporter {
  onTestRunEnd(modules: readonly TestModule[], unhandled: readonly unknown[]): void {
    const tests = modules.flatMap((module) => [...module.children.allTests()]);
    const passed = countState(tests, 'passed');
    const skipped = countState(tests, 'skipped');
    // A module or a describe that broke counts as one failure, besides its tests; so does a test that never ended.
    const broken = modules.flatMap((module) => [module, ...module.children.allSuites()]).filter(isBroken).length;
    const failed = tests.length - passed - skipped + broken + unhandled.length;
    const ran = passed + failed > 0;
    process.once('exit', (code) => {
      if (code === 0 && !ran) process.exitCode = 1;
      process.stdout.write(`${ran ? '' : 'no test ran\n'}${passed} passed, ${failed} failed, ${skipped} skipped\n`);
    });
  }
}

function countState(tests: readonly TestCase[], state: 'passed' | 'skipped'): number {
  return tests.filter((test) => test.result().state === state).length;
}

function isBroken(part: TestModule | TestSuite): boolean {
  return part.errors().length > 0;
}
