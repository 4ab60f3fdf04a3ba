// Passwords: kept as argon2id hashes (RFC 9106) in the PHC string format, and refused where they are easily guessed.

import { argon2, randomBytes, timingSafeEqual } from 'node:crypto';
import { promisify } from 'node:util';
import { accessError } from './errors.ts';

/** OWASP's first choice for argon2id: 19 MiB, 2 passes, 1 lane. Less makes guessing cheaper, more lets logins fill the memory. */
const memoryKibibytes = 19_456;
const passes = 2;
const parallelism = 1;
const tagBytes = 32;
const saltBytes = 16;

/** NIST SP 800-63B wants length, and no rules about kinds of characters. */
const lengthMin = 12;
const lengthMax = 256;
const distinctMin = 5;

/** Each takes memory and a thread: more wait here, so that logins cannot take the machine. */
const atOnce = 2;

const derive = promisify(argon2);
let running = 0;
const waiting: (() => void)[] = [];

/** What is compared with where there is no such user, so that an answer takes as long. */
const nobody = `$argon2id$v=19$m=${memoryKibibytes},t=${passes},p=${parallelism}$${'A'.repeat(22)}$${'A'.repeat(43)}`;

export async function hashPassword(password: string): Promise<string> {
  const salt = randomBytes(saltBytes);
  const tag = await tagOf(password, salt, { m: memoryKibibytes, t: passes, p: parallelism });
  return `$argon2id$v=19$m=${memoryKibibytes},t=${passes},p=${parallelism}$${unpadded(salt)}$${unpadded(tag)}`;
}

/** Takes as long where there is no hash. */
export async function isPassword(password: string, hash: string | undefined): Promise<boolean> {
  const [, , , parameters = '', salt = '', tag = ''] = (hash ?? nobody).split('$');
  const numbers = Object.fromEntries(parameters.split(',').map((part) => part.split('=')));
  const { m, t, p } = numbers as Readonly<Record<string, string>>;
  const found = await tagOf(password, Buffer.from(salt, 'base64'), { m: Number(m), t: Number(t), p: Number(p) });
  const expected = Buffer.from(tag, 'base64');
  return hash !== undefined && found.length === expected.length && timingSafeEqual(found, expected);
}

/** Throws MORTISE_ACCESS_PASSWORD_WEAK. */
export function refuseWeak(password: string, user: string): void {
  const fault = faultOf(password, user);
  if (fault !== undefined) throw accessError('MORTISE_ACCESS_PASSWORD_WEAK', `The password ${fault}.`);
}

function faultOf(password: string, user: string): string | undefined {
  if (password.length < lengthMin) return `has ${password.length} characters; expected at least ${lengthMin}`;
  if (password.length > lengthMax) return `has ${password.length} characters; expected at most ${lengthMax}`;
  if (new Set(password).size < distinctMin) return `has fewer than ${distinctMin} different characters`;
  if (user.length > 2 && password.toLowerCase().includes(user.toLowerCase())) return 'holds the name of the user';
  return undefined;
}

async function tagOf(password: string, nonce: Uint8Array, { m, t, p }: { m: number; t: number; p: number }): Promise<Buffer> {
  if (running >= atOnce) await new Promise<void>((resolve) => waiting.push(resolve));
  running += 1;
  try {
    // The same letters may be written in several ways in Unicode.
    const message = password.normalize('NFKC');
    return await derive('argon2id', { message, nonce, parallelism: p, tagLength: tagBytes, memory: m, passes: t });
  } finally {
    running -= 1;
    waiting.shift()?.();
  }
}

function unpadded(bytes: Uint8Array): string {
  return Buffer.from(bytes).toString('base64').replace(/=+$/, '');
}
