// Script: the project's own function makes the new body.

import { field } from '@mortise/sdk';
import { callOwn } from '../step/expression.ts';
import { stepError } from '../step/errors.ts';
import { withBody } from '../step/message.ts';
import { defineStep } from '../step/step.ts';

export const scriptStep = defineStep<unknown>({
  name: 'script',
  pattern: 'Message Translator, Service Activator',
  doc:
    "Calls a function of the project's own code, which is trusted, or runs code in a sandbox; what it returns is the new body, " +
    'nothing filters the message out. In the sandbox the code is the body of a function of `body`, `message`, `headers` and ' +
    '`variables`; it reaches nothing else, and has a limit of time and of memory. Long numbers are text there, as everywhere.',
  form: field.oneOf(
    [
      field.group(
        {
          file: field.text({ doc: 'A file of the project.', example: 'scripts/price.ts' }),
          export: field.text({ doc: 'The function that it exports.', optional: true, example: 'price' }),
        },
        { doc: "The project's own code." },
      ),
      field.group(
        {
          code: field.text({ doc: 'JavaScript: the body of a function.', example: 'return { total: body.net * 1.19 };' }),
          timeout: field.duration({ doc: 'How long it may compute.', default: '1s' }),
          memory: field.size({ doc: 'How much memory it may have.', default: '32MiB' }),
        },
        { doc: 'Code that runs in the sandbox.' },
      ),
      field.expression({ doc: 'The function itself, in a TypeScript flow.' }),
    ],
    { doc: 'What is run.', example: { file: 'scripts/price.ts', export: 'price' } },
  ),
  compile(written, compiler, path) {
    compiler.notDeterministic();
    const script = compiler.script(written, path);
    return {
      *run(message, next) {
        const { id, type, time, source, subject, key, headers } = message;
        const optional = { ...(subject === undefined ? {} : { subject }), ...(key === undefined ? {} : { key }) };
        const about = { id, type, time, source, ...optional };
        const called = callOwn(id, () =>
          script(structuredClone(message.body), { message: about, headers, variables: message.properties.variables }),
        );
        const body = called instanceof Promise ? yield { kind: 'await', promise: called } : called;
        if (body === undefined) yield { kind: 'filtered' };
        else yield* next(withBody(message, plainJson(body)));
      },
    };
  },
});

/** What a function returns is data like any other: what JSON cannot hold is an error now, not a surprise at the store. */
function plainJson(body: unknown): unknown {
  if (body instanceof Uint8Array) return body;
  const text = JSON.stringify(body);
  if (text === undefined)
    throw stepError('MORTISE_STEP_WRONG_TYPE', `The function returned a ${typeof body}; expected a JSON value.`);
  return JSON.parse(text) as unknown;
}
