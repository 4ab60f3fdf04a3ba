// Tests an inbound by itself: whether what its system sends is taken, decoded by its format and checked against its model.

import type { Project } from '../project/load.ts';
import { decodeIncoming } from '../flow/decode-incoming.ts';
import { endOf } from './ends.ts';
import { incomingOf } from './given.ts';
import type { Fault } from './judge.ts';
import { readBody } from './test-file.ts';
import type { InboundTest } from './test-file.ts';

export async function runInbound(project: Project, test: InboundTest): Promise<readonly Fault[]> {
  const inbound = endOf(project, 'inbounds', test.inbound);
  const incoming = incomingOf(inbound, test.given, readBody(test.given.body, project.definitions.folder));
  const reasons: string[] = [];
  for await (const parts of decodeIncoming(inbound, [incoming], project.settings.limits.messageBytes)) {
    for (const { problem } of parts) if (problem) reasons.push(`${problem.code}: ${problem.message}`);
  }
  const found = reasons.length === 0 ? 'accepted' : 'refused';
  if (found === test.expect) return [];
  return [{ what: `${test.inbound} ${found} the message; expected that it is ${test.expect}`, path: ['expect'], lines: reasons }];
}
