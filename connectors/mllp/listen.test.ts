// What is particular to the inbound: which acknowledgement is given to what, and what comes twice.

import { Busy } from '@mortise/sdk';
import { openInboundForTest, waitUntil } from '@mortise/sdk/testing';
import type { InboundHarness } from '@mortise/sdk/testing';
import { afterEach, beforeEach, expect, it } from 'vitest';
import connector from './connector.ts';
import { inbounds } from './inbound.ts';
import { TestSender, freePort, messageOf } from './test-system.fixture.ts';

let port = 0;
let inbound: InboundHarness;
let sender: TestSender;

async function listen(options: object = {}, messageBytesMax = 10_000): Promise<void> {
  port = await freePort();
  inbound = await openInboundForTest({ connector, inbounds, name: 'listen', options: { port, ...options }, messageBytesMax });
  sender = new TestSender(port);
}

async function answered(count: number): Promise<readonly string[]> {
  await waitUntil(`${count} answers have come`, () => sender.answers.length >= count);
  return sender.answers;
}

beforeEach(() => listen());
afterEach(async () => {
  sender.close();
  await inbound.close();
});

it('answers each message with its control id, to the sender, in their order', async () => {
  for (const name of ['M1', 'M2', 'M3']) sender.send(messageOf(name));
  const answers = await answered(3);
  expect(answers.map((answer) => answer.split('\r')[1])).toEqual(['MSA|AA|M1', 'MSA|AA|M2', 'MSA|AA|M3']);
  expect(answers[0]).toMatch(/^MSH\|\^~\\&\|LAB\|KIS\|ADT1\|GHH\|\d{14}\+0000\|\|ACK\^A01\|[\w-]{3,20}\|P\|2\.5\r/);
});

it.each([
  ['|||AL|NE', 'MSA|CA|M1'],
  ['|||SU|', 'MSA|CA|M1'],
])('answers in the enhanced mode where MSH ends with %s', async (more, says) => {
  sender.send(messageOf('M1', more));
  expect((await answered(1))[0]).toContain(says);
});

it.each(['|||NE|AL', '|||ER|NE'])('answers nothing where MSH ends with %s', async (more) => {
  sender.send(messageOf('M1', more));
  sender.send(messageOf('M2'));
  expect((await answered(1))[0]).toContain('MSA|AA|M2');
  expect(inbound.accepted.messages).toHaveLength(2);
});

it('gives a message that comes twice the same answer, and hands it over once', async () => {
  sender.send(messageOf('M1'));
  sender.send(messageOf('M1'));
  await answered(2);
  expect(sender.codes('M1')).toEqual(['AA', 'AA']);
  expect(inbound.accepted.messages).toHaveLength(1);
});

it('says so where a control id comes again with something else, and where another sender has it', async () => {
  sender.send(messageOf('M1'));
  sender.send(messageOf('M1').replace('100200', '100201'));
  sender.send(messageOf('M1').replace('ADT1', 'ADT2'));
  const answers = await answered(3);
  expect(sender.codes('M1')).toEqual(['AA', 'AE', 'AA']);
  expect(answers[1]).toContain('MSA|AE|M1|MSH-10 was used before');
  expect(inbound.accepted.messages).toHaveLength(2);
});

it('tells the reason why a message was refused', async () => {
  inbound.accepted.refuseWith(() => ({ code: 'MORTISE_FORMAT_SYNTAX', message: 'There is a | in ü.' }));
  sender.send(messageOf('M1'));
  expect((await answered(1))[0]).toContain('MSA|AE|M1|MORTISE_FORMAT_SYNTAX: There is a \\F\\ in ?.\r');
  sender.send('no HL7 at all');
  expect((await answered(2))[1]).toContain('MSA|AR||MORTISE_FORMAT_SYNTAX');
});

it('passes over what stands between blocks, and refuses what is too long, and goes on', async () => {
  sender.socket.write('hello\r\n');
  sender.send(messageOf('M1', `|${'x'.repeat(20_000)}`));
  sender.socket.write('\u000bMSH|half');
  sender.send(messageOf('M2'));
  const answers = await answered(2);
  expect(answers[0]).toContain('MSA|AR|M1|The message is longer than 10000 bytes.');
  expect(sender.codes('M2')).toEqual(['AA']);
  expect(inbound.log.lines.filter((line) => /passed over|refused/.test(JSON.stringify(line)))).toHaveLength(3);
});

it('cuts a sender off without an answer while nothing can be taken', async () => {
  inbound.accepted.failNext(new Busy('Too much is waiting.', 1000));
  sender.send(messageOf('M1'));
  await waitUntil('the sender is cut off', () => sender.isClosed);
  expect(sender.answers).toEqual([]);
});

it('answers with what the flow replies', async () => {
  inbound.accepted.replyWith(() => ({ body: Buffer.from('MSH|^~\\&|X\rMSA|AA|M1|found\r') }));
  sender.send(messageOf('M1'));
  expect(await answered(1)).toEqual(['MSH|^~\\&|X\rMSA|AA|M1|found\r']);
});

it('acknowledges what it is committing when it is closed', async () => {
  inbound.accepted.hold();
  sender.send(messageOf('M1'));
  await waitUntil('the message waits for its commit', () => inbound.accepted.waiting > 0);
  await inbound.closeInbound();
  await waitUntil('the sender is cut off', () => sender.isClosed);
  expect(sender.codes('M1')).toEqual(['AA']);
});

it('says where an address cannot be listened on', async () => {
  const again = openInboundForTest({ connector, inbounds, name: 'listen', options: { port } });
  await expect(again).rejects.toMatchObject({ code: 'MORTISE_MLLP_LISTEN_FAILED' });
});
