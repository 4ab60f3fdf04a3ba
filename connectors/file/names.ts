// Names of files: which are taken, which may be written, and others near them that are free.

import { createHash } from 'node:crypto';
import { extname, isAbsolute, join, matchesGlob } from 'node:path';
import { Rejected } from '@mortise/sdk';

/** Under such names files are written that are not whole yet: by Mortise, by sftp servers, by browsers, by rsync. */
const temporaryName = /^\.|\.(tmp|part|filepart)$/i;
// oxlint-disable-next-line no-control-regex -- Control characters are what is looked for.
const unwritable = /[\u0000-\u001f\u007f\\]/;

/** Whether a file of this name is to be taken. */
export function isWanted(name: string, pattern: string): boolean {
  return !temporaryName.test(name) && matchesGlob(name, pattern);
}

/** Checks a name that may be made from a message's data, and gives it as a path within the folder. Throws `Rejected`. */
export function pathWithin(name: string, subfolders: boolean): string {
  const parts = name.split('/');
  const refuse = (why: string) => new Rejected(`The file cannot be named ${JSON.stringify(name)}: ${why}.`);
  if (parts.length > 1 && !subfolders) throw refuse('it leads into a subfolder, and "subfolders" is off');
  if (isAbsolute(name) || parts.some((part) => part === '' || part === '.' || part === '..'))
    throw refuse('it leads out of the folder, or nowhere');
  if (unwritable.test(name)) throw refuse('it holds a backslash or a control character');
  return join(...parts);
}

/** The name under which a delivery's file is written until it is whole: the same on every attempt, so that none is left behind. */
export function temporaryNameOf(deliveryId: string): string {
  return `.mortise-${digest(deliveryId, 32)}.tmp`;
}

/** `orders.csv` as `orders-3f2a9c01.csv`: the same for the same delivery. */
export function withSuffix(name: string, deliveryId: string): string {
  return inserted(name, `-${digest(deliveryId, 8)}`);
}

/** `orders.csv`, `orders.20260101T060000000Z.csv`, `orders.20260101T060000000Z-2.csv`, …: for what may be there already. */
export function* namesNear(name: string, nowMs: number): Generator<string> {
  yield name;
  const stamp = `.${new Date(nowMs).toISOString().replaceAll(/[-:.]/g, '')}`;
  yield inserted(name, stamp);
  for (let count = 2; ; count++) yield inserted(name, `${stamp}-${count}`);
}

function inserted(name: string, text: string): string {
  const extension = extname(name);
  return `${name.slice(0, name.length - extension.length)}${text}${extension}`;
}

function digest(text: string, length: number): string {
  return createHash('sha256').update(text).digest('hex').slice(0, length);
}
