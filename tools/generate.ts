// `npm run generate`: writes the reference, and the option tables of READMEs, from the declarations.

import { globSync, mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { generateFiles, referenceFolder } from './generate/reference.ts';

const root = fileURLToPath(new URL('..', import.meta.url));
const files = await generateFiles(root);

for (const [path, text] of files) {
  mkdirSync(dirname(join(root, path)), { recursive: true });
  writeFileSync(join(root, path), text);
}
for (const path of globSync(`${referenceFolder}/**/*.md`, { cwd: root }))
  if (!files.has(path.replaceAll('\\', '/'))) rmSync(join(root, path));

console.log(`wrote ${files.size} files`);
