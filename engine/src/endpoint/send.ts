// Message Endpoint, Wire Tap, Detour: delivers a copy and goes on.

import { field } from '@mortise/sdk';
import { defineStep } from '../step/step.ts';

export const sendStep = defineStep<unknown>({
  name: 'send',
  pattern: 'Message Endpoint, Wire Tap, Detour',
  doc: 'Delivers the message to one or several targets, and goes on.',
  form: field.targets({ doc: 'Where a copy goes.', example: { channel: 'audit-copies' } }),
  compile(written, compiler, path) {
    const targets = compiler.targets(written, path);
    return {
      *run(message, next) {
        for (const target of targets) yield { kind: 'output', target, message };
        yield* next(message);
      },
    };
  },
});
