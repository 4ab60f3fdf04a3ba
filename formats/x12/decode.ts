// Decodes X12 transaction set by transaction set; one that cannot be read, or is not right, is a problem of its own.

import { decodeByChunk } from '@mortise/sdk';
import format from './format.ts';
import { InterchangeReader } from './read-interchanges.ts';

export const decoder = decodeByChunk(format, (options) => new InterchangeReader(options));
