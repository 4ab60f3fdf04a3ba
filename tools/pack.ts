// `npm run pack`: writes what would be published into dist/packs/.

import { rmSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { packAll } from './pack/pack.ts';

const root = fileURLToPath(new URL('..', import.meta.url));
const destination = join(root, 'dist', 'packs');

rmSync(destination, { recursive: true, force: true });
for (const tarball of packAll(root, destination)) console.log(tarball);
