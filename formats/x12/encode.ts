// Encodes X12: transaction sets into groups and interchanges, counted and numbered.

import { encodeByValue } from '@mortise/sdk';
import format from './format.ts';
import { InterchangeWriter } from './write-interchanges.ts';

export const encoder = encodeByValue(format, (options) => new InterchangeWriter(options));
