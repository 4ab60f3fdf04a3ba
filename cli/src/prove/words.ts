// What a proof says in sentences: the same in a terminal and on a page.

import type { Proof } from '@mortise/engine';

/** The one sentence. */
export function verdictOf({ proven, kills, messages, faults }: Proof): string {
  const facts = `${messages.acknowledged} messages acknowledged, ${kills.total} kills`;
  return proven
    ? `PROVEN: ${facts}, nothing lost, nothing done twice, nothing changed, nothing reordered.`
    : `NOT PROVEN: ${facts}, ${faults.length} ${faults.length === 1 ? 'fault' : 'faults'}.`;
}

/** What was done, and what was seen. */
export function stepsOf({
  project,
  seed,
  kills,
  messages,
  deliveries,
  outbounds,
  asked,
  abandoned,
  ...proof
}: Proof): readonly string[] {
  const repeated = outbounds.reduce((sum, outbound) => sum + outbound.repeated.length, 0);
  const refused = messages.refused.map(
    ({ case: name, why, times }) => `Not accepted, as its sender was told: ${name}, ${times} times: ${why}`,
  );
  return [
    `Project ${project}, revision ${proof.revision.slice(0, 12)}, Mortise ${proof.version}, seed ${seed}, ${Math.round(proof.tookMs / 1000)} s from ${proof.began}.`,
    `Killed ${kills.total} times: ${kills['any-moment']} at any moment, ${kills['before-arrival']} as something was being sent, ${kills['before-receipt']} when it had arrived and no receipt was given.`,
    `${messages.given} messages were given, made of ${messages.cases} different ones; ${messages.acknowledged} were acknowledged.`,
    ...refused,
    `${Object.values(deliveries).reduce((sum, count) => sum + count, 0)} deliveries ended: ${Object.entries(deliveries)
      .map(([state, count]) => `${count} ${state}`)
      .join(', ')}.`,
    `${repeated} deliveries arrived more than once, each under its own unchanged id, by which a receiver makes it once.`,
    ...(asked.length > 0
      ? [
          `${asked.length} deliveries a person would have been asked about (in doubt, or set aside after three kills); "again" was said.`,
        ]
      : []),
    ...(abandoned.length > 0
      ? [`${abandoned.length} requests were abandoned: who waited for the reply was gone when the process died.`]
      : []),
  ];
}

/** What the proof does not show. */
export function limitsOf({ flows, answered, sendsFailed }: Proof): readonly string[] {
  const idle = flows.filter(({ deliveries }) => deliveries === 0).map(({ flow }) => flow);
  const apart = flows
    .filter(({ compared }) => compared !== 'each')
    .map(({ flow, compared, because }) => `${flow} (${compared}: ${because})`);
  return [
    ...(idle.length > 0
      ? [`No message reached these flows, so nothing is shown of them: ${idle.join(', ')}. Give one in a test.`]
      : []),
    'No connector was opened and nothing left the process: outbounds were replaced by recorders, inbounds by the messages given. Scripts of the project itself ran.',
    'A kill ends the process (SIGKILL), not the machine: what the operating system had taken was kept. Power cuts are not shown.',
    answered.length > 0
      ? `Replies were those of the project's tests: ${answered.join(', ')}. Everything else succeeded.`
      : 'Outbounds replied nothing but success.',
    sendsFailed
      ? 'Now and then a send failed before it arrived, or after, as the seed says; time in which nothing happens was skipped.'
      : 'Sends did not fail, because a flow gives up within a minute; time in which nothing happens was skipped.',
    ...(apart.length > 0
      ? [
          `Not compared message by message with a run without kills: ${apart.join('; ')}. "sums" compares all messages together, "alone" only what the journal says with what arrived.`,
        ]
      : []),
  ];
}
