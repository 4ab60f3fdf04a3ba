// Normalizer, and the unwrapping half of an Envelope Wrapper: bytes or text become values by a format.

import { field } from '@mortise/sdk';
import type { Expression, FormatReference } from '@mortise/sdk';
import { withBody, withVariable } from '../step/message.ts';
import { defineStep, evaluate } from '../step/step.ts';
import type { Run } from '../step/step.ts';

interface Detailed {
  readonly format: FormatReference;
  readonly of?: Expression;
  readonly into?: string;
}

export const decodeStep = defineStep<FormatReference | Detailed>({
  name: 'decode',
  pattern: 'Normalizer, Envelope Wrapper',
  doc:
    'Turns bytes or text into a value: the value of a format that holds one, the list of all records of a format that holds many. ' +
    'What cannot be read makes the message invalid. Of long files take the records one by one, with split.',
  form: field.oneOf(
    [
      field.group(
        {
          format: field.format({ doc: 'The format.', example: 'price-list' }),
          of: field.expression({ doc: 'Gives the text, where it is a part of the body.', optional: true, example: 'payload' }),
          into: field.text({
            doc: 'The variable that holds the value; where absent the value becomes the body.',
            optional: true,
            pattern: /^[A-Za-z_]\w*$/,
            expected: 'letters, digits and _, and no digit first',
          }),
        },
        { doc: 'A format, and what it is about.' },
      ),
      field.format({ doc: 'The format of the body.' }),
    ],
    { doc: 'What is decoded.', example: 'price-list' },
  ),
  compile(written, compiler, path) {
    const { format, of, into }: Detailed = isDetailed(written) ? written : { format: written };
    const resolved = compiler.format(format, isDetailed(written) ? [...path, 'format'] : path);
    const part = of === undefined ? undefined : compiler.expression(of, [...path, 'of']);
    return {
      *run(message, next) {
        const value = yield* awaited(resolved.decode(part ? yield* evaluate(part, message) : message.body));
        yield* next(into === undefined ? withBody(message, value) : withVariable(message, into, value));
      },
    };
  },
});

function isDetailed(written: FormatReference | Detailed): written is Detailed {
  return typeof written === 'object' && 'format' in written;
}

function* awaited(value: unknown): Run<unknown> {
  return value instanceof Promise ? yield { kind: 'await', promise: value } : value;
}
