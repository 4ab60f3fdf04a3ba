// Every guide does what it says: its files are written, its changes made, its commands typed, in an empty folder.

import { globSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { blocksOf, runGuide } from './guide.ts';

const folder = fileURLToPath(new URL('../docs/guides/', import.meta.url));
const guides = globSync('**/*.md', { cwd: folder }).toSorted();
const withSteps = guides.filter((path) =>
  blocksOf(readFileSync(folder + path, 'utf8')).some(({ language, word }) => language === 'sh' || word !== ''),
);

describe('a guide', () => {
  it.each(withSteps)('%s', { timeout: 300_000 }, async (path) => {
    await expect(runGuide(readFileSync(folder + path, 'utf8'))).resolves.toBeUndefined();
  });

  it('is found', () => {
    expect(withSteps).toContain('writing-a-connector.md');
  });
});

describe('a step that does otherwise than the guide says is found:', () => {
  it.each([
    ['a command that fails', '```sh\n$ mortise check nowhere\n```', /In line 1 .* ended with 1/],
    ['a command that should fail', '\n```sh fails\n$ true\n```', /In line 2 .*"true" ended with 0/],
    ['other words', '```sh\n$ echo a b\nb\na\n```', /did not print "a"/],
    ['a change of what is not there', '```text a.txt\na\n```\n```diff a.txt\n-b\n+c\n```', /stands 0 times in a.txt/],
    ['a server that does not start', '```sh background\n$ echo no\nyes\n```', /did not print "yes"/],
  ])('%s', async (_what, markdown, message) => {
    await expect(runGuide(`${markdown}\n`)).rejects.toThrow(message);
  });

  it('what comes later is waited for', async () => {
    const later =
      '```sh background\n$ sh -c "while [ ! -f go ]; do sleep 0.05; done; echo there > come"\n```\n```sh\n$ touch go\n```\n```sh eventually\n$ cat come\nthere\n```\n';
    await expect(runGuide(later)).resolves.toBeUndefined();
  });

  it('what stands between two pieces of a line may be anything, and a space any number of them', async () => {
    await expect(runGuide('```sh\n$ echo "id  17   done"\nid … done\n```\n')).resolves.toBeUndefined();
    await expect(runGuide('```sh\n$ echo "id  17   done"\ndone … id\n```\n')).rejects.toThrow(/did not print "id"/);
  });

  it('a change of what is there is made', async () => {
    const change =
      '```text a/b.txt\none\ntwo\n```\n```diff a/b.txt\n one\n-two\n+three\n```\n```sh\n$ cat a/b.txt\none\n…\nthree\n```\n';
    await expect(runGuide(change)).resolves.toBeUndefined();
  });
});
