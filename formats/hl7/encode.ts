// Encodes HL7: a message a value.

import { encodePieces } from '@mortise/sdk';
import format from './format.ts';
import { MessageWriter } from './write-messages.ts';

export const encoder = encodePieces(format, (options) => new MessageWriter(options));
