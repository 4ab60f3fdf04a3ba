// mortise decode: what a format reads out of a file, one JSON value a line.

import { MortiseError, positionToJson, writeJson } from '@mortise/sdk';
import type { AddCommand } from '../command.ts';
import { jsonOption } from '../command.ts';
import { exitCodes } from '../exit-codes.ts';
import { chosenFormat, formatCommand } from '../formats/chosen-format.ts';
import type { FormatChoice } from '../formats/chosen-format.ts';
import { fileBytes } from '../formats/file-bytes.ts';
import { withoutBytes } from '../formats/json-bytes.ts';
import { Output } from '../formats/output.ts';
import { problemTeller, toldProblem } from '../formats/told-problem.ts';
import { openTerminal } from '../terminal.ts';

interface Options extends FormatChoice {
  readonly positions?: boolean;
}

export const addDecode: AddCommand = (program) => {
  const command = formatCommand(program, 'decode', 'read a file with a format, and print one JSON value a line', 'what is read');
  jsonOption(command).option('--positions', 'print { "position", "value" } instead of the value alone').action(decode);
};

async function decode(file: string, options: Options): Promise<void> {
  const format = await chosenFormat(options);
  const output = new Output();
  let records = 0;
  const bytes = fileBytes(file, () => records, !options.json);
  const tell = problemTeller(bytes, options.json === true, openTerminal());
  try {
    for await (const decoded of format.decode(bytes.chunks)) {
      records += 1;
      if ('value' in decoded) {
        const position = positionToJson(decoded.position);
        const value = withoutBytes(decoded.value);
        await output.write(`${writeJson(options.positions ? { position, value } : value)}\n`);
        continue;
      }
      process.exitCode = exitCodes.failed;
      await output.flush();
      await tell(toldProblem(decoded.problem, decoded.position, decoded.raw));
    }
  } catch (fault) {
    if (!(fault instanceof MortiseError)) throw fault;
    process.exitCode = exitCodes.failed;
    await output.flush();
    await tell(toldProblem(fault));
  }
  await output.flush();
}
