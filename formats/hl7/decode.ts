// Decodes HL7 message by message; a message that cannot be read is a problem of its own.

import { decodeByChunk } from '@mortise/sdk';
import format from './format.ts';
import { MessageReader } from './read-messages.ts';

export const decoder = decodeByChunk(format, (options) => new MessageReader(options));
