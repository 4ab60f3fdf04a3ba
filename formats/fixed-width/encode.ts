// Encodes fixed-width records: one a value.

import { encodePieces } from '@mortise/sdk';
import format from './format.ts';
import { RecordWriter } from './write-records.ts';

export const encoder = encodePieces(format, (options) => new RecordWriter(options));
