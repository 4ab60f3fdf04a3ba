// Measures whether a format streams: what stays in memory while many records are encoded and decoded again.

import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import type { Decoder, Encoder } from '../format.ts';

export interface StreamLoad<Options> {
  readonly decoder: Decoder<Options>;
  readonly encoder: Encoder<Options>;
  readonly options: Options;
  readonly bytesMin: number;
  /** The value of the record at this index, from 0. */
  readonly value: (index: number) => unknown;
}

export interface StreamMeasure {
  readonly written: number;
  readonly read: number;
  readonly bytes: number;
  /** How much more lived, at most, at any look after the first; in the JavaScript heap and in buffers. */
  readonly liveGrowthBytes: number;
  readonly residentGrowthBytes: number;
}

let collect: (() => void) | undefined;
const lookEveryBytes = 8 * 1024 ** 2;

/** Encodes generated records until `bytesMin` bytes have passed, decodes them as they come, and looks at the memory. */
export async function measureStreaming<Options>(load: StreamLoad<Options>): Promise<StreamMeasure> {
  const { decoder, encoder, options, bytesMin, value } = load;
  const looks: { live: number; resident: number }[] = [];
  let bytes = 0;
  let written = 0;
  let read = 0;
  async function* values(): AsyncIterable<unknown> {
    while (bytes < bytesMin) yield value(written++);
  }
  async function* counted(): AsyncIterable<Uint8Array> {
    for await (const chunk of encoder.encode(values(), options)) {
      bytes += chunk.length;
      if (bytes >= (looks.length + 1) * lookEveryBytes) looks.push(look());
      yield chunk;
    }
  }
  for await (const decoded of decoder.decode(counted(), options)) {
    if ('problem' in decoded) throw decoded.problem;
    read += 1;
  }
  looks.push(look());
  return {
    written,
    read,
    bytes,
    liveGrowthBytes: growth(looks.map((at) => at.live)),
    residentGrowthBytes: growth(looks.map((at) => at.resident)),
  };
}

/** What lives in the heap and in buffers when all that can be collected is, in bytes. */
export function liveBytes(): number {
  return look().live;
}

function look(): { live: number; resident: number } {
  collect ??= garbageCollector();
  collect();
  const { heapUsed, external, rss } = process.memoryUsage();
  return { live: heapUsed + external, resident: rss };
}

/** How far it rose above the first. */
export function growth(measures: readonly number[]): number {
  return Math.max(...measures) - (measures[0] ?? 0);
}

/** Node shows its collector only behind a flag, which may be set while it runs. */
function garbageCollector(): () => void {
  setFlagsFromString('--expose-gc');
  const collect: unknown = runInNewContext('gc');
  if (typeof collect !== 'function') throw new Error('This Node shows no garbage collector; the memory check needs one.');
  // Buffers that the first finds dead are given back beside the program, and counted until they are; the second waits for that.
  return () => {
    collect();
    collect();
  };
}
