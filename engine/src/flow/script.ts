// The project's own functions behind `script`.

import { compileFunction } from 'node:vm';
import type { ExpressionScope, Path } from '@mortise/sdk';
import { Sandbox } from '../sandbox/sandbox.ts';
import { stepError } from '../step/errors.ts';
import type { FlowTools } from '../step/types.ts';
import type { Definitions } from './definitions.ts';
import type { ProblemList } from './problems.ts';

interface Script {
  readonly run: FlowTools['script'];
  /** What the revision of the flow depends on. */
  readonly text: string;
}

/** `{ file, export }`, `{ code }` for the sandbox, or a function of a TypeScript flow. The file is loaded on first use: checking runs nothing of it. */
export function loadedScript(
  written: unknown,
  path: Path,
  { definitions, problems }: { readonly definitions: Definitions; readonly problems: ProblemList },
): Script | undefined {
  if (typeof written === 'function') return { run: written as FlowTools['script'], text: String(written) };
  if (isCode(written)) return sandboxed(written, path, problems);
  const { file, export: name = 'default' } = (typeof written === 'object' && written !== null ? written : {}) as Record<
    string,
    unknown
  >;
  if (typeof file !== 'string' || typeof name !== 'string') {
    problems.add(
      'MORTISE_FLOW_STEP',
      path,
      'A script names a file of the project, or holds its code.',
      'Write { file: scripts/price.ts, export: price }, or { code: … }.',
    );
    return undefined;
  }
  const text = definitions.text(file);
  if (text === undefined) {
    problems.add('MORTISE_FLOW_UNKNOWN_NAME', [...path, 'file'], `There is no file "${file}" in the project.`);
    return undefined;
  }
  let loaded: Promise<FlowTools['script']> | undefined;
  let script: FlowTools['script'] | undefined;
  const run = (body: unknown, scope: ExpressionScope): unknown => {
    if (script) return script(body, scope);
    loaded ??= functionOf(definitions, file, name).then((found) => (script = found));
    return loaded.then((found) => found(body, scope));
  };
  return { run, text };
}

interface Code {
  readonly code: string;
  readonly timeout: number;
  readonly memory: number;
}

function isCode(written: unknown): written is Code {
  return typeof written === 'object' && written !== null && typeof (written as { code?: unknown }).code === 'string';
}

/** Shared by all flows of the process, since threads are what it has few of; they start with the first script. */
const sandbox = new Sandbox();

function sandboxed({ code, timeout, memory }: Code, path: Path, problems: ProblemList): Script | undefined {
  try {
    // Parsed and never run here: that is the sandbox's business.
    compileFunction(code, ['body', 'message', 'headers', 'variables'], { filename: 'script' });
  } catch (error) {
    const { message, stack = '' } = error as Error;
    const line = /^script:(\d+)/.exec(stack)?.[1];
    const text = `The script does not parse${line === undefined ? '' : `, line ${line}`}: ${message}.`;
    problems.add('MORTISE_FLOW_STEP', [...path, 'code'], text, 'It is the body of a function: end it with "return …;".');
    return undefined;
  }
  const script = { code, timeoutMs: timeout, memoryBytes: memory };
  const run = (body: unknown, { message, headers, variables }: ExpressionScope): unknown =>
    sandbox.run(script, { body, message, headers, variables });
  return { run, text: code };
}

async function functionOf(definitions: Definitions, file: string, name: string): Promise<FlowTools['script']> {
  const functions = await definitions.functions(file);
  const found = Object.hasOwn(functions, name) ? functions[name] : undefined;
  if (typeof found === 'function') return found as FlowTools['script'];
  throw stepError(
    'MORTISE_STEP_SCRIPT_FAILED',
    `${file} exports no function "${name}"; it exports ${Object.keys(functions).join(', ') || 'nothing'}.`,
  );
}
