// What is live: figures as server-sent events.

import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { keyHeader, runHost } from './host.fixture.ts';
import type { RunningHost } from './host.fixture.ts';
import type { Figures } from './stream.ts';

let running: RunningHost;
beforeAll(async () => {
  running = await runHost();
});
afterAll(() => running.close());

async function open(signal: AbortSignal): Promise<Response> {
  return fetch(`http://${running.host.addresses.control}/api/v1/stream`, { signal, headers: keyHeader(running.folder) });
}

/** The events as they come. */
async function* eventsOf({ body }: Response): AsyncGenerator<Figures> {
  let text = '';
  for await (const chunk of body ?? []) {
    text += Buffer.from(chunk as Uint8Array).toString();
    for (let end = text.indexOf('\n\n'); end >= 0; end = text.indexOf('\n\n')) {
      const event = text.slice(0, end);
      text = text.slice(end + 2);
      expect(event).toMatch(/^event: figures\ndata: /);
      yield JSON.parse(event.slice(event.indexOf('{'))) as Figures;
    }
  }
}

describe('the stream', () => {
  it('gives figures at once, and again when they have changed', async () => {
    const controller = new AbortController();
    const response = await open(controller.signal);
    expect(response.headers.get('content-type')).toBe('text/event-stream');
    expect(response.headers.get('cache-control')).toBe('no-store');
    const events = eventsOf(response);
    const { value: first } = (await events.next()) as { value: Figures };
    expect(first).toMatchObject({ state: 'ready', accepted: 0, queuedBytes: expect.any(Number) });
    expect(first.destinations).toContainEqual({ name: 'flow:in', waiting: 0, running: 0 });
    await running.post('/api/v1/send', { target: 'shop.order', value: { id: 'X' } });
    for await (const { accepted } of events) if (accepted === 1) break;
    controller.abort();
  });

  it('gives deliveries as they are made, where that is asked for', async () => {
    const signal = AbortSignal.timeout(20_000);
    const url = `http://${running.host.addresses.control}/api/v1/stream?journal=true`;
    const { body } = await fetch(url, { signal, headers: keyHeader(running.folder) });
    // Its place in the journal is taken before the first figures that follow.
    let text = '';
    let sent = false;
    for await (const chunk of body ?? []) {
      text += Buffer.from(chunk as Uint8Array).toString();
      if (text.includes('"flow":"in"') && text.includes('event: journal')) break;
      if (sent || text.split('event: figures').length < 3) continue;
      sent = true;
      await running.post('/api/v1/send', { target: 'shop.order', value: { id: 'tail' } });
    }
    const events = text.split('\n\n').filter((event) => event.startsWith('event: journal'));
    expect(events.join('\n')).toMatch(/"destination":"flow:in"/);
  });

  it('is refused where a hundred are open, until one is closed', async () => {
    const controllers = Array.from({ length: 100 }, () => new AbortController());
    await Promise.all(controllers.map(({ signal }) => open(signal)));
    const refused = await open(new AbortController().signal);
    expect([refused.status, await refused.json()]).toEqual([503, expect.objectContaining({ code: 'MORTISE_CONTROL_STREAMS' })]);
    for (const controller of controllers) controller.abort();
    const deadline = Date.now() + 10_000;
    for (let status = 503; status !== 200; ) {
      const controller = new AbortController();
      ({ status } = await open(controller.signal));
      controller.abort();
      expect(Date.now()).toBeLessThan(deadline);
    }
  });

  it('does not keep the engine from stopping', async () => {
    const other = await runHost();
    const headers = keyHeader(other.folder);
    const response = await fetch(`http://${other.host.addresses.control}/api/v1/stream`, { headers });
    await other.close();
    await expect(response.text()).rejects.toBeInstanceOf(TypeError);
  });
});
