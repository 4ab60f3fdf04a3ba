// mortise validate: whether a format reads all of a file, and every value fits a schema.

import { MortiseError } from '@mortise/sdk';
import type { JsonSchema } from '@mortise/sdk';
import type { AddCommand } from '../command.ts';
import { jsonOption, printResult } from '../command.ts';
import { cliError } from '../errors.ts';
import { exitCodes } from '../exit-codes.ts';
import { chosenFormat, formatCommand } from '../formats/chosen-format.ts';
import type { FormatChoice } from '../formats/chosen-format.ts';
import { fileBytes } from '../formats/file-bytes.ts';
import type { ToldProblem } from '../formats/told-problem.ts';
import { withoutBytes } from '../formats/json-bytes.ts';
import { problemTeller, toldProblem } from '../formats/told-problem.ts';
import { openTerminal } from '../terminal.ts';
import { readJson } from './try-expression.ts';

interface Options extends FormatChoice {
  readonly schema?: string;
}

/** What is wrong with a value, at a path in it. */
type Check = (value: unknown) => readonly { readonly path: string; readonly message: string }[];

export const addValidate: AddCommand = (program) => {
  const command = formatCommand(program, 'validate', 'whether a format reads all of a file', 'what is read');
  jsonOption(command).option('--schema <file>', 'a JSON Schema that each value has to fit').action(validate);
};

async function validate(file: string, options: Options): Promise<void> {
  const format = await chosenFormat(options);
  const check = await checkOf(options.schema);
  let [records, problems] = [0, 0];
  const bytes = fileBytes(file, () => records, !options.json);
  const print = problemTeller(bytes, options.json === true, openTerminal());
  const tell = async (problem: ToldProblem): Promise<void> => {
    problems += 1;
    await print(problem);
  };
  try {
    for await (const decoded of format.decode(bytes.chunks)) {
      records += 1;
      if ('value' in decoded) {
        const { position } = decoded;
        for (const { path, message } of check(withoutBytes(decoded.value)))
          await tell({ code: 'MORTISE_CLI_SCHEMA', message: `${path} ${message}.`, position });
      } else await tell(toldProblem(decoded.problem, decoded.position));
    }
  } catch (fault) {
    if (!(fault instanceof MortiseError)) throw fault;
    await tell(toldProblem(fault));
  }
  if (problems > 0) process.exitCode = exitCodes.failed;
  printResult({ records, problems }, options, (terminal) => {
    const found = `${problems} ${problems === 1 ? 'problem' : 'problems'}`;
    return `${records} ${records === 1 ? 'record' : 'records'}, ${terminal.style(problems > 0 ? 'red' : 'green', found)}`;
  });
}

async function checkOf(file: string | undefined): Promise<Check> {
  if (file === undefined) return () => [];
  const { ModelSchemas } = await import('@mortise/engine');
  const schema = readJson(file) as JsonSchema;
  const schemas = new ModelSchemas();
  const [fault] = schemas.faultsOf(schema);
  if (fault) throw noSchema(file, `${pathText(fault.path)} ${fault.message}`);
  schemas.add('schema@1', schema);
  const { check, fault: broken } = schemas.compile('schema@1');
  if (!check) throw noSchema(file, broken?.message ?? 'it cannot be compiled');
  return (value) => (check(value) ?? []).map(({ path, message }) => ({ path: pathText(path), message }));
}

function pathText(path: unknown): string {
  const text = Array.isArray(path) ? path.join('.') : String(path);
  return text === '' ? 'The value' : text;
}

function noSchema(file: string, why: string): Error {
  return cliError('MORTISE_CLI_SCHEMA', `${file} is no JSON Schema that values could be checked by: ${why}.`);
}
