// The project's own functions behind `script`.

import type { ExpressionScope, Path } from '@mortise/sdk';
import { stepError } from '../step/errors.ts';
import type { FlowTools } from '../step/types.ts';
import type { Definitions } from './definitions.ts';
import type { ProblemList } from './problems.ts';

interface Script {
  readonly run: FlowTools['script'];
  /** What the revision of the flow depends on. */
  readonly text: string;
}

/** `{ file, export }`, or a function of a TypeScript flow. The file is loaded on first use: checking runs nothing of it. */
export function loadedScript(
  written: unknown,
  path: Path,
  { definitions, problems }: { readonly definitions: Definitions; readonly problems: ProblemList },
): Script | undefined {
  if (typeof written === 'function') return { run: written as FlowTools['script'], text: String(written) };
  const { file, export: name = 'default' } = (typeof written === 'object' && written !== null ? written : {}) as Record<
    string,
    unknown
  >;
  if (typeof file !== 'string' || typeof name !== 'string') {
    problems.add(
      'MORTISE_FLOW_STEP',
      path,
      'A script names a file of the project.',
      'Write { file: scripts/price.ts, export: price }.',
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

async function functionOf(definitions: Definitions, file: string, name: string): Promise<FlowTools['script']> {
  const functions = await definitions.functions(file);
  const found = Object.hasOwn(functions, name) ? functions[name] : undefined;
  if (typeof found === 'function') return found as FlowTools['script'];
  throw stepError(
    'MORTISE_STEP_SCRIPT_FAILED',
    `${file} exports no function "${name}"; it exports ${Object.keys(functions).join(', ') || 'nothing'}.`,
  );
}
