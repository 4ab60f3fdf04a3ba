// The journey of one message: the tree of where it went, on a time line, and everything about the chosen hop.

import { Button } from '@mantine/core';
import { useInfiniteQuery } from '@tanstack/react-query';
import { Link, useNavigate, useParams, useSearch } from '@tanstack/react-router';
import { api } from '../api/client.ts';
import type { Journey } from '../api/types.ts';
import { duration, sourceWords } from '../parts/format.ts';
import { failedStates, hopsOf, keysOf, openStates, spanOf } from '../parts/journey-tree.ts';
import type { Hop } from '../parts/journey-tree.ts';
import { CopyButton, Keys, PageHead, Panel, PlaceName, ProblemNotice, StateTag, Tag, Time } from '../parts/parts.tsx';
import { common, journey as texts, states } from '../texts/index.ts';
import { HopDetails } from './hop.tsx';

export function JourneyPage() {
  const { id } = useParams({ from: '/messages/$id' });
  const { delivery: chosenId } = useSearch({ from: '/messages/$id' });
  const found = useInfiniteQuery({
    queryKey: ['journey-pages', id],
    queryFn: ({ pageParam }) => api.journey(id, pageParam),
    initialPageParam: undefined as string | undefined,
    getNextPageParam: ({ next }) => next,
    refetchInterval: ({ state }) =>
      state.data && (state.data.pages.length > 1 || isOver(whole(state.data.pages))) ? false : 1500,
  });
  if (found.error) return <ProblemNotice error={found.error} />;
  if (!found.data) return <p className="dim">{common.loading}</p>;
  const journey = whole(found.data.pages);
  const hops = hopsOf(journey);
  const chosen = hops.find(({ delivery }) => delivery.id === chosenId) ?? hops.find(isTroubled) ?? hops[0];
  return (
    <>
      <Head journey={journey} hops={hops} />
      <div className="journey">
        <Panel title={texts.hops} end={<Span hops={hops} />} bare>
          <Tree hops={hops} chosen={chosen} id={id} />
          {found.hasNextPage && (
            <div className="inside">
              <Button loading={found.isFetchingNextPage} onClick={() => void found.fetchNextPage()}>
                {texts.moreMessages}
              </Button>
            </div>
          )}
        </Panel>
        {chosen && <HopDetails key={chosen.delivery.id} hop={chosen} />}
      </div>
    </>
  );
}

/** A long journey comes in parts; the message that was asked for is on the first, and on its own once more. */
function whole(pages: readonly Journey[]): Journey {
  const messages = new Map(pages.flatMap((page) => page.messages).map((message) => [message.id, message]));
  return { root: pages[0]?.root ?? '', messages: [...messages.values()] };
}

function isTroubled({ delivery }: Hop): boolean {
  return failedStates.has(delivery.state);
}

function isOver({ messages }: Journey): boolean {
  return messages.every(({ deliveries }) => deliveries.every(({ state }) => !openStates.has(state)));
}

function Head({ journey, hops }: { readonly journey: Journey; readonly hops: readonly Hop[] }) {
  const root = journey.messages.find(({ id }) => id === journey.root) ?? journey.messages[0];
  const keys = keysOf(journey.messages);
  if (!root) return null;
  const failed = hops.filter(isTroubled).length;
  const waiting = hops.filter(({ delivery }) => openStates.has(delivery.state)).length;
  const { sentence } = texts;
  return (
    <PageHead
      title={
        <span className="row" style={{ gap: 10 }}>
          {keys['order'] ?? root.subject ?? texts.title}
          {failed > 0 ? (
            <Tag tone="bad">{sentence.failed(failed)}</Tag>
          ) : waiting > 0 ? (
            <Tag tone="busy">{sentence.waiting(waiting)}</Tag>
          ) : (
            <Tag tone="good">{sentence.allDone}</Tag>
          )}
        </span>
      }
      lead={
        <span className="row" style={{ marginTop: 5 }}>
          <Keys keys={keys} />
          <span>
            {root.type} {texts.from} {sourceWords(root.source)}, <Time at={root.acceptedAt} />
          </span>
          {root.replayOf && (
            <Link to="/messages/$id" params={{ id: root.replayOf }}>
              {common.replay.toLowerCase()}
            </Link>
          )}
          <span className="mono dim only-wide">{root.id}</span>
          <CopyButton text={root.id} label={`${common.copy}: ${texts.messageId.toLowerCase()}`} />
        </span>
      }
    />
  );
}

function Span({ hops }: { readonly hops: readonly Hop[] }) {
  if (hops.length === 0) return null;
  const { fromMs, untilMs } = spanOf(hops);
  return <span className="dim num">{duration(untilMs - fromMs)}</span>;
}

function Tree({ hops, chosen, id }: { readonly hops: readonly Hop[]; readonly chosen: Hop | undefined; readonly id: string }) {
  const navigate = useNavigate();
  const span = spanOf(hops);
  return (
    <div>
      {hops.map((hop) => (
        <button
          key={hop.delivery.id}
          type="button"
          className="hop"
          style={{ paddingLeft: 12 + hop.depth * 18 }}
          aria-current={hop.delivery.id === chosen?.delivery.id}
          onClick={() =>
            void navigate({ to: '/messages/$id', params: { id }, search: { delivery: hop.delivery.id }, replace: true })
          }
        >
          <span className="name">
            <PlaceName text={hop.delivery.destination} />
            <StateTag state={hop.delivery.state} />
          </span>
          <Bar hop={hop} span={span} />
        </button>
      ))}
    </div>
  );
}

function Bar({ hop, span }: { readonly hop: Hop; readonly span: ReturnType<typeof spanOf> }) {
  const whole = span.untilMs - span.fromMs;
  const left = ((hop.beganMs - span.fromMs) / whole) * 100;
  const width = Math.max(1.5, ((hop.endedMs - hop.beganMs) / whole) * 100);
  const isRight = left > 55 || (left + width > 60 && left > 25);
  return (
    <span className={`bar tone-${states[hop.delivery.state].tone}`}>
      <i style={{ left: `${Math.min(left, 97)}%`, width: `${Math.min(width, 100 - left)}%` }} />
      <em
        className="num"
        style={
          isRight
            ? { right: `${100 - left + 2}%` }
            : { left: `${Math.min(left + width + 2, 100)}%`, ...(left + width > 60 ? { display: 'none' } : {}) }
        }
      >
        {duration(hop.endedMs - hop.beganMs)}
      </em>
    </span>
  );
}
