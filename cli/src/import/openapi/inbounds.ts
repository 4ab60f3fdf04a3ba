// What the system sends by itself: webhooks, and callbacks of operations, become inbounds.

import type { ApiDocument, Pointer } from './document.ts';
import { contentOf } from './content.ts';
import type { Filter } from './filter.ts';
import type { ModelSet } from './models.ts';
import { operationsIn } from './operations.ts';
import type { Names, Operation } from './operations.ts';
import type { Entry } from './outbounds.ts';
import { inboundTest } from './tests.ts';

const taken = ['GET', 'POST', 'PUT', 'PATCH', 'DELETE'];

/** The inbounds for the webhooks that are wanted, and for the callbacks of the operations that are imported. */
export function inboundsOf(
  document: ApiDocument,
  system: string,
  operations: readonly Operation[],
  filter: Filter,
  names: Names,
  models: ModelSet,
): readonly Entry[] {
  const webhooks = document
    .entries(document.root['webhooks'], ['webhooks'])
    .flatMap(({ name, value, at }) => sent(document, value, at, `/${name}`, filter, names));
  const callbacks = operations.flatMap((operation) => callbacksOf(document, operation, names));
  return [...webhooks, ...callbacks].flatMap((operation) => inboundOf(document, system, operation, models));
}

function sent(
  document: ApiDocument,
  value: unknown,
  at: Pointer,
  path: string,
  filter: Filter,
  names: Names,
): readonly Operation[] {
  const item = document.mapping(value, at);
  return item ? operationsIn(document, item, path, names, filter) : [];
}

const everything = { wants: () => true, check: () => undefined } as unknown as Filter;

/** Named by what stands before the address, which only the running system knows. */
function callbacksOf(document: ApiDocument, { value, at, name: of }: Operation, names: Names): readonly Operation[] {
  return document
    .entries(value['callbacks'], [...at, 'callbacks'])
    .flatMap(({ name, value: callback, at: place }) =>
      document
        .entries(callback, place)
        .flatMap((address) => sent(document, address.value, address.at, `/${of}-${name}`, everything, names)),
    );
}

function inboundOf(
  document: ApiDocument,
  system: string,
  { name, method, path, value, at }: Operation,
  models: ModelSet,
): readonly Entry[] {
  if (!taken.includes(method)) {
    document.warn(at, `Nothing is taken in by ${method}: it is left out.`);
    return [];
  }
  const request = value['requestBody'] === undefined ? undefined : document.mapping(value['requestBody'], [...at, 'requestBody']);
  const content = request && contentOf(document, request, `${name}-message`, models);
  const said = typeof value['summary'] === 'string' ? `: ${value['summary'].split('\n')[0]?.slice(0, 160) ?? ''}` : '';
  const secret = `env:${`${system}-webhook-key`.replaceAll('-', '_').toUpperCase()}`;
  return [
    {
      name,
      at,
      test: inboundTest(content),
      comments: [
        `${method} ${path.slice(1)}${said}`,
        'How the sender proves who it is, no description says: choose among the schemes.',
      ],
      fields: {
        uses: 'webhook',
        ...(method === 'POST' ? {} : { method }),
        path: `/${system}/${name}`,
        verify: { scheme: 'api-key', secret },
        ...(content?.format === undefined ? {} : { format: content.format }),
        ...(content?.model === undefined ? {} : { model: content.model }),
      },
    },
  ];
}
