// mortise import: takes in what stands in a file: exported messages, or the description of an API.

import type { AddCommand } from '../command.ts';
import { addImportMessages } from './import-messages.ts';
import { addImportOpenApi } from './import-openapi.ts';

export const addImport: AddCommand = (program) => {
  const command = program.command('import').description('give exported messages back, or make a system out of a description');
  addImportMessages(command);
  addImportOpenApi(command);
};
