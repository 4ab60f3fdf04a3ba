// Message Filter: only messages for which the expression holds go on.

import { field } from '@mortise/sdk';
import type { Expression } from '@mortise/sdk';
import { holds } from '../step/condition.ts';
import { defineStep, evaluate } from '../step/step.ts';

export const filterStep = defineStep<Expression>({
  name: 'filter',
  pattern: 'Message Filter',
  doc: 'Lets a message go on where the expression is true; ends it as filtered where it is false or nothing.',
  form: field.expression({ doc: 'True for messages that go on.', example: 'total > 0' }),
  compile(written, compiler, path) {
    const condition = compiler.expression(written, path);
    return {
      *run(message, next) {
        if (holds(yield* evaluate(condition, message), condition.text)) yield* next(message);
        else yield { kind: 'filtered' };
      },
    };
  },
});
