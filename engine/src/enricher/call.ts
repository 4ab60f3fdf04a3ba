// Content Enricher, Request–Reply, Service Activator: asks a system and goes on with what it replied.

import { field } from '@mortise/sdk';
import type { Expression } from '@mortise/sdk';
import { withBody, withVariable } from '../step/message.ts';
import { defineStep, evaluate } from '../step/step.ts';

/** The names that belong to `call` itself; the rest of what is written is the target. */
const own = {
  with: field.expression({ doc: 'The body of the request; the present body where absent.', optional: true }),
  into: field.text({
    doc: 'The variable that holds the reply; where absent the reply becomes the body.',
    optional: true,
    pattern: /^[A-Za-z_]\w*$/,
    expected: 'letters, digits and _, and no digit first',
  }),
  timeout: field.duration({ doc: 'How long to wait for the reply.', optional: true }),
};

export const callStep = defineStep<unknown>({
  name: 'call',
  pattern: 'Content Enricher, Request-Reply, Service Activator',
  doc: "Sends a request to a system's outbound and waits for the reply.",
  form: field.targets(
    { doc: 'The outbound that is called.', example: { system: 'crm', outbound: 'get-customer', into: 'customer' } },
    own,
  ),
  compile(written, compiler, path) {
    const { own: said, rest } = compiler.read(own, written, path);
    const { with: request, into, timeout } = said;
    compiler.notDeterministic();
    const step = path.join('.');
    const callee = compiler.callee(rest, path);
    const body = request === undefined ? undefined : compiler.expression(request as Expression, [...path, 'with']);
    return {
      *run(message, next) {
        const asked = body ? withBody(message, yield* evaluate(body, message)) : message;
        const reply = yield {
          kind: 'call',
          step,
          target: callee,
          message: asked,
          ...(timeout === undefined ? {} : { timeoutMs: timeout }),
        };
        yield* next(into === undefined ? withBody(message, reply) : withVariable(message, into, reply));
      },
    };
  },
});
