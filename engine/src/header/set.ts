// Message header fields: sets type, subject and headers of what goes on.

import { field } from '@mortise/sdk';
import type { Expression } from '@mortise/sdk';
import { defineStep } from '../step/step.ts';
import { textOf } from '../step/text.ts';

interface Written {
  readonly type?: Expression;
  readonly subject?: Expression;
  readonly headers?: Readonly<Record<string, Expression>>;
}

export const setStep = defineStep<Written>({
  name: 'set',
  pattern: 'Message, Correlation Identifier, Format Indicator',
  doc: 'Sets the type, the subject, or headers of the message; each by an expression.',
  form: field.group(
    {
      type: field.expression({ doc: "The message's type.", optional: true, example: '"order.created"' }),
      subject: field.expression({ doc: 'What the message is about.', optional: true, example: 'orderId' }),
      headers: field.record(field.expression({ doc: 'The value of the header.' }), { doc: 'Headers by name.', optional: true }),
    },
    { doc: 'What is set.' },
  ),
  compile(written, compiler, path) {
    const type = written.type === undefined ? undefined : compiler.expression(written.type, [...path, 'type']);
    const subject = written.subject === undefined ? undefined : compiler.expression(written.subject, [...path, 'subject']);
    const headers = Object.entries(written.headers ?? {}).map(
      ([name, expression]) => [name.toLowerCase(), compiler.expression(expression, [...path, 'headers', name])] as const,
    );
    return {
      *run(message, next) {
        const set: { type?: string; subject?: string; headers: Record<string, string> } = { headers: { ...message.headers } };
        if (type) set.type = yield* textOf(type, message);
        if (subject) set.subject = yield* textOf(subject, message);
        for (const [name, expression] of headers) set.headers[name] = yield* textOf(expression, message);
        yield* next({ ...message, ...set });
      },
    };
  },
});
