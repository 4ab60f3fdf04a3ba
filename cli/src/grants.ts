// What a person or token is granted, as options of commands say it.

import type { Command } from 'commander';
import { Option } from 'commander';

export const roles = ['viewer', 'operator', 'developer', 'admin', 'partner-coordinator', 'auditor', 'body-reader'] as const;

export interface GrantOptions {
  readonly role?: readonly string[];
  readonly flow?: readonly string[];
  readonly system?: readonly string[];
}

export interface Grant {
  readonly role: string;
  readonly flows?: readonly string[];
  readonly systems?: readonly string[];
}

export function grantOptions(command: Command): Command {
  return command
    .addOption(new Option('--role <role...>', 'what is granted').choices([...roles]))
    .option('--flow <name...>', 'only for these flows')
    .option('--system <name...>', 'only for these systems');
}

/** Undefined where no role is named. */
export function grantsOf({ role, flow, system }: GrantOptions): readonly Grant[] | undefined {
  return role?.map((one) => ({ role: one, ...(flow ? { flows: flow } : {}), ...(system ? { systems: system } : {}) }));
}

export function grantText({ role, flows = [], systems = [] }: Grant): string {
  const places = [...flows.map((flow) => `flow ${flow}`), ...systems.map((system) => `system ${system}`)];
  return places.length === 0 ? role : `${role} (${places.join(', ')})`;
}
