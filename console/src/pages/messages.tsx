// The list of messages: filters in the address, rows loaded as one scrolls, only those drawn that are seen.

import { Button, Checkbox, Menu, MultiSelect, Select, TextInput } from '@mantine/core';
import { useLocalStorage } from '@mantine/hooks';
import { useInfiniteQuery, useQuery } from '@tanstack/react-query';
import { Link, useNavigate, useSearch } from '@tanstack/react-router';
import { useVirtualizer } from '@tanstack/react-virtual';
import { useEffect, useMemo, useRef, useState } from 'react';
import { api } from '../api/client.ts';
import type { MessageFilter } from '../api/client.ts';
import type { MessageRow, MessageRows, State } from '../api/types.ts';
import { duration } from '../parts/format.ts';
import { Icon } from '../parts/icons.tsx';
import { SavedSearches } from './saved-searches.tsx';
import { SendButton } from './send-message.tsx';
import { useMay } from '../parts/rights.ts';
import { Empty, Keys, PageHead, PlaceName, ProblemNotice, StateTag, Time } from '../parts/parts.tsx';
import { exportRows } from '../parts/export.ts';
import { ranges } from '../parts/message-search.ts';
import type { MessageSearch, Range } from '../parts/message-search.ts';
import { messages as texts, states } from '../texts/index.ts';

const rangeMs: Readonly<Record<Range, number>> = {
  '15m': 900_000,
  '1h': 3_600_000,
  '24h': 86_400_000,
  '7d': 604_800_000,
  all: 0,
};
const firstRows = 200;
/** Whoever scrolls on wants many. */
const moreRows = 1000;

export function Messages() {
  const search = useSearch({ from: '/messages' });
  const [isLive, setLive] = useState(true);
  const [hidden, setHidden] = useLocalStorage<readonly Column[]>({ key: 'mortise.hidden-columns', defaultValue: [] });
  const found = useRows(search, isLive);
  const rows = useMemo(() => found.data?.pages.flatMap((page) => page.rows) ?? [], [found.data]);
  const looked = found.data?.pages[0]?.looked;
  return (
    <>
      <PageHead title={texts.title} lead={texts.lead}>
        <ColumnsMenu hidden={hidden} setHidden={setHidden} />
        <SavedSearches search={search} />
        <ExportMenu rows={rows} />
        <SendButton />
      </PageHead>
      <Filters search={search} isLive={isLive} setLive={setLive} />
      <ProblemNotice error={found.error} />
      <section className={`panel ${hidden.map((name) => `without-${name}`).join(' ')}`} aria-label={texts.title}>
        <Rows
          rows={rows}
          isKnown={found.data !== undefined}
          hasMore={found.hasNextPage}
          more={() => void found.fetchNextPage()}
          search={search}
        />
      </section>
      <p className="dim num" style={{ padding: '8px 2px' }}>
        {texts.count(rows.length, found.hasNextPage)} {looked !== undefined && texts.bodyLooked(looked)}
      </p>
    </>
  );
}

type Page = MessageRows & { readonly looked?: number };

function useRows(search: MessageSearch, isLive: boolean) {
  return useInfiniteQuery({
    queryKey: ['messages', search],
    queryFn: ({ pageParam, signal }): Promise<Page> => load(search, pageParam, signal),
    initialPageParam: undefined as string | undefined,
    getNextPageParam: ({ next }) => next,
    refetchInterval: ({ state }) => (isLive && (state.data?.pages.length ?? 0) <= 1 && !search.bodies ? 2000 : false),
    placeholderData: (former) => former,
  });
}

function load(search: MessageSearch, cursor: string | undefined, signal: AbortSignal): Promise<Page> {
  const { text, bodies, where, state, range = '24h' } = search;
  const filter: MessageFilter = {
    ...placeFilter(where),
    ...(state ? { state } : {}),
    ...(range === 'all' ? {} : { since: new Date(Date.now() - rangeMs[range]).toISOString() }),
  };
  if (text && bodies) return api.findInBodies(text, filter, signal);
  if (text) return api.find(text, signal).then((found) => narrowed(found, filter));
  return api.messages(
    { ...filter, limit: cursor === undefined ? firstRows : moreRows, ...(cursor === undefined ? {} : { cursor }) },
    signal,
  );
}

const wholeSystem = 'system:';

/** A place is a destination, or a whole system: what goes to it, and what comes from it. */
function placeFilter(where: string | undefined): Pick<MessageFilter, 'destination' | 'system'> {
  if (!where) return {};
  return where.startsWith(wholeSystem) ? { system: where.slice(wholeSystem.length) } : { destination: where };
}

/** What is found by its key is few: the other filters are applied here. */
function narrowed({ rows }: MessageRows, { destination, system, state, since }: MessageFilter): MessageRows {
  return {
    rows: rows.filter(
      ({ delivery, message }) =>
        (!destination || delivery.destination === destination) &&
        (!system ||
          delivery.destination.startsWith(`outbound:${system}.`) ||
          (message.source.startsWith(`/systems/${system}/`) && delivery.destination.startsWith('flow:'))) &&
        (!state || state.includes(delivery.state)) &&
        (!since || delivery.createdAt >= since),
    ),
  };
}

function Filters({
  search,
  isLive,
  setLive,
}: {
  readonly search: MessageSearch;
  readonly isLive: boolean;
  readonly setLive: (live: boolean) => void;
}) {
  const seesBodies = useMay()('see-bodies');
  const navigate = useNavigate({ from: '/messages' });
  const [text, setText] = useState(search.text ?? '');
  useEffect(() => setText(search.text ?? ''), [search.text]);
  const change = (next: Partial<Record<keyof MessageSearch, unknown>>): void =>
    void navigate({ search: (former) => ({ ...former, ...next }) as MessageSearch, replace: true });
  return (
    <form
      className="row filters"
      style={{ marginBottom: 10, alignItems: 'flex-end' }}
      onSubmit={(event) => {
        event.preventDefault();
        change({ text: text.trim() || undefined });
      }}
    >
      <TextInput
        label={texts.search}
        placeholder={texts.searchHint}
        value={text}
        onChange={(event) => setText(event.target.value)}
        onBlur={() => change({ text: text.trim() || undefined })}
        style={{ flex: '1 1 220px', maxWidth: 340 }}
        rightSection={
          text === '' ? null : (
            <button type="button" className="link-button" aria-label={texts.clear} onClick={() => change({ text: undefined })}>
              <Icon name="close" size={13} />
            </button>
          )
        }
      />
      <WhereSelect value={search.where} onChange={(where) => change({ where })} />
      <MultiSelect
        size="xs"
        label={texts.state}
        placeholder={search.state?.length ? '' : texts.anyState}
        data={Object.entries(states).map(([value, { word }]) => ({ value, label: word }))}
        value={[...(search.state ?? [])]}
        onChange={(chosen) => change({ state: chosen.length > 0 ? (chosen as State[]) : undefined })}
        style={{ flex: '0 1 210px' }}
        clearable
      />
      <Select
        label={texts.range}
        data={ranges.map((value) => ({ value, label: texts.ranges[value] }))}
        value={search.range ?? '24h'}
        onChange={(range) => change({ range: range ?? undefined })}
        style={{ width: 150 }}
      />
      <div className="row" style={{ height: 30, gap: 14 }}>
        {seesBodies && (
          <Checkbox
            label={texts.inBodies}
            checked={search.bodies ?? false}
            onChange={(event) => change({ bodies: event.target.checked || undefined })}
          />
        )}
        <Checkbox label={texts.live} checked={isLive} onChange={(event) => setLive(event.target.checked)} />
      </div>
    </form>
  );
}

function WhereSelect({
  value,
  onChange,
}: {
  readonly value: string | undefined;
  readonly onChange: (where: string | undefined) => void;
}) {
  const { data: flows = [] } = useQuery({ queryKey: ['flows'], queryFn: api.flows });
  const { data: systems = [] } = useQuery({ queryKey: ['systems'], queryFn: api.systems });
  const data = [
    { group: texts.flow, items: flows.map(({ name }) => ({ value: `flow:${name}`, label: name })) },
    {
      group: texts.wholeSystem,
      items: systems.map(({ name }) => ({ value: `${wholeSystem}${name}`, label: texts.allOf(name) })),
    },
    {
      group: texts.outbound,
      items: systems.flatMap(({ name, outbounds }) =>
        outbounds.map((one) => ({ value: one.destination, label: `${name}.${one.name}` })),
      ),
    },
  ];
  return (
    <Select
      label={texts.columns.where}
      placeholder={`${texts.anyFlow}, ${texts.anySystem.toLowerCase()}`}
      data={data}
      value={value ?? null}
      onChange={(where) => onChange(where ?? undefined)}
      searchable
      clearable
      style={{ flex: '0 1 220px' }}
    />
  );
}

interface RowsProps {
  readonly rows: readonly MessageRow[];
  readonly isKnown: boolean;
  readonly hasMore: boolean;
  readonly more: () => void;
  readonly search: MessageSearch;
}

function Rows({ rows, isKnown, hasMore, more, search }: RowsProps) {
  const box = useRef<HTMLDivElement>(null);
  const isNarrow = window.innerWidth <= 860;
  const virtual = useVirtualizer({
    count: rows.length,
    getScrollElement: () => box.current,
    estimateSize: () => (isNarrow ? 62 : 36),
    overscan: 12,
  });
  const items = virtual.getVirtualItems();
  const last = items.at(-1)?.index ?? 0;
  useEffect(() => {
    if (hasMore && last >= rows.length - 120) more();
  }, [hasMore, last, rows.length, more]);
  const isFiltered = Object.keys(search).length > 0;
  return (
    <div className="rows" ref={box} tabIndex={0} role="region" aria-label={texts.title} onKeyDown={goByArrows}>
      <div className="rows-head" aria-hidden="true">
        {Object.entries(texts.columns).map(([name, title]) => (
          <span key={name} className={`c-${name}`}>
            {title}
          </span>
        ))}
      </div>
      {isKnown && rows.length === 0 && (
        <Empty title={isFiltered ? texts.none : texts.noneYet} text={isFiltered ? texts.noneText : texts.noneYetText}>
          {isFiltered && (
            <Link to="/messages" search={{ range: 'all' }}>
              {texts.clear}
            </Link>
          )}
        </Empty>
      )}
      <div style={{ height: virtual.getTotalSize(), position: 'relative' }}>
        {items.map(({ index, start }) => {
          const row = rows[index];
          return row && <Row key={row.delivery.id} row={row} top={start} />;
        })}
      </div>
    </div>
  );
}

/** The arrows go from row to row, as in a table. */
function goByArrows(event: React.KeyboardEvent<HTMLDivElement>): void {
  const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
  if (step === undefined) return;
  const rows = [...event.currentTarget.querySelectorAll<HTMLElement>('.message-row')];
  const at = rows.findIndex((row) => row === document.activeElement);
  const next = at < 0 ? rows[0] : rows[at + step];
  if (!next) return;
  event.preventDefault();
  next.focus();
}

function Row({ row: { message, delivery }, top }: { readonly row: MessageRow; readonly top: number }) {
  const took = delivery.endedAt ? Date.parse(delivery.endedAt) - Date.parse(delivery.createdAt) : undefined;
  return (
    <Link
      className="message-row"
      style={{ transform: `translateY(${top}px)` }}
      to="/messages/$id"
      params={{ id: message.id }}
      search={{ delivery: delivery.id }}
    >
      <span className="c-time dim">
        <Time at={delivery.createdAt} />
      </span>
      <span className="c-keys keys">
        {Object.keys(message.keys).length > 0 ? (
          <Keys keys={message.keys} />
        ) : (
          <span className="dim mono">{message.id.slice(0, 13)}…</span>
        )}
      </span>
      <span className="c-where">
        <PlaceName text={delivery.destination} />
      </span>
      <span className="c-state">
        <StateTag state={delivery.state} />
      </span>
      <span className="c-type dim">{message.type}</span>
      <span className="c-took dim num">{took === undefined ? '' : duration(took)}</span>
    </Link>
  );
}

type Column = keyof typeof texts.columns;

function ColumnsMenu({
  hidden,
  setHidden,
}: {
  readonly hidden: readonly Column[];
  readonly setHidden: (hidden: readonly Column[]) => void;
}) {
  const toggle = (name: Column): void =>
    setHidden(hidden.includes(name) ? hidden.filter((one) => one !== name) : [...hidden, name]);
  return (
    <Menu position="bottom-end" closeOnItemClick={false}>
      <Menu.Target>
        <Button className="only-wide" rightSection={<Icon name="down" size={13} />}>
          {texts.columnsMenu}
        </Button>
      </Menu.Target>
      <Menu.Dropdown>
        {(Object.keys(texts.columns) as Column[]).map((name) => (
          <Menu.Item
            key={name}
            role="menuitemcheckbox"
            aria-checked={!hidden.includes(name)}
            leftSection={hidden.includes(name) ? <span style={{ width: 14 }} /> : <Icon name="check" size={14} />}
            onClick={() => toggle(name)}
          >
            {texts.columns[name]}
          </Menu.Item>
        ))}
      </Menu.Dropdown>
    </Menu>
  );
}

function ExportMenu({ rows }: { readonly rows: readonly MessageRow[] }) {
  return (
    <Menu position="bottom-end">
      <Menu.Target>
        <Button leftSection={<Icon name="download" size={14} />}>{texts.export}</Button>
      </Menu.Target>
      <Menu.Dropdown>
        <Menu.Item onClick={() => exportRows(rows, 'csv')}>{texts.exportCsv}</Menu.Item>
        <Menu.Item onClick={() => exportRows(rows, 'jsonl')}>{texts.exportJson}</Menu.Item>
      </Menu.Dropdown>
    </Menu>
  );
}
