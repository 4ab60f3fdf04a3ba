// mortise encode: writes JSON values, one a line, with a format.

import { LineCutter, MortiseError, formatError, readJson } from '@mortise/sdk';
import type { CutLine } from '@mortise/sdk';
import type { AddCommand } from '../command.ts';
import { jsonOption } from '../command.ts';
import { exitCodes } from '../exit-codes.ts';
import { chosenFormat, formatCommand } from '../formats/chosen-format.ts';
import type { FormatChoice } from '../formats/chosen-format.ts';
import { fileBytes } from '../formats/file-bytes.ts';
import type { FileBytes } from '../formats/file-bytes.ts';
import { withBytes } from '../formats/json-bytes.ts';
import { Output } from '../formats/output.ts';
import { problemTeller, toldProblem } from '../formats/told-problem.ts';
import { openTerminal } from '../terminal.ts';

const lineBytesMax = 256 * 1024 ** 2;
const depthMax = 512;

export const addEncode: AddCommand = (program) => {
  const command = formatCommand(program, 'encode', 'write JSON values, one a line, with a format', 'the values');
  jsonOption(command).action(encode);
};

async function encode(file: string, options: FormatChoice): Promise<void> {
  const format = await chosenFormat(options);
  const output = new Output();
  let records = 0;
  const bytes = fileBytes(file, () => records, !options.json);
  const tell = problemTeller(bytes, options.json === true, openTerminal());
  const counted = async function* (): AsyncIterable<unknown> {
    for await (const value of valuesIn(bytes)) {
      records += 1;
      yield value;
    }
  };
  try {
    for await (const part of format.encode(counted())) await output.write(part);
    await output.flush();
  } catch (fault) {
    if (!(fault instanceof MortiseError)) throw fault;
    process.exitCode = exitCodes.failed;
    await tell(toldProblem(fault, { record: records }));
  }
}

/** A line that is no JSON ends it: what was written before is not all. */
async function* valuesIn({ chunks }: FileBytes): AsyncIterable<unknown> {
  const cutter = new LineCutter(lineBytesMax);
  for await (const chunk of chunks) for (const line of cutter.push(chunk)) yield* valueIn(line);
  for (const line of cutter.end()) yield* valueIn(line);
}

function* valueIn({ bytes, lengthBytes, offsetBytes, line }: CutLine): Iterable<unknown> {
  if (bytes.every((byte) => byte === 0x20 || byte === 0x09 || byte === 0x0d)) return;
  if (lengthBytes > lineBytesMax)
    throw formatError('MORTISE_FORMAT_LIMIT', `Line ${line} is longer than ${lineBytesMax} bytes.`, { details: { line } });
  yield withBytes(readJson(bytes, { numbers: 'exact', depthMax }, { offsetBytes, line }));
}
