// The check of exported names, on small made-up trees.

import { describe, expect, it } from 'vitest';
import { checkGlossary, wordsOf } from './glossary.ts';
import { makeTree } from './tree.ts';

describe('glossary', () => {
  it('lets our words pass, and what is not exported, and other packages', () => {
    const tree = makeTree({
      'sdk/src/a.ts': 'export const journey = 1;\nconst queue = [];\nexport function parse() {}\n',
      'mapping/src/a.ts': 'export class Parser {}\n',
      'sdk/src/a.test.ts': 'export const queue = 1;\n',
    });
    expect(checkGlossary(tree, {})).toEqual([]);
  });

  it.each([
    ['export class WorkflowEngine {}', 'workflow', 'flow'],
    ['export type { MessageQueue } from "./b.ts";', 'queue', 'channel, lane or backlog'],
    ['const a = 1;\nexport { a as csvParser };', 'parser', 'format or decoder'],
    ['export interface Items {}', 'item', 'message, record or element'],
  ])('finds %j', (text, word, instead) => {
    const [finding] = checkGlossary(makeTree({ 'engine/src/a.ts': text }), {});
    expect(finding).toMatchObject({ path: 'engine/src/a.ts', line: text.split('\n').length });
    expect(finding?.what).toContain(`the word "${word}"`);
    expect(finding?.mend).toContain(instead);
  });

  it('lets an allowed name pass, and finds an entry that nothing needs', () => {
    const tree = makeTree({ 'cli/src/a.ts': 'export const taskBar = 1;' });
    expect(checkGlossary(tree, { taskBar: 'a bar' })).toEqual([]);
    expect(checkGlossary(tree, { taskBar: 'a bar', jobShop: 'a shop' }).map(({ what }) => what)).toEqual([
      '"jobShop" is allowed, but nothing of that name is exported',
    ]);
  });
});

describe('wordsOf', () => {
  it.each([
    ['HTTPRequestParser', ['http', 'request', 'parser']],
    ['parse_items', ['parse', 'item']],
    ['process', ['process']],
    ['sha256Of', ['sha', 'of']],
  ])('%s', (name, words) => {
    expect(wordsOf(name)).toEqual(words);
  });
});
