// Evaluates a script in QuickJS: a runtime of its own for each message, with limits, and nothing of the host within reach.

import variant from '@jitl/quickjs-wasmfile-release-sync';
import { newQuickJSWASMModuleFromVariant, newVariant } from 'quickjs-emscripten-core';
import type {
  QuickJSContext,
  QuickJSHandle,
  QuickJSRuntime,
  QuickJSSyncVariant,
  QuickJSWASMModule,
} from 'quickjs-emscripten-core';
import type { Answer, SandboxRequest } from './request.ts';

/** More overflows the stack of the WebAssembly module itself, which ends the thread instead of the script. */
const stackBytes = 256 * 1024;

/** What the module of this variant is built to begin with; with less it does not start. */
const initialPages = 256;
const pageBytes = 64 * 1024;

/** Lines of the function that stand before the script's own first line. */
const linesBefore = 2;

/**
 * Runs within the sandbox, before the script: what it uses it has taken before a script could change it. Numbers that JSON or a
 * double cannot keep are refused on the way out; a bigint is written as text, as Mortise holds long numbers everywhere.
 */
const prelude = `(() => {
  const { parse, stringify } = JSON;
  const { isFinite, isInteger, isSafeInteger } = Number;
  const [makeFunction, makeText, makeError, Later] = [Function, String, TypeError, Promise];
  const exact = (name, value) => {
    if (typeof value === 'bigint') return makeText(value);
    if (typeof value !== 'number') return value;
    if (!isFinite(value)) throw new makeError('The result holds ' + makeText(value) + ' at "' + name + '", which JSON cannot.');
    if (isInteger(value) && !isSafeInteger(value))
      throw new makeError('The result holds ' + makeText(value) + ' at "' + name + '", beyond 2^53: use a BigInt or text.');
    return value;
  };
  return (code, input) => {
    const { body, message, headers, variables } = parse(input);
    const result = makeFunction('body', 'message', 'headers', 'variables', code)(body, message, headers, variables);
    if (result === undefined) return undefined;
    if (result instanceof Later) throw new makeError('A script cannot be asynchronous: it returned a promise.');
    const text = stringify(result, exact);
    if (text === undefined) throw new makeError('The script returned a ' + typeof result + '; expected a JSON value.');
    return text;
  };
})()`;

/** The memory of a WebAssembly module; the platform's types do not have it. */
interface ModuleMemory {
  readonly buffer: ArrayBuffer;
}

type MakeMemory = new (limits: { readonly initial: number; readonly maximum: number }) => ModuleMemory;
const { Memory } = (globalThis as unknown as { readonly WebAssembly: { readonly Memory: MakeMemory } }).WebAssembly;

export interface Interpreter {
  readonly module: QuickJSWASMModule;
  readonly memory: ModuleMemory;
}

/**
 * An interpreter whose memory cannot grow past its beginning and `memoryBytes`. QuickJS's own limit alone would not do: it counts
 * large blocks, as those of typed arrays, as next to nothing.
 */
export async function openInterpreter(memoryBytes: number): Promise<Interpreter> {
  const memory = new Memory({ initial: initialPages, maximum: initialPages + Math.ceil(memoryBytes / pageBytes) });
  // The declared type is that of the CommonJS build, which has the variant behind `default`.
  const customized = newVariant(variant as unknown as QuickJSSyncVariant, { wasmMemory: memory });
  return { module: await newQuickJSWASMModuleFromVariant(customized), memory };
}

/** Memory never shrinks: what one script made it grow to would be missing to the next. */
function isHalfFull({ buffer }: ModuleMemory, memoryBytes: number): boolean {
  return buffer.byteLength > initialPages * pageBytes + memoryBytes / 2;
}

/** Never throws. */
export function evaluateScript({ module, memory }: Interpreter, request: SandboxRequest): Answer {
  const started = process.threadCpuUsage();
  let isLate = false;
  const runtime = module.newRuntime();
  runtime.setMemoryLimit(request.memoryBytes);
  runtime.setMaxStackSize(stackBytes);
  runtime.setInterruptHandler(() => (isLate ||= computedMs(started) > request.timeoutMs));
  try {
    const answer = evaluateIn(runtime, request, () => isHalfFull(memory, request.memoryBytes));
    if (isLate) return { fault: 'late', message: '', spent: true };
    if ('fault' in answer && answer.fault === 'memory') return { ...answer, spent: true };
    runtime.dispose();
    return isHalfFull(memory, request.memoryBytes) ? { ...answer, spent: true } : answer;
  } catch (error) {
    return { fault: isLate ? 'late' : 'failed', message: `The sandbox broke: ${String(error)}`, spent: true };
  }
}

/** The thread's own computing time: a busy machine makes no script late. */
function computedMs(since: NodeJS.CpuUsage): number {
  const { user, system } = process.threadCpuUsage(since);
  return (user + system) / 1000;
}

function evaluateIn(runtime: QuickJSRuntime, { code, input }: SandboxRequest, isFull: () => boolean): Answer {
  const context = runtime.newContext();
  const handles: QuickJSHandle[] = [];
  const keep = (handle: QuickJSHandle): QuickJSHandle => (handles.push(handle), handle);
  const prepared = context.evalCode(prelude, 'prelude.js');
  if (prepared.error) return faultOf(context, keep(prepared.error), isFull);
  const run = keep(prepared.value);
  const result = context.callFunction(run, context.undefined, keep(context.newString(code)), keep(context.newString(input)));
  const answer = result.error ? faultOf(context, keep(result.error), isFull) : { output: textOf(context, keep(result.value)) };
  // After running out of memory nothing is given back: the thread ends, and all of it goes.
  if ('fault' in answer && answer.fault === 'memory') return answer;
  for (const handle of handles) handle.dispose();
  context.dispose();
  return answer;
}

function textOf(context: QuickJSContext, handle: QuickJSHandle): string | undefined {
  return context.typeof(handle) === 'string' ? context.getString(handle) : undefined;
}

function faultOf(context: QuickJSContext, handle: QuickJSHandle, isFull: () => boolean): Answer {
  const thrown: unknown = context.dump(handle);
  const { name, message, stack } = (typeof thrown === 'object' && thrown !== null ? thrown : {}) as Record<string, unknown>;
  // With no memory left for an error, null is thrown in its place.
  if (message === 'out of memory' || (thrown === null && isFull())) return { fault: 'memory', message: '' };
  const said = typeof message === 'string' ? `${String(name)}: ${message}` : `It threw ${JSON.stringify(thrown) ?? 'nothing'}.`;
  const line = /<(?:input|evalScript|anonymous)>:(\d+)/.exec(typeof stack === 'string' ? stack : '')?.[1];
  const at = line === undefined ? '' : ` (line ${Math.max(1, Number(line) - linesBefore)} of the script)`;
  return { fault: 'failed', message: `${said.slice(0, 1000)}${at}` };
}
