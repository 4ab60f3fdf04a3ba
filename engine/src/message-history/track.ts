// Message History's keys: the business keys by which people find a journey.

import { field } from '@mortise/sdk';
import type { Expression } from '@mortise/sdk';
import { defineStep } from '../step/step.ts';
import { textOf } from '../step/text.ts';

export const trackStep = defineStep<Readonly<Record<string, Expression>>>({
  name: 'track',
  pattern: 'Message History',
  doc: 'Names business keys of the message, by which its journey is found.',
  form: field.record(field.expression({ doc: 'The value of the key.' }), { doc: 'Keys by name.', example: { order: 'orderId' } }),
  compile(written, compiler, path) {
    const keys = Object.entries(written).map(
      ([name, expression]) => [name, compiler.expression(expression, [...path, name])] as const,
    );
    return {
      *run(message, next) {
        const tracked: Record<string, string> = {};
        for (const [name, expression] of keys) tracked[name] = yield* textOf(expression, message);
        yield { kind: 'track', keys: tracked };
        const properties = { ...message.properties, keys: { ...message.properties.keys, ...tracked } };
        yield* next({ ...message, properties });
      },
    };
  },
});
