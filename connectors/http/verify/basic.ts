// HTTP basic authentication (RFC 7617), in UTF-8.

import type { Scheme } from './scheme.ts';
import { anyFits, sameBytes, usableSecrets } from './secret.ts';

export const basic: Scheme<'basic'> = ({ user, password }) => {
  const pairs = usableSecrets(password).map((one) => `${user}:${one}`);
  return {
    needsBody: false,
    proofHeaders: ['authorization'],
    challenge: 'Basic realm="mortise", charset="UTF-8"',
    verify({ headers }) {
      const given = /^basic +(\S+)$/i.exec(headers['authorization'] ?? '')?.[1] ?? '';
      return anyFits(pairs, (pair) => sameBytes(Buffer.from(given, 'base64'), pair));
    },
  };
};
