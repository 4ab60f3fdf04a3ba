// Encodes EDIFACT: messages one by one, with the envelope around them that their values say.

import { encodePieces } from '@mortise/sdk';
import format from './format.ts';
import { InterchangeWriter } from './write-interchange.ts';

export const encoder = encodePieces(format, (options) => new InterchangeWriter(options));
