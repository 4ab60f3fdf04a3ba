// Return Address: answers the requester, who waits at the inbound.

import { field } from '@mortise/sdk';
import type { Expression } from '@mortise/sdk';
import { stepError } from '../step/errors.ts';
import { defineStep, evaluate } from '../step/step.ts';

type Written = Expression | { readonly body: Expression; readonly status: number; readonly contentType?: string };

export const replyStep = defineStep<Written>({
  name: 'reply',
  pattern: 'Request-Reply, Return Address',
  doc: 'Answers the requester, after the flow has settled; the flow goes on.',
  form: field.oneOf(
    [
      field.expression({ doc: 'The body of the reply.' }),
      field.group(
        {
          body: field.expression({ doc: 'The body of the reply.' }),
          status: field.integer({ doc: 'The status, as HTTP knows it.', default: 200, minimum: 200, maximum: 599 }),
          contentType: field.text({ doc: 'The media type.', optional: true }),
        },
        { doc: 'Body and status.' },
      ),
    ],
    { doc: 'What the requester gets.', example: '{ "accepted": true }' },
  ),
  compile(written, compiler, path) {
    const full = typeof written === 'object' && 'body' in written ? written : { body: written as Expression, status: 200 };
    const expression = compiler.expression(full.body, full === written ? [...path, 'body'] : path);
    compiler.replies();
    const { status } = full;
    const contentType = 'contentType' in full ? full.contentType : undefined;
    return {
      *run(message, next) {
        const body = yield* evaluate(expression, message);
        if (body === undefined)
          throw stepError('MORTISE_STEP_EXPRESSION_NOTHING', `The reply is nothing: ${expression.text.slice(0, 200)}`);
        yield { kind: 'reply', body, status, ...(contentType === undefined ? {} : { contentType }) };
        yield* next(message);
      },
    };
  },
});
