// Encodes HL7: a message a value.

import { encodeByValue } from '@mortise/sdk';
import format from './format.ts';
import { MessageWriter } from './write-messages.ts';

export const encoder = encodeByValue(format, (options) => new MessageWriter(options));
