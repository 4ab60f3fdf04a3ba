// The proof of a project as text, for a terminal.

import type { Proof } from '@mortise/engine';
import { tableText } from '../table.ts';
import { plain } from '../terminal.ts';
import type { Terminal } from '../terminal.ts';
import { limitsOf, stepsOf, verdictOf } from './words.ts';

const faultsShown = 40;

export function proofText(proof: Proof, terminal: Terminal): string {
  const { proven, outbounds, flows, faults } = proof;
  const verdict = terminal.style(proven ? 'green' : 'red', verdictOf(proof));
  const outboundTable = tableText(
    outbounds,
    [
      { title: 'OUTBOUND', text: ({ to }) => to },
      { title: 'DELIVERIES', text: ({ deliveries }) => deliveries, align: 'right' },
      { title: 'ARRIVED', text: ({ arrivals }) => arrivals, align: 'right' },
      { title: 'REPEATED', text: ({ repeated }) => repeated.length, align: 'right' },
    ],
    terminal,
  );
  const flowTable = tableText(
    flows,
    [
      { title: 'FLOW', text: ({ flow }) => flow },
      { title: 'DELIVERIES', text: ({ deliveries }) => deliveries, align: 'right' },
      { title: 'COMPARED', text: ({ compared }) => compared },
      { title: 'BECAUSE', text: ({ because }) => because },
    ],
    terminal,
  );
  const parts = [verdict, ...stepsOf(proof).map(plain), '', flowTable, ...(outbounds.length > 0 ? ['', outboundTable] : [])];
  return [
    ...parts,
    ...faultLines(faults, terminal),
    '',
    ...limitsOf(proof).map((limit) => terminal.style('dim', plain(limit))),
  ].join('\n');
}

function faultLines(faults: Proof['faults'], terminal: Terminal): readonly string[] {
  if (faults.length === 0) return [];
  const lines = faults
    .slice(0, faultsShown)
    .flatMap(({ kind, what, input, message, deliveries }) => [
      `${terminal.style('red', kind)} ${plain(what)}`,
      `  ${[input === undefined ? '' : `input ${input}`, message ? `message ${message}` : '', ...deliveries.map((id) => `delivery ${id}`)].filter(Boolean).join(', ')}`,
    ]);
  const more = faults.length - faultsShown;
  return ['', ...lines, ...(more > 0 ? [`… and ${more} more: --json tells all.`] : [])];
}
