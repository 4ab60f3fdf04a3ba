// Plays the supplier of the demo, `node supplier.ts FOLDER`: takes purchase orders as X12, and answers each with a 997 and an 855.

import { Objection, play } from './played-system.ts';
import type { Answer, Memory } from './played-system.ts';
import { readInterchange, writeInterchange } from './played-x12.ts';
import type { Group, Interchange, Segment, TransactionSet } from './played-x12.ts';

const [us, them] = ['ROESTEREI', 'LICHTUNG'];
/** What it sells at most at a time. */
const mostOf: Readonly<Record<string, number>> = { 'TASSE-BLAU': 2 };

play({ folder: process.argv[2] ?? '.', takes: /^(850|997)-\d+\.edi$/, answer });

function answer(bytes: Uint8Array, memory: Memory): readonly Answer[] {
  const interchange = readInterchange(Buffer.from(bytes).toString('latin1'));
  if (interchange.sender !== them || interchange.receiver !== us)
    throw new Objection(`It is from ${interchange.sender} for ${interchange.receiver}.`);
  memory.see('interchange', interchange.number, interchange.groups.map(({ code }) => code).join());
  return interchange.groups.flatMap((group) => answerGroup(group, interchange, memory));
}

function answerGroup(group: Group, { number }: Interchange, memory: Memory): readonly Answer[] {
  memory.see('group', group.number, `interchange ${number}`);
  if (group.code === 'FA') {
    for (const { segments } of group.sets) noteAcknowledgment(segments, memory);
    return [];
  }
  if (group.code !== 'PO')
    throw new Objection(`It has a group of ${group.code}; purchase orders and acknowledgments were agreed.`);
  const faults = group.sets.map(faultOf);
  const accepted = group.sets.filter((_, index) => faults[index] === undefined);
  for (const set of accepted) memory.see(`order ${orderOf(set)}`, 1, `interchange ${number}`);
  const status = accepted.length === group.sets.length ? 'A' : accepted.length > 0 ? 'P' : 'R';
  const counts = [group.sets.length, group.sets.length, accepted.length].map(String);
  const sets = group.sets.flatMap((set, index): Segment[] => [
    ['AK2', set.id, set.number],
    ['AK5', faults[index] ? 'R' : 'A', ...(faults[index] ? ['5'] : [])],
  ]);
  return [
    written('997', 'FA', [['AK1', 'PO', String(group.number)], ...sets, ['AK9', status, ...counts]], memory),
    ...accepted.map((set) => written('855', 'PR', acknowledgementOf(set), memory)),
  ];
}

/** An acknowledgment is about one of our 855, each of which has one; nobody acknowledges acknowledgments. */
function noteAcknowledgment([first]: readonly Segment[], memory: Memory): void {
  const [name, code, number] = first ?? [];
  if (name !== 'AK1' || code !== 'PR') throw new Objection(`It acknowledges ${code ?? 'nothing'}; we sent groups of PR.`);
  memory.see('acknowledged group', Number(number), '855');
}

function faultOf({ id, segments }: TransactionSet): string | undefined {
  const items = segments.filter(([name]) => name === 'PO1');
  const total = segments.find(([name]) => name === 'CTT')?.[1];
  if (id !== '850' || segments[0]?.[0] !== 'BEG') return 'It is no purchase order.';
  if (items.length === 0 || Number(total) !== items.length) return `CTT says ${total} items; there are ${items.length}.`;
  return items.every(([, , quantity]) => Number(quantity) > 0) ? undefined : 'A quantity is no number above 0.';
}

function orderOf({ segments }: TransactionSet): string {
  return segments[0]?.[3] ?? '';
}

/** Item by item; an order of which nothing can be had is refused as a whole. */
function acknowledgementOf(set: TransactionSet): readonly Segment[] {
  const items = set.segments.filter(([name]) => name === 'PO1');
  const refused = items.map(([, , quantity, , , , , sku]) => Number(quantity) > (mostOf[sku ?? ''] ?? Infinity));
  const lines = items.flatMap((item, index): Segment[] => [
    item,
    ['ACK', refused[index] ? 'IR' : 'IA', item[2] ?? '', item[3] ?? ''],
  ]);
  const status = refused.every(Boolean) ? 'RD' : refused.some(Boolean) ? 'AC' : 'AD';
  return [['BAK', '00', status, orderOf(set), set.segments[0]?.[5] ?? ''], ...lines, ['CTT', String(items.length)]];
}

function written(set: string, code: string, body: readonly Segment[], memory: Memory): Answer {
  const number = memory.draw('interchange');
  const text = writeInterchange({ sender: us, receiver: them, number }, code, set, body);
  return { name: `${set}-${number}.edi`, bytes: Buffer.from(text, 'latin1') };
}
