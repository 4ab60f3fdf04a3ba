// What is particular to the outbound: which acknowledgement is whose, and what follows from what it says.

import { openOutboundForTest, waitUntil } from '@mortise/sdk/testing';
import { afterEach, beforeEach, expect, it } from 'vitest';
import connector from './connector.ts';
import { outbounds } from './outbound.ts';
import { acknowledged, messageOf, startReceiver } from './test-system.fixture.ts';
import type { TestReceiver } from './test-system.fixture.ts';

let receiver: TestReceiver;

beforeEach(async () => {
  receiver = await startReceiver();
});
afterEach(() => receiver.close());

const open = (more: object = {}) =>
  openOutboundForTest({
    connector,
    outbounds,
    name: 'send',
    connection: { host: '127.0.0.1', port: receiver.proxy.port, ...more },
  });

async function outcome(body: string, options: object = {}, more: object = {}): Promise<unknown> {
  const outbound = await open(more);
  try {
    return await outbound.send(body, options).catch((error: unknown) => error);
  } finally {
    await outbound.close();
  }
}

it('gives the acknowledgement as the reply', async () => {
  const says = acknowledged(undefined, 'accepted');
  receiver.answer = (header) => ({ says: [acknowledged(header, 'accepted'), says] });
  expect(await outcome(messageOf('M1'))).toMatchObject({ detail: 'AA', reply: { contentType: 'application/hl7-v2' } });
});

it.each([
  ['MSA|AE|M1|No such patient', 'Rejected', /AE, No such patient/],
  ['MSA|AR|M1', 'Rejected', /AR/],
  ['MSA|CE|M1', 'Rejected', /CE/],
  ['MSA|CR|M1', 'Rejected', /CR/],
  ['MSA|XX|M1', 'Rejected', /XX/],
  ['MSA|AE|M1\rERR||PID^1^8|103^Table value not found^HL70357|E|||||', 'Rejected', /AE, 103, Table value not found/],
  ['MSA|AE|M1\rERR|||206^Record locked^HL70357|E', 'Busy', /AE, 206/],
  ['MSA|AR|M1||||207^Internal error^HL70357', 'Busy', /AR, 207/],
])('takes %s for %s', async (says, name, message) => {
  receiver.answer = () => ({ takes: false, says: [`MSH|^~\\&|LAB|KIS|ADT1|GHH|1||ACK|7|P|2.5\r${says}\r`] });
  expect(await outcome(messageOf('M1'))).toMatchObject({ name, message: expect.stringMatching(message) });
});

it('sends again later what the option says', async () => {
  receiver.answer = (header) => ({ takes: false, says: [acknowledged(header, 'rejected')] });
  expect(await outcome(messageOf('M1'), { retryCodes: ['AR'], retryAfter: '7s' })).toMatchObject({
    name: 'Busy',
    retryAfterMs: 7000,
  });
});

it('passes over acknowledgements of other messages', async () => {
  receiver.answer = (header) => ({
    says: [messageOf('M1'), 'MSH|^~\\&|X\rMSA|AE|M0\r', 'MSH|^~\\&|X\rMSA|AE|\r', acknowledged(header, 'accepted')],
  });
  expect(await outcome(messageOf('M1'))).toMatchObject({ detail: 'AA' });
});

it('closes the connection when no acknowledgement comes in time, and is in doubt', async () => {
  receiver.answer = () => ({ says: ['MSH|^~\\&|X\rMSA|AA|M0\r'] });
  const outbound = await open({ answerTimeout: '100ms' });
  const failure = await outbound.send(messageOf('M1')).catch((error: unknown) => error);
  expect(failure).toMatchObject({ name: 'InDoubt', message: expect.stringContaining('within 100 ms') });
  await waitUntil('the connection is closed', () => receiver.proxy.connections === 0);
  await outbound.close();
});

it('uses one connection for all messages, one after the other', async () => {
  const outbound = await open();
  await Promise.all(Array.from({ length: 10 }, async (_, at) => outbound.send(messageOf(`M${at}`))));
  expect(receiver.proxy.accepted).toBe(1);
  expect(receiver.taken).toEqual(Array.from({ length: 10 }, (_, at) => messageOf(`M${at}`)));
  await outbound.close();
});

it('closes a connection on which nothing is sent', async () => {
  const outbound = await open({ idleTimeout: '50ms' });
  await outbound.send(messageOf('M1'));
  await waitUntil('the connection is closed', () => receiver.proxy.connections === 0);
  expect(await outbound.send(messageOf('M2'))).toMatchObject({ detail: 'AA' });
  await outbound.close();
});

it.each([
  ['MSH|^~\\&|A\rPID|1\r', /no MSH-10/],
  ['hello', /no MSH-10/],
  [`${messageOf('M1')}\u001c`, /0x0B or 0x1C/],
])('does not send what could not be acknowledged or framed', async (body, says) => {
  expect(await outcome(body)).toMatchObject({ name: 'Rejected', message: expect.stringMatching(says) });
  expect(receiver.taken).toEqual([]);
});

it.each([
  [{ host: undefined, port: undefined }, 'MORTISE_MLLP_ADDRESS_MISSING'],
  [{ host: '169.254.169.254' }, 'MORTISE_MLLP_ADDRESS_REFUSED'],
  [{ tls: { certificateFile: 'nowhere.pem' } }, 'MORTISE_MLLP_TLS_UNUSABLE'],
])('says what is wrong with a connection such as %j', async (more, code) => {
  await expect(open(more)).rejects.toMatchObject({ code });
});
