// Compiles the schemas of the API, each when a request needs it: all of them would be half the work of opening the listener.

import { Ajv } from 'ajv';
import formats from 'ajv-formats';
import stringifier from 'fast-json-stringify';
import type { FastifySchemaCompiler } from 'fastify';

/** Queries are text: "5" is a number there, and one value a list of one. In bodies nothing is guessed. */
const coercing = formats.default(new Ajv({ coerceTypes: 'array', useDefaults: true }));
const strict = formats.default(new Ajv({ useDefaults: true }));

type Validator = ReturnType<FastifySchemaCompiler<object>>;
type Serializer = (value: unknown) => string;

/** In place of those by which Fastify compiles all at the start; its types know no others. */
export const compilersOnDemand: { readonly compilersFactory: object } = {
  compilersFactory: { buildValidator: () => validator, buildSerializer: () => serializer },
};

const validator: FastifySchemaCompiler<object> = ({ schema, httpPart }) => {
  const compiled = onDemand(() => (httpPart === 'body' ? strict : coercing).compile(schema));
  const check: Validator = (value: unknown) => {
    const isValid = compiled()(value);
    // Fastify looks for them on the function that it calls.
    check.errors = compiled().errors ?? null;
    return isValid;
  };
  return check;
};

function serializer({ schema }: { readonly schema: unknown }): Serializer {
  const compiled = onDemand(() => stringifier(schema as Parameters<typeof stringifier>[0]));
  return (value) => compiled()(value);
}

function onDemand<Value>(make: () => Value): () => Value {
  let made: Value | undefined;
  return () => (made ??= make());
}
