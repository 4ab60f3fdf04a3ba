// Of one journey: which messages of others became a part of its own, and of which others its own became a part.

import { joinedMax } from '../store.ts';
import type { Joined, StoredDelivery, StoredMessage } from '../store.ts';
import type { Statements } from './statements.ts';
import { bytesToUuid, uuidToBytes } from './uuid.ts';
import type { Row } from './values.ts';
import { asBytes } from './values.ts';

const pair = `SELECT m.id, ifnull(m.root, m.id), i.id, ifnull(i.root, i.id) FROM joined j CROSS JOIN deliveries d ON d.seq = j.seq
  CROSS JOIN messages m ON m.seq = ifnull(d.message, d.seq) CROSS JOIN links l ON l.message = j.message AND l.other = 0
  CROSS JOIN messages i ON i.seq = l.seq`;
const membersOf = `${pair} WHERE j.message = ? AND in_time() ORDER BY j.place LIMIT ${joinedMax}`;
const madeOf = `${pair} WHERE j.seq = ? AND in_time()`;

export function readJoined(
  statements: Statements,
  messages: readonly StoredMessage[],
  deliveries: readonly StoredDelivery[],
): readonly Joined[] {
  const members = messages.flatMap(({ id }) => statements.rows(membersOf, uuidToBytes(id)).map(joinedOf));
  const others = deliveries.flatMap(({ seq }) => statements.rows(madeOf, seq).map(joinedOf));
  const told = new Set(members.map(({ member, into }) => member + into));
  return [...members, ...others.filter(({ member, into }) => !told.has(member + into))];
}

function joinedOf(row: Row): Joined {
  const [member, memberRoot, into, intoRoot] = [row[0], row[1], row[2], row[3]].map((id) => bytesToUuid(asBytes(id)));
  return { member: member as string, memberRoot: memberRoot as string, into: into as string, intoRoot: intoRoot as string };
}
