// Error codes of a user's project: what is found in its files when it is loaded. YAML's own traps stand in yaml/errors.ts.

import { defineErrors } from '@mortise/sdk';

export const projectError = defineErrors({
  MORTISE_PROJECT_MISSING: {
    actor: 'author',
    cause: 'The folder is no project, or the environment that was named does not exist.',
    remedy: 'Name a folder that holds a mortise.yaml, and an environment that has a file in environments/.',
  },
  MORTISE_PROJECT_UNREADABLE: {
    actor: 'author',
    cause: 'A file cannot be read, is too long, or is not text in UTF-8.',
    remedy: 'Look at its permissions, its size and its encoding.',
  },
  MORTISE_PROJECT_OUTSIDE: {
    actor: 'author',
    cause: 'A path leads out of the folder of the project.',
    remedy: 'Copy the file into the project: nothing outside its folder is read.',
  },
  MORTISE_PROJECT_UNKNOWN_FILE: {
    actor: 'author',
    cause: 'Nothing reads this file: its folder or its ending is not one that a project has.',
    remedy: 'Give it the folder and ending that it should have, or move it out of the project.',
  },
  MORTISE_PROJECT_NOT_YET: {
    actor: 'author',
    cause: 'This is planned, and this version of Mortise cannot do it yet.',
    remedy: 'Remove it until a version can: otherwise the project would promise what does not happen.',
  },
  MORTISE_PROJECT_NAME: {
    actor: 'author',
    cause: 'The name of a file, and so of what it defines, is not one that can be written in flows.',
    remedy: 'Use lower-case letters, digits and hyphens, beginning with a letter or a digit.',
  },
  MORTISE_PROJECT_NAME_TAKEN: {
    actor: 'author',
    cause: 'Two things of the same kind have the same name.',
    remedy: 'Rename one of them.',
  },
  MORTISE_PROJECT_UNKNOWN_OPTION: {
    actor: 'author',
    cause: 'An option has a name that is not known there.',
    remedy: 'Correct the name, or remove the option.',
  },
  MORTISE_PROJECT_MISSING_OPTION: {
    actor: 'author',
    cause: 'An option that is needed is missing.',
    remedy: 'Add the option.',
  },
  MORTISE_PROJECT_WRONG_VALUE: {
    actor: 'author',
    cause: 'An option has a value of the wrong kind.',
    remedy: 'Write a value of the kind that is expected.',
  },
  MORTISE_PROJECT_UNKNOWN_NAME: {
    actor: 'author',
    cause: 'Something is named that does not exist: a connector, a connection, a model, a format, a flow.',
    remedy: 'Correct the name, or define what is missing.',
  },
  MORTISE_PROJECT_CONNECTIONS: {
    actor: 'author',
    cause: 'A system does not say plainly what it is connected by.',
    remedy: 'Write connector and connection; or connections, each with its connector, and "on" where they are used.',
  },
  MORTISE_PROJECT_MODEL: {
    actor: 'author',
    cause: 'A model is not valid JSON, not a valid JSON Schema (2020-12), or refers to something that does not exist.',
    remedy: 'Mend the schema at the place that is named.',
  },
  MORTISE_PROJECT_TABLE: {
    actor: 'author',
    cause:
      'A table is no table: rows of different lengths, columns without a name or with the same, or a quote in the wrong place.',
    remedy: 'Mend the line that is named; cells with commas, quotes or line ends stand in quotes.',
  },
  MORTISE_PROJECT_EXPRESSION: {
    actor: 'author',
    cause: 'A mapping, or a template or expression in the options of an outbound, does not parse.',
    remedy: 'Mend it at the place that is named.',
  },
  MORTISE_PROJECT_CODE: {
    actor: 'author',
    cause: "The project's own code cannot be loaded, or does not export what it should.",
    remedy: 'Mend the file; a flow is "export default defineFlow({ … })".',
  },
  MORTISE_PROJECT_NOT_EXECUTED: {
    actor: 'author',
    cause: "The project's own code was not looked into, because nothing of the project was to be executed.",
    remedy: 'Nothing; or run "mortise check --execute", if you trust the project.',
  },
  MORTISE_PROJECT_ENVIRONMENT: {
    actor: 'author',
    cause: 'An environment holds something else than settings.',
    remedy: 'Write it in the file of the system, channel or flow itself: an environment holds settings, never logic.',
  },
  MORTISE_PROJECT_UNUSED: {
    actor: 'author',
    cause: 'Something is defined and no flow uses it.',
    remedy: 'Use it, or remove it.',
  },
  MORTISE_PROJECT_NO_SUBSCRIBER: {
    actor: 'author',
    cause: 'A channel is sent to, and no flow receives from it: its messages end as unclaimed.',
    remedy: 'Add a flow that receives from it, or do not send to it.',
  },
  MORTISE_PROJECT_UNVERIFIED: {
    actor: 'author',
    cause: 'An inbound takes messages from anyone who can reach the listener.',
    remedy: 'Verify the sender, unless the network itself keeps strangers out.',
  },
  MORTISE_PROJECT_SECRET_UNSET: {
    actor: 'operator',
    cause: 'A secret that the project refers to has no value here.',
    remedy: 'Set the environment variable, or write the file secrets/NAME in the data folder.',
  },
  MORTISE_PROJECT_SECRET_EXPOSED: {
    actor: 'operator',
    cause: 'The file of a secret may be read by others than the one that Mortise runs as.',
    remedy: 'Run chmod 600 on it.',
  },
});
