// Where a character of a text stands in the file that it was written in.

import { describe, expect, it } from 'vitest';
import { parseYaml } from './parse.ts';
import { YamlFile } from './yaml-file.ts';

function locate(text: string, part: string): string {
  const { document, lines } = parseYaml(text);
  const value = document.toJS() as { map: string };
  const file = new YamlFile({ file: 'f.yaml', text, document, lines }, value);
  const { line, column } = file.locate(['map'], 'value', value.map.indexOf(part));
  return `${line}:${column}`;
}

describe('a character of a text', () => {
  it('is found in a block, whatever its indentation and blank lines', () => {
    expect(locate('map: |\n  first\n    second\n', 'second')).toBe('3:5');
    expect(locate('x: 1\nmap: |-\n\n      first\n\n        second\n', 'second')).toBe('6:9');
    expect(locate('map: |\n  first\n', 'first')).toBe('2:3');
  });

  it('is found in plain and in quoted text', () => {
    expect(locate('map: one two\n', 'two')).toBe('1:10');
    expect(locate('map: "one two"\n', 'two')).toBe('1:11');
    expect(locate("map: 'one two'\n", 'two')).toBe('1:11');
  });

  it('is where the text begins when escapes or folding hide it', () => {
    expect(locate('map: "a\\tb two"\n', 'two')).toBe('1:6');
    expect(locate('map: >\n  one\n  two\n', 'two')).toBe('1:6');
  });
});
