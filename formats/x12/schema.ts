// The JSON Schema of what decode gives.

import type { JsonSchema } from '@mortise/sdk';

export function schemaOf(_options: unknown): JsonSchema {
  return { type: 'object' };
}
