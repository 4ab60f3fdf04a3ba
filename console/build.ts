// Builds the console into dist/, unless what is there was built from the same sources.

import { createHash } from 'node:crypto';
import { globSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';

const root = import.meta.dirname;
const stamp = join(root, 'dist', 'built-from.txt');
/** What is shorter is not worth a second file. */
const compressedFromBytes = 1024;

const sources = sourcesHash();
if (readStamp() !== sources) {
  // Whoever calls this from a test has another one, and would get React's build for development.
  process.env['NODE_ENV'] = 'production';
  const { build } = await import('vite');
  await build({ root, configFile: join(root, 'vite.config.ts'), logLevel: 'warn' });
  compress();
  writeFileSync(stamp, sources);
}

/** Over everything that the built files depend on. */
function sourcesHash(): string {
  const files = globSync(['src/**/*', 'index.html', 'public/**/*', 'package.json', 'vite.config.ts'], {
    cwd: root,
    withFileTypes: true,
  });
  const paths = files.filter((entry) => entry.isFile()).map(({ parentPath, name }) => join(parentPath, name));
  const hash = createHash('sha256');
  for (const path of paths.toSorted()) hash.update(path.slice(root.length)).update('\0').update(readFileSync(path));
  return hash.digest('hex');
}

function readStamp(): string | undefined {
  try {
    return readFileSync(stamp, 'utf8');
  } catch {
    return undefined;
  }
}

function compress(): void {
  for (const file of globSync('dist/assets/*.{js,css,svg}', { cwd: root })) {
    const bytes = readFileSync(join(root, file));
    if (bytes.length >= compressedFromBytes) writeFileSync(join(root, `${file}.gz`), gzipSync(bytes, { level: 9 }));
  }
}
