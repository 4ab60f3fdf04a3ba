// The rows that are no race between contenders.

import { backlog } from './figure-backlog.ts';
import { memory } from './figure-memory.ts';
import { recovery } from './figure-recovery.ts';
import { scripts } from './figure-scripts.ts';
import type { FigureRow } from './figure.ts';

export const figureRows: readonly FigureRow[] = [...scripts, memory, backlog, recovery];
