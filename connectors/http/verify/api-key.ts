// A key that the sender shows in a header.

import type { Scheme } from './scheme.ts';
import { anyFits, sameBytes, usableSecrets } from './secret.ts';

export const apiKey: Scheme<'api-key'> = ({ header, secret }) => {
  const [name, keys] = [header.toLowerCase(), usableSecrets(secret)];
  return {
    needsBody: false,
    proofHeaders: [name],
    verify: ({ headers }) => anyFits(keys, (key) => sameBytes(headers[name] ?? '', key)),
  };
};
