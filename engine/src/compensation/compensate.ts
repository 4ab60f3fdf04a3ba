// Process Manager, saga: what undoes an earlier step, noted when it is reached, run when a later step fails for good.

import { field } from '@mortise/sdk';
import { defineStep } from '../step/step.ts';
import type { Run } from '../step/step.ts';

interface Written {
  readonly id: string;
  readonly steps: readonly unknown[];
}

export const compensateStep = defineStep<Written>({
  name: 'compensate',
  pattern: 'Process Manager, saga',
  doc: `Notes durably, with the message as it is here, what undoes the steps before. If the message then ends as dead or invalid in this flow, or
its requester is gone, all that was noted is run, the last first, one after the other, each once, and $error says why; so it is where a person
discards the message while it is in doubt. If the flow comes to its end, what was noted ends as filtered. A compensation that fails is retried as any
delivery; if it is dead, those before it wait until a person has retried or discarded it. A message that was undone cannot be retried: replay it.
What was sent with "to" and "send" has left the flow: use "call" for what is to be undone. Behind this step no step may hold messages.`,
  form: field.group(
    {
      id: field.text({ doc: 'A name for the step, unique in the flow.', example: 'cancel-hotel' }),
      steps: field.steps({ doc: 'What undoes the steps before.' }),
    },
    { doc: 'What undoes the steps before.' },
  ),
  compile(written, compiler, path) {
    const entry = `compensate:${written.id}`;
    compiler.notDeterministic();
    const steps = compiler.steps(written.steps, [...path, 'steps']);
    compiler.compensates(entry, [...path, 'id']);
    return {
      *run(message, next) {
        yield { kind: 'register', entry, message };
        yield* next(message);
      },
      resume: (at, message) => (at === entry ? steps.run(message, end) : steps.resume(at, message, end)),
    };
  },
});

function* end(): Run {
  // A compensation ends with its last step.
}
