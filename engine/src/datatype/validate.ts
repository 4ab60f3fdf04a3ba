// Datatype Channel's check, anywhere in a flow: a body that does not fit the model makes the message invalid.

import { field } from '@mortise/sdk';
import { defineStep } from '../step/step.ts';

export const validateStep = defineStep<string>({
  name: 'validate',
  pattern: 'Datatype Channel, Invalid Message Channel',
  doc: 'Checks the body against a model; ends the message as invalid where it does not fit.',
  form: field.model({ doc: 'The model, with its version.', example: 'order@1' }),
  compile(written, compiler, path) {
    const check = compiler.model(written, path);
    return {
      *run(message, next) {
        check(message.body);
        yield* next({ ...message, dataSchema: written });
      },
    };
  },
});
