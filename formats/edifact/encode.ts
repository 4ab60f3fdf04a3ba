// Encodes EDIFACT: messages one by one, with the envelope around them that their values say.

import { encodeByValue } from '@mortise/sdk';
import format from './format.ts';
import { InterchangeWriter } from './write-interchange.ts';

export const encoder = encodeByValue(format, (options) => new InterchangeWriter(options));
