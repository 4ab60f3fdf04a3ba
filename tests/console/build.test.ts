// What a reader loads before anything is seen: the page, and what it names.

import { execFileSync } from 'node:child_process';
import { existsSync, readFileSync, statSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { beforeAll, expect, it } from 'vitest';

const folder = fileURLToPath(new URL('../../console/', import.meta.url));
const scriptBytesMax = 300 * 1024;

beforeAll(() => void execFileSync(process.execPath, [`${folder}build.ts`], { stdio: 'inherit' }));

it('the first page loads at most 300 KiB of script, packed, and none of it stands in the page', () => {
  const page = readFileSync(`${folder}dist/index.html`, 'utf8');
  const scripts = [...page.matchAll(/(?:src|href)="\/(assets\/[^"]+\.js)"/g)].map(([, path]) => `${folder}dist/${path}`);
  expect(scripts.length).toBeGreaterThan(0);
  const sizes = scripts.map((path) => statSync(existsSync(`${path}.gz`) ? `${path}.gz` : path).size);
  expect(sizes.reduce((sum, size) => sum + size, 0)).toBeLessThan(scriptBytesMax);
  expect(page).not.toMatch(/<script[^>]*>[^<]/);
});
