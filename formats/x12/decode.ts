// Decodes X12 transaction set by transaction set; one that cannot be read, or is not right, is a problem of its own.

import { decodePieces } from '@mortise/sdk';
import format from './format.ts';
import { InterchangeReader } from './read-interchanges.ts';

export const decoder = decodePieces(format, (options) => new InterchangeReader(options));
