// Decodes records of COBOL programs; one that cannot be read is a problem of its own.

import { decodeByChunk } from '@mortise/sdk';
import format from './format.ts';
import { RecordReader } from './read-records.ts';

export const decoder = decodeByChunk(format, (options) => new RecordReader(options));
