// Small helpers on messages in a flow: a step never changes one, it makes the next.

import type { Message } from '@mortise/sdk';

/** The same message with another body: it keeps its id, since nothing outside the flow has seen it yet. */
export function withBody(message: Message, body: unknown): Message {
  return { ...message, body };
}

/** The same message with one more variable for expressions. */
export function withVariable(message: Message, name: string, value: unknown): Message {
  const variables = { ...message.properties.variables, [name]: value };
  return { ...message, properties: { ...message.properties, variables } };
}

/** Tells a promise from a value, so that what is synchronous stays so. */
export function isPromise<T>(value: T | Promise<T>): value is Promise<T> {
  return typeof value === 'object' && value !== null && typeof (value as { then?: unknown }).then === 'function';
}
