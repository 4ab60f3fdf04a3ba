// Loads the project's own TypeScript or JavaScript: trusted code, and only where it was said to be executed.

import { createHash } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { lendSdk } from '../catalog/own-sdk.ts';
import { projectError } from './errors.ts';
import type { ProjectFolder } from './folder.ts';

/**
 * What a file of the project exports. A file that has changed is loaded anew, since its content is a part of its address;
 * what it imports itself is not, unless it has changed too and nothing else has imported it. Throws MORTISE_PROJECT_CODE.
 */
export async function importCode(folder: ProjectFolder, file: string): Promise<Readonly<Record<string, unknown>>> {
  if (folder.isOutside(file)) throw projectError('MORTISE_PROJECT_OUTSIDE', `"${file}" leads out of the project.`);
  const path = join(folder.path, file);
  lendSdk();
  try {
    const hash = createHash('sha256')
      .update(await readFile(path))
      .digest('hex')
      .slice(0, 12);
    return (await import(`${pathToFileURL(path).href}?content=${hash}`)) as Readonly<Record<string, unknown>>;
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    throw projectError('MORTISE_PROJECT_CODE', `${file} cannot be loaded: ${reason}`, { cause: error });
  }
}
