// The schema of tests/*.yaml: by what is tested, its form; or several tests by name.

import { fieldsToJsonSchema } from '@mortise/sdk';
import type { JsonSchema } from '@mortise/sdk';
import { testForms, testsForm } from '../test-fields.ts';
import { ifHolds } from './shared.ts';

export function testSchema(): JsonSchema {
  const { properties, ...several } = fieldsToJsonSchema(testsForm);
  const tests = { ...(properties as { readonly tests: JsonSchema }).tests, additionalProperties: { $ref: '#/$defs/test' } };
  return {
    ...ifHolds({ required: ['tests'] }, { ...several, properties: { tests } }, { $ref: '#/$defs/test' }),
    $defs: { test: oneTest() },
  };
}

function oneTest(): JsonSchema {
  const [flow, outbound, inbound] = [testForms.flow, testForms.outbound, testForms.inbound].map(fieldsToJsonSchema) as [
    JsonSchema,
    JsonSchema,
    JsonSchema,
  ];
  return ifHolds({ required: ['outbound'] }, outbound, ifHolds({ required: ['inbound'] }, inbound, flow));
}
