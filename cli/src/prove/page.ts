// The proof of a project as a page that can be shown to an auditor: one file that loads nothing and runs nothing.

import { createHash } from 'node:crypto';
import type { Proof } from '@mortise/engine';
import { pageStyle } from './page-style.ts';
import { limitsOf, stepsOf, verdictOf } from './words.ts';

/** A page of more is read by nobody; the JSON that is in it has all. */
const idsShown = 200;

export function proofPage(proof: Proof, titles: Readonly<Record<string, string>>): string {
  const { proven, project, counts, faults, flows, outbounds, asked } = proof;
  const json = JSON.stringify(proof, null, 1);
  const repeated = outbounds.flatMap(({ to, repeated: ids }) => ids.map((id) => [to, id]));
  return [
    '<!doctype html>',
    `<html lang="en"><head><meta charset="utf-8"><title>Crash proof of ${text(project)}</title>`,
    `<meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'sha256-${hashOf(pageStyle)}'">`,
    `<meta name="viewport" content="width=device-width"><style>${pageStyle}</style></head><body><main>`,
    `<h1>Crash proof of ${text(project)}</h1>`,
    `<p class="verdict ${proven ? 'good' : 'bad'}">${text(verdictOf(proof))}</p>`,
    '<h2>What was looked for</h2>',
    table(
      ['Fault', 'What it is', 'Found'],
      Object.entries(titles).map(([kind, title]) => [kind, title, counts[kind as keyof typeof counts]]),
    ),
    '<h2>What was done, and seen</h2>',
    list(stepsOf(proof)),
    ...(faults.length > 0 ? ['<h2>Faults</h2>', faultTable(faults)] : []),
    '<h2>Flows</h2>',
    table(
      ['Flow', 'Deliveries', 'Compared', 'Because'],
      flows.map((flow) => [flow.flow, flow.deliveries, flow.compared, flow.because ?? '']),
    ),
    '<h2>Outbounds</h2>',
    table(
      ['Outbound', 'Deliveries', 'Arrived', 'Repeated'],
      outbounds.map((one) => [one.to, one.deliveries, one.arrivals, one.repeated.length]),
    ),
    ...idSection('Deliveries that arrived more than once, under one id and with one content', ['Outbound', 'Delivery'], repeated),
    ...idSection(
      'Deliveries about which a person would have been asked',
      ['State', 'Delivery'],
      asked.map(({ state, delivery }) => [state, delivery]),
    ),
    '<h2>What this does not show</h2>',
    list(limitsOf(proof)),
    `<h2>All of it, as JSON</h2><p>SHA-256 ${hashOf(json, 'hex')}</p><details><summary>Show</summary><pre>${text(json)}</pre></details>`,
    '</main></body></html>',
    '',
  ].join('\n');
}

function faultTable(faults: Proof['faults']): string {
  const rows = faults
    .slice(0, idsShown)
    .map(({ kind, what, input, message, deliveries }) => [kind, what, input ?? '', message ?? '', deliveries.join(' ')]);
  return table(['Fault', 'What', 'Input', 'Message', 'Deliveries'], rows) + more(faults.length);
}

function idSection(title: string, head: readonly string[], rows: readonly (readonly string[])[]): readonly string[] {
  if (rows.length === 0) return [];
  return [`<h2>${text(title)}</h2>`, table(head, rows.slice(0, idsShown)) + more(rows.length)];
}

function more(count: number): string {
  return count > idsShown ? `<p>And ${count - idsShown} more, in the JSON below.</p>` : '';
}

function table(head: readonly string[], rows: readonly (readonly (string | number)[])[]): string {
  const titles = head.map((title) => `<th scope="col">${text(title)}</th>`).join('');
  const body = rows.map((row) => `<tr>${row.map((cell) => `<td>${text(String(cell))}</td>`).join('')}</tr>`).join('\n');
  return `<div class="wide"><table><thead><tr>${titles}</tr></thead><tbody>${body}</tbody></table></div>`;
}

function list(sentences: readonly string[]): string {
  return `<ul>${sentences.map((sentence) => `<li>${text(sentence)}</li>`).join('\n')}</ul>`;
}

const entities: Readonly<Record<string, string>> = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;', "'": '&#39;' };

function text(raw: string): string {
  return raw.replace(/[&<>"']/g, (found) => entities[found] ?? '');
}

function hashOf(content: string, encoding: 'base64' | 'hex' = 'base64'): string {
  return createHash('sha256').update(content).digest(encoding);
}
