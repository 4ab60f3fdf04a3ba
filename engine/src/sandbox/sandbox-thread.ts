// The entry of a thread of the sandbox: evaluates one script after the other, with an interpreter for each size of memory.

import { parentPort } from 'node:worker_threads';
import { evaluateScript, openInterpreter } from './evaluate.ts';
import type { Interpreter } from './evaluate.ts';
import type { SandboxRequest } from './request.ts';

const interpreters = new Map<number, Promise<Interpreter>>();

parentPort?.on('message', (request: SandboxRequest) => {
  let interpreter = interpreters.get(request.memoryBytes);
  if (!interpreter) interpreters.set(request.memoryBytes, (interpreter = openInterpreter(request.memoryBytes)));
  void interpreter.then((opened) => parentPort?.postMessage(evaluateScript(opened, request)));
});
parentPort?.postMessage('ready');
