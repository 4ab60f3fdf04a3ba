// What the exit codes of the command mean.

export const exitCodes = {
  ok: 0,
  failed: 1,
  usage: 2,
  unreachable: 3,
  notStarted: 4,
  diskFailed: 5,
  fault: 70,
  interrupted: 130,
} as const;

const meanings: Readonly<Record<keyof typeof exitCodes, string>> = {
  ok: 'Done.',
  failed:
    'What was asked for failed: the project has errors, a test fails, a proof finds faults, the balance is uneven, a message was refused, something differs.',
  usage: 'The command was written wrongly.',
  unreachable: 'No engine answers at the address of the control listener.',
  notStarted: 'The engine could not start: Node is too old, a port is taken, the data folder is in use or damaged.',
  diskFailed: 'The disk refused a write and the engine ended; start it again, and it recovers.',
  fault: 'A fault of Mortise: report it.',
  interrupted: 'Interrupted a second time, before all was ended. Nothing that was accepted is lost.',
};

/** The help text "exit-codes". */
export function exitCodesText(): string {
  const lines = Object.entries(exitCodes).map(
    ([name, code]) => `  ${String(code).padStart(3)}  ${meanings[name as keyof typeof exitCodes]}`,
  );
  return ['Exit codes of the mortise command:', '', ...lines, ''].join('\n');
}
