// Error codes of the ways in which YAML reads something else than was meant; each has its remedy.

import { defineErrors } from '@mortise/sdk';

export const yamlError = defineErrors({
  MORTISE_PROJECT_YAML_SYNTAX: {
    actor: 'author',
    cause: 'The file is not valid YAML.',
    remedy: 'Mend it at the place that is named.',
  },
  MORTISE_PROJECT_YAML_TAB: {
    actor: 'author',
    cause: 'A line is indented with a tab, which YAML does not allow.',
    remedy: 'Indent with spaces: two for each level.',
  },
  MORTISE_PROJECT_YAML_INDENT: {
    actor: 'author',
    cause: 'A line is indented differently from its neighbours.',
    remedy: 'Begin it in the same column as the lines that it belongs with.',
  },
  MORTISE_PROJECT_YAML_DUPLICATE_KEY: {
    actor: 'author',
    cause: 'A mapping has the same key twice; only one of them could count.',
    remedy: 'Keep one of the two, or rename one.',
  },
  MORTISE_PROJECT_YAML_COLON_SPACE: {
    actor: 'author',
    cause: 'There is no space behind the colon of a key, so that YAML reads key and value as one text.',
    remedy: 'Put a space behind the colon.',
  },
  MORTISE_PROJECT_YAML_BRACES: {
    actor: 'author',
    cause: 'An expression begins with { or [ and is not in quotes, so that YAML takes it apart itself.',
    remedy: 'Write "|" behind the key, and the expression on the next line, indented.',
  },
  MORTISE_PROJECT_YAML_TEMPLATE: {
    actor: 'author',
    cause: 'A template ${…} stands unquoted within { … } or [ … ], where YAML takes its braces for its own.',
    remedy: 'Put the text that holds the template in double quotes.',
  },
  MORTISE_PROJECT_YAML_COLON: {
    actor: 'author',
    cause: 'A ": " within an unquoted value makes YAML read a key there.',
    remedy: 'Write "|" behind the key, and the value on the next line, indented; or put it in quotes.',
  },
  MORTISE_PROJECT_YAML_COMMENT: {
    actor: 'author',
    cause: 'A " #" begins a comment in YAML: what stands behind it is no part of the expression.',
    remedy: 'If it belongs to the expression, put the expression in quotes; if it is a comment, give it a line of its own.',
  },
  MORTISE_PROJECT_YAML_QUOTE: {
    actor: 'author',
    cause: 'A value begins with a quote and goes on behind the closing quote.',
    remedy: 'Write "|" behind the key, and the value on the next line, indented; or put all of it in quotes of the other kind.',
  },
  MORTISE_PROJECT_YAML_RESERVED: {
    actor: 'author',
    cause: 'An unquoted value begins with a character that YAML reserves.',
    remedy: 'Put the value in quotes, or write "|" behind the key, and the value on the next line, indented.',
  },
  MORTISE_PROJECT_YAML_ALIAS: {
    actor: 'author',
    cause: 'An unquoted value begins with * or &, which YAML takes for an alias or an anchor.',
    remedy: 'Put the value in quotes.',
  },
  MORTISE_PROJECT_YAML_TAG: {
    actor: 'author',
    cause: 'An unquoted value begins with !, which YAML takes for a tag.',
    remedy: 'Put the value in quotes.',
  },
  MORTISE_PROJECT_YAML_BLOCK: {
    actor: 'author',
    cause: 'What belongs to a "|" or ">" does not stand below it, indented.',
    remedy: 'End the line behind "|", and indent what follows by two spaces more than the key.',
  },
  MORTISE_PROJECT_YAML_BOOLEAN: {
    actor: 'author',
    cause: 'In YAML 1.2 only true and false are booleans; yes, no, on and off are texts.',
    remedy: 'Write true or false.',
  },
  MORTISE_PROJECT_YAML_PLAIN: {
    actor: 'author',
    cause: 'YAML reads an unquoted true, false, null or number as such, where an expression is expected.',
    remedy: 'Put it in quotes.',
  },
  MORTISE_PROJECT_YAML_NUMBER: {
    actor: 'author',
    cause: 'YAML reads the digits as a number, which is not written the same any more.',
    remedy: 'Put it in quotes where it is a text.',
  },
  MORTISE_PROJECT_YAML_MERGE: {
    actor: 'author',
    cause: 'Merge keys (<<) are not part of YAML 1.2, and are not read.',
    remedy: 'Write the options out.',
  },
  MORTISE_PROJECT_YAML_EXPANSION: {
    actor: 'author',
    cause: 'The aliases of the file expand to too much.',
    remedy: 'Write it out, or use fewer aliases.',
  },
});
