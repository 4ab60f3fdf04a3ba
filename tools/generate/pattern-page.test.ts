// The page of patterns, from made-up examples.

import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { patternPage, readPatternExamples } from './pattern-page.ts';

let root: string;

beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), 'mortise-patterns-'));
});

afterEach(() => rmSync(root, { recursive: true, force: true }));

function write(path: string, text: string): void {
  const full = join(root, 'examples/patterns', path);
  mkdirSync(dirname(full), { recursive: true });
  writeFileSync(full, text);
}

describe('the page of patterns', () => {
  it('has every chapter and pattern; one with an example has its sentences and its flow', () => {
    write('routing/README.md', '---\npatterns:\n  Message Filter: { does: It filters., flows: [large] }\n---\n\n# Routing\n');
    write('routing/flows/large.yaml', 'description: Only large ones.\nfrom: { channel: orders }\n');
    const text = patternPage(root);
    expect(text).toContain('## 7. Message Routing\n\n### Content-Based Router\n\nThere is no example yet.');
    expect(text).toContain(
      '### Message Filter\n\nIt filters.\n\n[`patterns/routing/flows/large.yaml`](../examples/patterns/routing/flows/large.yaml): ' +
        'Only large ones.\n\n```yaml\nfrom: { channel: orders }\n```\n',
    );
    expect(text.match(/^### /gm)).toHaveLength(65);
  });

  it('cannot be made of a README without a head', () => {
    write('routing/README.md', '# Routing\n');
    expect(() => readPatternExamples(root)).toThrow('examples/patterns/routing/README.md does not begin with a head');
  });
});
