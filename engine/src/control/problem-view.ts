// A problem of the project, as the API tells it.

import { Type } from './schema.ts';

export const ProblemView = Type.Object({
  code: Type.String(),
  severity: Type.Enum(['error', 'warning']),
  file: Type.String(),
  line: Type.Integer(),
  column: Type.Integer(),
  message: Type.String(),
  remedy: Type.String(),
});
