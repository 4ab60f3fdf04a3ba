// Recipient lists and routing slips: names that an expression chooses out of a declared list.

import fc from 'fast-check';
import { afterEach, describe, expect, it } from 'vitest';
import { Mesh } from '../mesh.fixture.ts';

let mesh: Mesh | undefined;
afterEach(async () => {
  await mesh?.close();
  mesh = undefined;
});

const from = { system: 'peer', inbound: 'in' };
const to = (outbound: string) => ({ system: 'peer', outbound });

async function run(steps: readonly unknown[], bodies: readonly unknown[], end?: unknown): Promise<Mesh> {
  mesh = await Mesh.open({ flows: { f: { from, steps, ...(end === undefined ? {} : { to: end }) } } });
  for (const body of bodies) await mesh.accept(body);
  await mesh.settled();
  return mesh;
}

const outbounds = ({ sent }: Mesh) => sent.map(({ outbound }) => outbound).sort();
const lastDelivery = async (running: Mesh) =>
  (await running.journal()).find(({ delivery }) => delivery.destination === 'flow:f')?.delivery;

describe('recipients', () => {
  const recipients = (more: object = {}) => ({
    recipients: { choose: 'who', of: { one: to('a'), two: [to('b')], both: [to('a'), to('b')] }, ...more },
  });

  it('get the message if they are chosen, each once, and it goes on', async () => {
    const running = await run([recipients()], [{ who: ['one', 'two', 'one'] }], to('c'));
    expect(outbounds(running)).toEqual(['a', 'b', 'c']);
  });

  it('may be chosen as one name, and be several targets under one name', async () => {
    expect(outbounds(await run([recipients()], [{ who: 'both' }]))).toEqual(['a', 'b']);
  });

  it('that are not declared are an error with the nearest name, and nobody gets the message', async () => {
    const running = await run([recipients()], [{ who: ['one', 'tow'] }]);
    expect(running.sent).toEqual([]);
    expect(await lastDelivery(running)).toMatchObject({
      state: 'dead',
      error: { code: 'MORTISE_STEP_UNDECLARED', message: '"who" gave the name "tow"; declared are: one, two, both.' },
    });
    expect((await lastDelivery(running))?.error?.remedy).toContain('Did the expression mean "two"?');
  });

  it.each([['constructor'], ['__proto__'], ['toString']])('are own names only, not %s', async (name) => {
    expect((await lastDelivery(await run([recipients()], [{ who: name }])))?.error?.code).toBe('MORTISE_STEP_UNDECLARED');
  });

  it('are named by text', async () => {
    expect((await lastDelivery(await run([recipients()], [{ who: [1] }])))?.error).toMatchObject({
      code: 'MORTISE_STEP_WRONG_TYPE',
      message: '"who" gave 1; expected names, as text.',
    });
  });

  it('that are nobody make the message invalid, unless something else is said', async () => {
    expect(await lastDelivery(await run([recipients()], [{ who: [] }], to('c')))).toMatchObject({
      state: 'invalid',
      error: { code: 'MORTISE_STEP_NO_RECIPIENT' },
    });
    await mesh?.close();
    expect(await (await run([recipients({ onEmpty: 'filter' })], [{}], to('c'))).states()).toEqual(['flow:f filtered']);
    await mesh?.close();
    expect(outbounds(await run([recipients({ onEmpty: 'continue' })], [{}], to('c')))).toEqual(['c']);
  });

  it('have to be declared', async () => {
    await expect(run([{ recipients: { choose: 'who', of: {} } }], [])).rejects.toThrow(
      'No target is declared. Name at least one.',
    );
  });

  it('are, whatever is chosen, exactly those', async () => {
    const running = await run([recipients({ onEmpty: 'filter' })], []);
    await fc.assert(
      fc.asyncProperty(fc.array(fc.constantFrom('one', 'two'), { maxLength: 5 }), async (who) => {
        running.sent.splice(0);
        await running.accept({ who });
        await running.settled();
        expect(outbounds(running)).toEqual([...new Set(who)].map((name) => (name === 'one' ? 'a' : 'b')).sort());
      }),
      { numRuns: 20 },
    );
  });
});

describe('a routing slip', () => {
  const stop = (name: string) => [{ map: `$merge([$, { "was": $append(was, "${name}") }])` }];
  const slip = {
    slip: { choose: 'stops', of: { wash: stop('wash'), dry: [{ delay: '2s' }, ...stop('dry')], fold: stop('fold') } },
  };
  const bodies = ({ sent }: Mesh) => sent.map(({ body }) => String((body as { was: unknown }).was)).sort();

  it('leads each message through its own stops, in its own order', async () => {
    const running = await run([slip], [{ stops: ['fold', 'wash'] }, { stops: 'wash' }, { was: 'nowhere' }], to('a'));
    expect(bodies(running)).toEqual(['fold,wash', 'nowhere', 'wash']);
  });

  it('goes on behind the stop in which the message was held', async () => {
    const running = await run([slip], [{ stops: ['wash', 'dry', 'fold'] }, { stops: ['dry'] }], to('a'));
    await running.until(() => running.sent.length === 2, 'both sent');
    expect(bodies(running)).toEqual(['dry', 'wash,dry,fold']);
  });

  it('with a stop that is not declared is an error before anything is done', async () => {
    const running = await run(
      [{ slip: { choose: 'stops', of: { tell: [{ send: to('b') }] } } }],
      [{ stops: ['tell', 'tel'] }],
      to('a'),
    );
    expect(running.sent).toEqual([]);
    expect((await lastDelivery(running))?.error).toMatchObject({ code: 'MORTISE_STEP_UNDECLARED' });
  });

  it('passes each stop once, and needs one', async () => {
    expect((await lastDelivery(await run([slip], [{ stops: ['wash', 'wash'] }])))?.error).toMatchObject({
      code: 'MORTISE_STEP_WRONG_TYPE',
      message: '"stops" gave "wash" twice; expected each name once.',
    });
    await expect(run([{ slip: { choose: 'stops', of: {} } }], [])).rejects.toThrow('No stop is declared.');
  });
});
