// mortise flows: what runs, from where, to where, and what waits.

import type { FlowView } from '@mortise/engine';
import { engineClient } from '../client.ts';
import { askingCommand, printResult } from '../command.ts';
import type { AddCommand, EngineOptions } from '../command.ts';
import { flowDrainText } from '../flow-drain.ts';
import { tableText } from '../table.ts';
import type { Column } from '../table.ts';

export const addFlows: AddCommand = (program) => {
  askingCommand(program, 'flows', 'list the flows that run').action(async (options: EngineOptions) => {
    const flows = await (await engineClient(options)).get<readonly FlowView[]>('/flows');
    printResult(flows, options, (terminal) => (flows.length === 0 ? 'No flows.' : tableText(flows, columns, terminal)));
  });
};

const columns: readonly Column<FlowView>[] = [
  { title: 'FLOW', text: ({ name }) => name, whole: true },
  { title: 'FROM', text: ({ from }) => from },
  { title: 'TO', text: ({ to }) => to.map((label) => label.replace(/^outbound:/, '')).join(', ') },
  {
    title: 'WAITING',
    text: ({ waiting }) => waiting,
    align: 'right',
    style: ({ waiting }) => (waiting > 0 ? 'yellow' : undefined),
  },
  { title: 'RUNNING', text: ({ running }) => running, align: 'right' },
  {
    title: 'STANDS STILL',
    text: ({ standstill, drain }) => standstill?.reason ?? (drain && flowDrainText(drain)),
    style: () => 'yellow',
  },
  { title: 'REVISION', text: ({ revision }) => revision, whole: true },
  { title: 'WHAT FOR', text: ({ description }) => description },
];
