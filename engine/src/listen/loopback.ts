// Which addresses only this machine can reach.

import { isIP } from 'node:net';

/** `localhost`, 127.0.0.0/8 (RFC 1122, section 3.2.1.3) and ::1 (RFC 4291, section 2.5.3). */
export function isLoopback(host: string): boolean {
  const bare = host.startsWith('[') && host.endsWith(']') ? host.slice(1, -1) : host;
  if (bare.toLowerCase() === 'localhost') return true;
  return isIP(bare) === 4 ? bare.startsWith('127.') : /^(0{0,4}:){2,7}0{0,3}1$/.test(bare);
}
