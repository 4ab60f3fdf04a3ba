// Error codes of the command line.

import { defineErrors } from '@mortise/sdk';

export const cliError = defineErrors({
  MORTISE_NODE_TOO_OLD: {
    actor: 'operator',
    cause: 'The version of Node is older than Mortise needs.',
    remedy: 'Install a newer Node from https://nodejs.org, then try again.',
  },
  MORTISE_CLI_USAGE: {
    actor: 'operator',
    cause: 'A command was written in a way that it does not take.',
    remedy: 'Look at "mortise help", or at the help of the command.',
  },
  MORTISE_CLI_UNREACHABLE: {
    actor: 'operator',
    cause: 'No engine answers at the address of the control listener.',
    remedy: 'Start one with "mortise run DIR", or say where it is with --control HOST:PORT or MORTISE_CONTROL.',
  },
  MORTISE_CLI_KEY: {
    actor: 'operator',
    cause: 'The command has no token, and cannot read the key file of the engine.',
    remedy: 'Run it as the user that the engine runs as, or set MORTISE_TOKEN to a token that the console made.',
  },
  MORTISE_CLI_NOT_MORTISE: {
    actor: 'operator',
    cause: 'Something answers at the address of the control listener, but it is no engine of Mortise.',
    remedy: 'Look at what listens there; say where the engine is with --control HOST:PORT.',
  },
  MORTISE_CLI_FOLDER_TAKEN: {
    actor: 'operator',
    cause: 'A project is to be written into a folder that has files already.',
    remedy: 'Name a folder that is empty or does not exist.',
  },
  MORTISE_CLI_NO_PROJECT: {
    actor: 'operator',
    cause: 'The folder that a command writes into is no project.',
    remedy: 'Go into the folder of a project or name it with --project; "mortise init DIR" writes one to begin from.',
  },
  MORTISE_CLI_FILE_TAKEN: {
    actor: 'operator',
    cause: 'What is to be written is there already, and nothing is ever written over.',
    remedy: 'Choose another name, or move away what is there.',
  },
  MORTISE_CLI_FILE: {
    actor: 'operator',
    cause: 'A file that was named cannot be read or written.',
    remedy: 'Look at the path and its permissions.',
  },
  MORTISE_CLI_SCHEMA: {
    actor: 'other system',
    cause: 'A value that was read does not fit the JSON Schema that it was checked by; or the schema is none.',
    remedy: 'Look at the path that is named; mend the file, or the schema.',
  },
  MORTISE_CLI_EXPRESSION: {
    actor: 'author',
    cause: 'An expression that was given to "mortise map" does not parse, or fails on its input.',
    remedy: 'Mend the expression at the place that is shown.',
  },
  MORTISE_CLI_PROJECT: {
    actor: 'author',
    cause: 'A project has errors, and so the command could not do what it is for.',
    remedy: 'Mend what is named above; "mortise check" finds the same.',
  },
  MORTISE_CLI_FAULT: {
    actor: 'mortise',
    cause: 'The command failed for a reason that nobody foresaw.',
    remedy: 'Report it, with what you typed; MORTISE_DEBUG=1 prints the stack.',
  },
});
