// Erasing what is known of one person, by a business key; and what would be erased.

import { Type } from './schema.ts';
import type { Static } from './schema.ts';
import type { ControlHost, ErasureSummary } from './host.ts';
import { keyOf } from './key-text.ts';
import { Key } from './messages.ts';
import { may, wholeEngine } from './objects.ts';
import type { ControlServer } from './server.ts';
import { State } from './views.ts';

const OpenDelivery = Type.Object({ id: Type.String(), state: State, destination: Type.String(), flow: Type.String() });

export const ErasureView = Type.Object({
  preview: Type.Boolean({ description: 'Nothing was done: this is what would be erased.' }),
  journeys: Type.Array(
    Type.Object({
      root: Type.String({ description: 'The message with which the journey began.' }),
      messages: Type.Integer({ description: 'Whose bodies, headers, subjects, keys and variables are erased.' }),
      deliveries: Type.Integer({ description: 'Whose options, lanes, errors, answers and recorded replies are erased.' }),
      keys: Type.Integer({ description: 'Business keys that are forgotten.' }),
      spared: Type.Integer({ description: 'Messages of the journey that are kept: they carry another value of the key.' }),
    }),
    { description: 'Those that are, were or would be erased.' },
  ),
  held: Type.Array(Type.Object({ root: Type.String(), holds: Type.Array(Type.String()) }), {
    description: 'Journeys that are kept, with the holds that keep them.',
  }),
  undelivered: Type.Array(OpenDelivery, { description: 'What may still be delivered: it has to be ended or discarded first.' }),
  copies: Type.Array(Type.String(), {
    description: 'Copies that an upgrade left in the data folder. They are not touched: delete them when nobody goes back.',
  }),
});
export type ErasureView = Static<typeof ErasureView>;

const Ask = Type.Object(
  {
    key: Key,
    undelivered: Type.Enum(['refuse', 'discard'], {
      default: 'refuse',
      description: 'What becomes of deliveries that wait, are held, in doubt or dead: nothing is erased, or they are discarded.',
    }),
    reason: Type.String({ minLength: 1, maxLength: 1000, description: 'Why; it must not name the person, since it is kept.' }),
    preview: Type.Boolean({ default: false, description: 'Lists what would be erased, and does nothing.' }),
  },
  { additionalProperties: false },
);

export function eraseRoutes(server: ControlServer, { erasure }: ControlHost): void {
  server.post(
    '/api/v1/erase',
    {
      config: { ...may('administer', wholeEngine), fourEyes: 'erase' },
      schema: {
        operationId: 'erase',
        tags: ['messages'],
        summary: 'Erases bodies and keys of one person everywhere, except what is under legal hold.',
        body: Ask,
        response: { 200: ErasureView },
      },
    },
    async (request) => {
      const { key, undelivered, reason, preview } = request.body;
      const asked = keyOf(key);
      const view = viewOf(
        preview ? await erasure.preview(asked) : await erasure.erase({ key: asked, undelivered, reason }),
        preview,
      );
      // The value of the key names the person: in what is never erased stand the journeys instead.
      const second = request.told?.after as object | undefined;
      request.told = {
        after: { ...second, preview, key: asked.name, erased: view.journeys.map(({ root }) => root), held: view.held },
      };
      return view;
    },
  );
}

function viewOf({ journeys, copies }: ErasureSummary, preview: boolean): ErasureView {
  const free = journeys.filter(({ holds }) => holds.length === 0);
  return {
    preview,
    journeys: free.map(({ root, messages, deliveries, keys, spared }) => ({
      root,
      messages: messages.length,
      deliveries: deliveries.length,
      keys: keys.length,
      spared,
    })),
    held: journeys.filter(({ holds }) => holds.length > 0).map(({ root, holds }) => ({ root, holds: [...holds] })),
    undelivered: preview ? free.flatMap(({ open }) => open.map((one) => ({ ...one }))) : [],
    copies: [...copies],
  };
}
