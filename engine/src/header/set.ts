// Message header fields: sets type, subject, key, headers and expiry of what goes on.

import { field } from '@mortise/sdk';
import type { Expression, Message, Path } from '@mortise/sdk';
import { defineStep } from '../step/step.ts';
import type { Run, StepCompiler, StepExpression } from '../step/step.ts';
import { textOf } from '../step/text.ts';
import { timeOf } from '../step/time.ts';

interface Written {
  readonly type?: Expression;
  readonly subject?: Expression;
  readonly key?: Expression;
  readonly expires?: Expression;
  readonly headers?: Readonly<Record<string, Expression>>;
}

export const setStep = defineStep<Written>({
  name: 'set',
  pattern: 'Message, Correlation Identifier, Format Indicator, Message Expiration',
  doc: 'Sets the type, the subject, the key, the expiry or headers of the message; each by an expression.',
  form: field.group(
    {
      type: field.expression({ doc: "The message's type.", optional: true, example: '"order.created"' }),
      subject: field.expression({ doc: 'What the message is about.', optional: true, example: 'orderId' }),
      key: field.expression({
        doc: 'What belongs together has the same: for systems that keep the order of such messages. $message.key reads it.',
        optional: true,
        example: 'customer.id',
      }),
      expires: field.expression({
        doc: 'From when on it is not delivered any more, as RFC 3339 text or milliseconds since 1970.',
        optional: true,
        example: 'validUntil',
      }),
      headers: field.record(field.expression({ doc: 'The value of the header.' }), { doc: 'Headers by name.', optional: true }),
    },
    { doc: 'What is set.' },
  ),
  compile(written, compiler, path) {
    const texts = (['type', 'subject', 'key'] as const).flatMap((name) => named(name, written[name], compiler, path));
    const headers = Object.entries(written.headers ?? {}).flatMap(([name, expression]) =>
      named(name, expression, compiler, [...path, 'headers']),
    );
    const expires = written.expires === undefined ? undefined : compiler.expression(written.expires, [...path, 'expires']);
    return {
      *run(message, next) {
        const attributes = yield* evaluated(texts, message);
        const given = yield* evaluated(headers, message);
        const lowerCased = Object.fromEntries(Object.entries(given).map(([name, value]) => [name.toLowerCase(), value]));
        const expiry = expires ? { expiresAtMs: yield* timeOf(expires, message) } : {};
        const properties = { ...message.properties, ...expiry };
        yield* next({ ...message, ...attributes, headers: { ...message.headers, ...lowerCased }, properties });
      },
    };
  },
});

type Named = readonly [name: string, expression: StepExpression];

function named(name: string, written: Expression | undefined, compiler: StepCompiler, path: Path): readonly Named[] {
  return written === undefined ? [] : [[name, compiler.expression(written, [...path, name])]];
}

function* evaluated(expressions: readonly Named[], message: Message): Run<Readonly<Record<string, string>>> {
  const values: Record<string, string> = {};
  for (const [name, expression] of expressions) values[name] = yield* textOf(expression, message);
  return values;
}
