// Encodes values as records of COBOL programs: one a value, with all that belongs to it.

import { encodeByValue } from '@mortise/sdk';
import format from './format.ts';
import { RecordWriter } from './write-records.ts';

export const encoder = encodeByValue(format, (options) => new RecordWriter(options));
