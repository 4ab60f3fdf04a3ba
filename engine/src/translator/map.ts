// Message Translator and Content Filter: the expression makes the new body.

import { field } from '@mortise/sdk';
import type { Expression } from '@mortise/sdk';
import { stepError } from '../step/errors.ts';
import { withBody } from '../step/message.ts';
import { defineStep, evaluate } from '../step/step.ts';

export const mapStep = defineStep<Expression>({
  name: 'map',
  pattern: 'Message Translator, Content Filter',
  doc: 'Makes the new body out of the present one.',
  form: field.expression({ doc: 'The new body.', example: '{ "orderId": $string(id) }' }),
  compile(written, compiler, path) {
    const mapping = compiler.expression(written, path);
    return {
      *run(message, next) {
        const body = yield* evaluate(mapping, message);
        if (body === undefined)
          throw stepError('MORTISE_STEP_EXPRESSION_NOTHING', `The mapping gave nothing: ${mapping.text.slice(0, 200)}`);
        yield* next(withBody(message, body));
      },
    };
  },
});
