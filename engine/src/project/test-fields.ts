// What files in tests/ may say: a test of a flow, of an outbound or of an inbound, or several of them by name.

import { field } from '@mortise/sdk';
import type { Fields } from '@mortise/sdk';
import { isMapping } from './planned.ts';

const body = (doc: string) => field.value({ doc: `${doc}: a value, or { file: … } with a path in the project.`, optional: true });
const headers = (doc: string) => field.record(field.text({ doc: 'The value.' }), { doc, optional: true });

const reply = {
  reply: body('The body that it replies'),
  status: field.integer({ doc: 'The status of the reply.', optional: true, minimum: 100, maximum: 599 }),
};

const answer = {
  ...reply,
  fails: field.choice(['Unavailable', 'Busy', 'Rejected', 'InDoubt'], { doc: 'How it fails.', optional: true }),
  times: field.integer({ doc: 'How often it fails; always where absent.', optional: true, minimum: 1 }),
};

const given = {
  body: body('The body that comes in'),
  headers: headers('The headers that come with it.'),
  type: field.text({ doc: 'Its type.', optional: true }),
  subject: field.text({ doc: 'What it is about.', optional: true }),
  time: field.text({ doc: 'When it happened, RFC 3339.', optional: true }),
};

const givenLater = {
  ...given,
  after: field.duration({ doc: 'How much time passes before it comes; none where absent.', optional: true }),
};

const expected = {
  body: body('What it gets'),
  exact: field.boolean({ doc: 'Whether body and options are all of it, and not a part of it.', default: false }),
  options: field.record(field.value({ doc: 'Its value, with its templates filled in.' }), {
    doc: 'The options that the connector gets, such as method and path.',
    optional: true,
  }),
  headers: headers('The headers of the message.'),
  type: field.text({ doc: 'Its type.', optional: true }),
  subject: field.text({ doc: 'What it is about.', optional: true }),
};

const expectedReply = (doc: string) =>
  field.group(
    { body: body('The body of the reply'), status: field.integer({ doc: 'Its status.', optional: true }) },
    { doc, optional: true },
  );

const flowTest = {
  flow: field.text({ doc: 'The flow that is tested.', example: 'shop-orders' }),
  given: field.oneOf(
    [
      field.group(given, { doc: 'The message that comes in.' }),
      field.list(field.group(givenLater, { doc: 'A message that comes in.' }), { doc: 'Several, one after the other.' }),
    ],
    { doc: 'The message that comes in, or a list of several.' },
  ),
  systems: field.record(field.group(answer, { doc: 'What one outbound does.' }), {
    doc: 'What outbounds do, by system.outbound; those that are not named take everything.',
    default: {},
  }),
  expect: field.list(
    field.group(
      { to: field.text({ doc: 'An outbound as system.outbound, or a channel.', example: 'erp.upsert-order' }), ...expected },
      { doc: 'One message that goes out.' },
    ),
    { doc: 'What goes out, in order; nothing else may.', default: [] },
  ),
  reply: expectedReply('What the requester gets.'),
  outcome: field.choice(['done', 'filtered', 'invalid', 'dead', 'held'], { doc: 'How the message ends.', default: 'done' }),
};

const outboundTest = {
  outbound: field.text({ doc: 'The outbound that is tested, as system.outbound.', example: 'crm.get-customer' }),
  given: field.group(given, { doc: 'The message that a flow sends there.' }),
  systems: field.record(field.group(reply, { doc: 'Its answer.' }), { doc: 'What the outbound answers.', default: {} }),
  expect: field.list(field.group(expected, { doc: 'What the connector gets.' }), {
    doc: 'What the connector gets; nothing is sent.',
    default: [],
  }),
  reply: expectedReply('What a flow gets of the answer in "systems": decoded, and checked against the outbound’s model.'),
  outcome: field.choice(['done', 'invalid', 'dead'], {
    doc: 'Whether it can be sent, and its reply is taken; dead where one of them fails.',
    default: 'done',
  }),
};

const inboundTest = {
  inbound: field.text({ doc: 'The inbound that is tested, as system.inbound.', example: 'shop.order-created' }),
  given: field.group(given, { doc: 'The message that its system sends: decoded, and checked against the inbound’s model.' }),
  expect: field.choice(['accepted', 'refused'], { doc: 'Whether it is taken.', default: 'accepted' }),
};

/** By the word that says what is tested. */
export const testForms = { flow: flowTest, outbound: outboundTest, inbound: inboundTest } as const satisfies Record<
  string,
  Fields
>;

/** Several tests in one file. */
export const testsForm = {
  tests: field.record(field.value({ doc: 'A test of a flow, an outbound or an inbound.' }), {
    doc: 'Several tests in one file, by name.',
  }),
};

export type TestKind = keyof typeof testForms;

/** What a test is of; of a flow where it does not say. */
export function testKind(value: unknown): TestKind {
  const kinds = Object.keys(testForms) as readonly TestKind[];
  return kinds.findLast((kind) => isMapping(value) && Object.hasOwn(value, kind)) ?? 'flow';
}
