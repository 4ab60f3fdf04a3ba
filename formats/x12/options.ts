// The options of the x12 format, as they were read.

import type { FormatOptionsOf } from '@mortise/sdk';
import type format from './format.ts';

export type X12Options = FormatOptionsOf<typeof format>;
