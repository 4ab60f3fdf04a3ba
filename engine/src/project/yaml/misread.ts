// Finds what is valid YAML and means something else than was meant: anchors, tags, numbers, keys without a space.

import { isAlias, isScalar, visit } from 'yaml';
import type { Document, Node, Pair } from 'yaml';
import type { ProblemList } from '../problems.ts';
import { inQuotes } from './rewrite.ts';
import type { YamlFile } from './yaml-file.ts';

/** Whoever reads values goes down level by level, and must not run out of stack. A pair counts as a level too. */
const levelsMax = 200;

interface Look {
  readonly file: YamlFile;
  readonly document: Document;
  readonly problems: ProblemList;
  /** The anchors that an alias refers to. */
  readonly used: ReadonlySet<string>;
}

/** Whether there was an error, so that the value is not worth reading. */
export function reportMisread(file: YamlFile, document: Document, problems: ProblemList): boolean {
  const before = problems.found.length;
  const used = new Set<string>();
  visit(document, { Alias: (_key, alias) => void used.add(alias.source) });
  const look: Look = { file, document, problems, used };
  const { contents } = document;
  if (isScalar(contents) && typeof contents.value === 'string' && contents.type === 'PLAIN')
    lookAtColon(contents.value, contents, look);
  visit(document, {
    Pair: (_key, pair) => lookAtKey(pair, look),
    Node: (_key, node, above) => {
      if (above.length <= levelsMax) return lookAtNode(node as Node, look);
      problems.error(
        'MORTISE_PROJECT_YAML_SYNTAX',
        placeOf(node as Node, file),
        'The file is nested too deeply.',
        'Write fewer levels.',
      );
      return visit.BREAK;
    },
  });
  return problems.found.slice(before).some(({ severity }) => severity === 'error');
}

function lookAtNode(node: Node, look: Look): void {
  if (isAlias(node)) return lookAtAlias(node.source, node, look);
  if (node.anchor !== undefined && !look.used.has(node.anchor)) return lookAtAnchor(node.anchor, node, look);
  if (node.tag !== undefined && !node.tag.startsWith('tag:yaml.org,')) return lookAtTag(node.tag, node, look);
  if (isScalar(node)) lookAtNumber(node.value, node.source, node, look);
}

function lookAtAlias(name: string, node: Node, { file, document, problems }: Look): void {
  if (isAlias(node) && node.resolve(document)) return;
  const message = `YAML reads "*${name}" as an alias, and nothing has the anchor "&${name}".`;
  problems.error('MORTISE_PROJECT_YAML_ALIAS', placeOf(node, file), message, `Write ${inQuotes(`*${name}`)}.`);
}

function lookAtAnchor(name: string, node: Node, { file, problems }: Look): void {
  const start = file.text.lastIndexOf(`&${name}`, (node.range?.[0] ?? 0) + 1);
  const message = `YAML reads "&${name}" as an anchor, a name for what follows it.`;
  problems.error(
    'MORTISE_PROJECT_YAML_ALIAS',
    file.placeAt(Math.max(start, 0)),
    message,
    `Put the value in quotes, as ${inQuotes(`&${name}`)}.`,
  );
}

function lookAtTag(tag: string, node: Node, { file, problems }: Look): void {
  const start = file.text.lastIndexOf('!', node.range?.[0] ?? 0);
  const message = `YAML reads "${tag}" as a tag, and not as a part of the value.`;
  problems.error('MORTISE_PROJECT_YAML_TAG', file.placeAt(Math.max(start, 0)), message, notRemedy);
}

const notRemedy = 'Put the value in quotes. (In expressions, "not" is $not(…), and "is not" is !=.)';

/** Numbers that are written otherwise than a number of JSON would be: codes, mostly. */
function lookAtNumber(value: unknown, text: string | undefined, node: Node, { file, problems }: Look): void {
  if (typeof value !== 'number' || text === undefined) return;
  const isCode = /^[-+]?0\d|^0[xo]|^[-+]?\d+e[-+]?\d+$/i.test(text) || (/^[-+]?\d+$/.test(text) && !Number.isSafeInteger(value));
  if (!isCode) return;
  const message = `YAML reads ${text} as the number ${value}.`;
  problems.warn(
    'MORTISE_PROJECT_YAML_NUMBER',
    placeOf(node, file),
    message,
    `Write ${inQuotes(text)} if it is a text, or ${value} if it is a number.`,
  );
}

function lookAtKey(pair: Pair, look: Look): void {
  const { key, value } = pair;
  if (!isScalar(key) || typeof key.value !== 'string') return;
  if (key.value === '<<' && key.type === 'PLAIN')
    look.problems.error('MORTISE_PROJECT_YAML_MERGE', placeOf(key, look.file), 'Found the key "<<".');
  const isEmpty = value === null || (isScalar(value) && value.value === null && value.source === '');
  if (isEmpty && key.type === 'PLAIN') lookAtColon(key.value, key, look);
}

function lookAtColon(key: string, node: Node, { file, problems }: Look): void {
  const parts = /^([\w-]+):(\S.*)$/.exec(key);
  if (!parts) return;
  const message = `There is no space behind "${parts[1]}:".`;
  problems.error('MORTISE_PROJECT_YAML_COLON_SPACE', placeOf(node, file), message, `Write ${parts[1]}: ${parts[2]}`);
}

function placeOf(node: Node, file: YamlFile) {
  return file.placeAt(node.range?.[0] ?? 0);
}
