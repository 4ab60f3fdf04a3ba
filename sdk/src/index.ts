// What outsiders import to write a connector, a format or a flow. They import this and nothing else of Mortise.

export * from './compress/deflate.ts';
export * from './compress/expansion.ts';
export * from './compress/inflate.ts';
export * from './connector.ts';
export * from './decode-inside.ts';
export * from './errors.ts';
export * from './field-docs.ts';
export * from './field-read.ts';
export * from './field-redact.ts';
export * from './field-schema.ts';
export * from './field.ts';
export * from './flow.ts';
export * from './format-options.ts';
export * from './format.ts';
export * from './json/read-json.ts';
export * from './json/write-json.ts';
export * from './message.ts';
export * from './nearest.ts';
export * from './quantity.ts';
export * from './runtime.ts';
export * from './text/character-encodings.ts';
export * from './text/cut-lines.ts';
export * from './text/excerpt.ts';
export * from './text/text-types.ts';
