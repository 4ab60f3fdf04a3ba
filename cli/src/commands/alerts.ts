// mortise alerts: what is raised, the rules that raise it, and who is told; a rule is muted for a time, a receiver tried.

import type { AlertPage, AlertRuleView, AlertView } from '@mortise/engine';
import { engineClient } from '../client.ts';
import { askingCommand, printResult } from '../command.ts';
import type { AddCommand, EngineOptions } from '../command.ts';
import { exitCodes } from '../exit-codes.ts';
import { parseCount, parseWait } from '../parameters.ts';
import { tableText } from '../table.ts';
import type { Column } from '../table.ts';
import { plain } from '../terminal.ts';

interface MuteOptions extends EngineOptions {
  readonly for: number;
  readonly reason?: string;
}

export const addAlerts: AddCommand = (program) => {
  const command = program.command('alerts').description('show what is raised, mute a rule for a time, try a receiver');
  askingCommand(command, 'list', 'list what is raised now', { isDefault: true }).action(list);
  askingCommand(command, 'rules', 'list the rules that raise alerts').action(rules);
  askingCommand(command, 'history', 'list what was raised, newest first')
    .option('--limit <count>', 'so many at most', parseCount, 100)
    .action(history);
  askingCommand(command, 'mute <rule>', 'tell nobody of what a rule raises, for a time')
    .requiredOption('--for <duration>', 'for so long', parseWait)
    .option('--reason <text>', 'why: shown where it is missed')
    .action(mute);
  askingCommand(command, 'unmute <rule>', 'tell again').action(unmute);
  askingCommand(command, 'test <receiver>', 'send a receiver a notice that says it is a test').action(test);
};

async function list(options: EngineOptions): Promise<void> {
  const found = await (await engineClient(options)).get<readonly AlertRuleView[]>('/alerts/rules');
  const raised = found.flatMap((rule) => rule.raised);
  printResult(raised, options, (terminal) => (raised.length === 0 ? 'Nothing is raised.' : tableText(raised, columns, terminal)));
}

async function rules(options: EngineOptions): Promise<void> {
  const found = await (await engineClient(options)).get<readonly AlertRuleView[]>('/alerts/rules');
  printResult(found, options, (terminal) => tableText(found, ruleColumns, terminal));
}

async function history({ limit, ...options }: EngineOptions & { readonly limit: number }): Promise<void> {
  const { rows } = await (await engineClient(options)).get<AlertPage>(`/alerts?limit=${Math.min(limit, 1000)}`);
  printResult(rows, options, (terminal) => (rows.length === 0 ? 'Nothing was raised.' : tableText(rows, columns, terminal)));
}

async function mute(rule: string, { for: forMs, reason, ...options }: MuteOptions): Promise<void> {
  const body = { until: new Date(Date.now() + forMs).toISOString(), ...(reason === undefined ? {} : { reason }) };
  const muted = await (await engineClient(options)).post<AlertRuleView>(`/alerts/rules/${encodeURIComponent(rule)}/mute`, body);
  printResult(
    muted,
    options,
    () => `Muted until ${muted.muted?.until}: ${plain(rule)}. It tells again with "mortise alerts unmute ${plain(rule)}".`,
  );
}

async function unmute(rule: string, options: EngineOptions): Promise<void> {
  const path = `/alerts/rules/${encodeURIComponent(rule)}/unmute`;
  const answer = await (await engineClient(options)).post<{ readonly unmuted: boolean }>(path);
  printResult(answer, options, () => (answer.unmuted ? `Tells again: ${plain(rule)}.` : `Was not muted: ${plain(rule)}.`));
}

async function test(receiver: string, options: EngineOptions): Promise<void> {
  const path = `/alerts/receivers/${encodeURIComponent(receiver)}/test`;
  const answer = await (await engineClient(options)).post<{ readonly sent: boolean; readonly error?: string }>(path);
  if (!answer.sent) process.exitCode = exitCodes.failed;
  const failed = `${plain(receiver)} did not take it: ${plain(answer.error ?? '')}`;
  printResult(answer, options, () => (answer.sent ? `Sent to ${plain(receiver)}.` : failed));
}

const columns: readonly Column<AlertView>[] = [
  { title: 'SINCE', text: ({ since }) => since, whole: true },
  { title: 'UNTIL', text: ({ until }) => until, whole: true },
  {
    title: 'RULE',
    text: ({ rule }) => rule,
    style: ({ severity, until }) => (until ? 'dim' : severity === 'critical' ? 'red' : 'yellow'),
  },
  { title: 'ABOUT', text: ({ subject }) => subject },
  { title: 'WHAT', text: ({ text }) => text },
];

const ruleColumns: readonly Column<AlertRuleView>[] = [
  { title: 'RULE', text: ({ name }) => name, whole: true },
  { title: 'KIND', text: ({ kind }) => kind },
  { title: 'TELLS', text: ({ to }) => to.join(', ') || 'nobody' },
  { title: 'RAISED', text: ({ raised }) => raised.length || undefined, align: 'right' },
  { title: 'MUTED', text: ({ muted }) => muted && `until ${muted.until} by ${muted.who}` },
];
