// Envelope Wrapper: a value becomes bytes or text by a format, as the body or as a part of what wraps it.

import { field } from '@mortise/sdk';
import type { Expression, FormatReference } from '@mortise/sdk';
import { stepError } from '../step/errors.ts';
import { withBody, withVariable } from '../step/message.ts';
import { defineStep, evaluate } from '../step/step.ts';

type Shape = 'bytes' | 'text' | 'base64';

interface Detailed {
  readonly format: FormatReference;
  readonly of?: Expression;
  readonly into?: string;
  readonly as?: Shape;
}

export const encodeStep = defineStep<FormatReference | Detailed>({
  name: 'encode',
  pattern: 'Envelope Wrapper',
  doc:
    'Turns a value into bytes or text of a format; a list becomes the records of a format that holds many. ' +
    'Bytes carry the content type of the format.',
  form: field.oneOf(
    [
      field.group(
        {
          format: field.format({ doc: 'The format.', example: 'price-list' }),
          of: field.expression({ doc: 'Gives the value, where it is not the whole body.', optional: true, example: 'lines' }),
          into: field.text({
            doc: 'The variable that holds the result, which is text then; where absent the result becomes the body.',
            optional: true,
            pattern: /^[A-Za-z_]\w*$/,
            expected: 'letters, digits and _, and no digit first',
          }),
          as: field.choice(['bytes', 'text', 'base64'], {
            doc: 'What the result is: bytes, the text that they are in UTF-8, or their base64; bytes where absent, text with into.',
            optional: true,
          }),
        },
        { doc: 'A format, and what it is about.' },
      ),
      field.format({ doc: 'The format that the body is written in.' }),
    ],
    { doc: 'What is encoded.', example: 'price-list' },
  ),
  compile(written, compiler, path) {
    const {
      format,
      of,
      into,
      as = into === undefined ? 'bytes' : 'text',
    }: Detailed = isDetailed(written) ? written : { format: written };
    if (into !== undefined && as === 'bytes')
      compiler.problem([...path, 'as'], 'A variable holds JSON, not bytes.', 'Write "as: text" or "as: base64".');
    const resolved = compiler.format(format, isDetailed(written) ? [...path, 'format'] : path);
    const part = of === undefined ? undefined : compiler.expression(of, [...path, 'of']);
    return {
      *run(message, next) {
        const bytes = resolved.encode(part ? yield* evaluate(part, message) : message.body);
        const result = shaped(bytes, as);
        if (into !== undefined) yield* next(withVariable(message, into, result));
        else if (as === 'bytes') yield* next({ ...withBody(message, result), dataContentType: resolved.contentType });
        else yield* next(withBody(message, result));
      },
    };
  },
});

function isDetailed(written: FormatReference | Detailed): written is Detailed {
  return typeof written === 'object' && 'format' in written;
}

const utf8 = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true });

function shaped(bytes: Uint8Array, as: Shape): unknown {
  if (as === 'bytes') return bytes;
  if (as === 'base64') return Buffer.from(bytes).toString('base64');
  try {
    return utf8.decode(bytes);
  } catch (error) {
    throw stepError('MORTISE_STEP_WRONG_TYPE', 'What the format wrote is no text in UTF-8.', {
      remedy: 'Write "as: base64", or give the format the encoding utf-8.',
      cause: error,
    });
  }
}
