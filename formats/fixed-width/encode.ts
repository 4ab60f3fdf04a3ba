// Encodes fixed-width records: one a value.

import { encodeByValue } from '@mortise/sdk';
import format from './format.ts';
import { RecordWriter } from './write-records.ts';

export const encoder = encodeByValue(format, (options) => new RecordWriter(options));
