// Check: what is exported is named in the words of GLOSSARY.md.

import { isCode, isTest } from './tree.ts';
import type { Finding, Tree } from './tree.ts';

/** Words that other products use, and ours. */
export const bannedWords: Readonly<Record<string, string>> = {
  exchange: 'message',
  event: 'message',
  item: 'message, record or element',
  app: 'system',
  node: 'system or step',
  component: 'connector',
  piece: 'connector',
  source: 'inbound',
  sink: 'outbound',
  trigger: 'inbound',
  consumer: 'inbound',
  producer: 'outbound',
  codec: 'format',
  parser: 'format or decoder',
  serializer: 'format or encoder',
  queue: 'channel, lane or backlog',
  topic: 'channel',
  workflow: 'flow',
  pipeline: 'flow',
  processor: 'step',
  job: 'delivery',
  task: 'delivery',
  worker: 'engine or thread',
  agent: 'engine',
};

/** Where a word means something else. Every entry says what; one that nothing needs any more is a finding. */
export const allowedNames: Readonly<Record<string, string>> = {
  lookAtNode: 'Node.js, which runs the engine',
  SourceFile: 'the text of a file as it was written, with places: the word of compilers',
  FlowSource: 'a flow as it was written, before it is compiled',
  TestSource: 'a test as it was written',
};

export function checkGlossary(tree: Tree, allowed: Readonly<Record<string, string>> = allowedNames): Finding[] {
  const code = tree.filter((file) => isCode(file) && !isTest(file) && /^(sdk|engine|connectors|formats|cli)\//.test(file.path));
  const names = code.flatMap((file) => file.syntax.exports.map((name) => ({ ...name, path: file.path })));
  const banned = names.flatMap(({ path, name, line }) => {
    const word = wordsOf(name).find((part) => Object.hasOwn(bannedWords, part));
    if (word === undefined || Object.hasOwn(allowed, name)) return [];
    const mend = `Say ${bannedWords[word]}; where the word means something else, say so in tools/tidy/glossary.ts.`;
    return [{ path, line, what: `"${name}" is exported with the word "${word}"`, mend }];
  });
  const idle = Object.keys(allowed).filter((name) => !names.some((exported) => exported.name === name));
  return [...banned, ...idle.map(idleEntry)];
}

/** `HTTPRequestParser`, `parse_items` to words in lower case, without a plural's s. */
export function wordsOf(name: string): readonly string[] {
  const words = name.match(/[A-Z]+(?![a-z])|[A-Z]?[a-z]+/g) ?? [];
  return words.map((word) => word.toLowerCase().replace(/(?<!s)s$/, ''));
}

function idleEntry(name: string): Finding {
  const what = `"${name}" is allowed, but nothing of that name is exported`;
  return { path: 'tools/tidy/glossary.ts', line: 1, what, mend: 'Take it out of allowedNames.' };
}
