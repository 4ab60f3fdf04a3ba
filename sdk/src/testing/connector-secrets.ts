// Looks for secrets where none may be: log lines, error messages.

import { inspect } from 'node:util';

/** Fails where the text of a secret shows in what is given, at any depth, causes of errors included. */
export function expectNoSecrets(secretTexts: readonly string[], ...shown: readonly unknown[]): void {
  const text = shown
    .map((one) => inspect(one, { depth: 20, maxStringLength: null, maxArrayLength: null, showHidden: true }))
    .join('\n');
  for (const secret of secretTexts) {
    if (text.includes(secret)) throw new Error(`A secret of ${secret.length} characters shows in a log line or an error.`);
  }
}
