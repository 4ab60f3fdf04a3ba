// The audit: searched by who, what, when and about what, each entry with before and after; verified, signed and exported.

import { Button, Select, TextInput } from '@mantine/core';
import { useInfiniteQuery, useMutation, useQuery } from '@tanstack/react-query';
import { useNavigate, useSearch } from '@tanstack/react-router';
import { Fragment, useState } from 'react';
import { people } from '../api/people.ts';
import type { AuditEntry } from '../api/people-types.ts';
import { saveFile } from '../parts/export.ts';
import { valueText } from '../parts/format.ts';
import { Icon } from '../parts/icons.tsx';
import { Diff, Json } from '../parts/json.tsx';
import { Empty, Notice, PageHead, Panel, ProblemNotice, Table, Tag, Time } from '../parts/parts.tsx';
import { audit as texts, common } from '../texts/index.ts';

export function Audit() {
  const search = useSearch({ from: '/audit' });
  const { since, until, ...rest } = search;
  const query = {
    ...rest,
    ...(since ? { since: new Date(since).toISOString() } : {}),
    ...(until ? { until: new Date(until).toISOString() } : {}),
  };
  const found = useInfiniteQuery({
    queryKey: ['audit', query],
    queryFn: ({ pageParam, signal }) =>
      people.audit({ ...query, limit: 100, ...(pageParam ? { cursor: pageParam } : {}) }, signal),
    initialPageParam: undefined as string | undefined,
    getNextPageParam: ({ next }) => next,
  });
  const rows = found.data?.pages.flatMap((page) => page.rows) ?? [];
  return (
    <div className="stack">
      <PageHead title={texts.title} lead={texts.lead}>
        <Actions />
      </PageHead>
      <Filters />
      <ProblemNotice error={found.error} />
      <Panel bare>
        {found.data && rows.length === 0 && <Empty title={texts.none} text={texts.noneText} />}
        {rows.length > 0 && <Entries rows={rows} />}
        {found.hasNextPage && (
          <div className="inside">
            <Button loading={found.isFetchingNextPage} onClick={() => void found.fetchNextPage()}>
              {common.more}
            </Button>
          </div>
        )}
      </Panel>
      <Evidence />
    </div>
  );
}

const dayMs = 86_400_000;
const dayOf = (ms: number): string => new Date(ms).toISOString().slice(0, 10);

/** By default the last thirty days, in UTC as the engine counts them. */
function Evidence() {
  const [from, setFrom] = useState(() => dayOf(Date.now() - 30 * dayMs));
  const [to, setTo] = useState(() => dayOf(Date.now()));
  return (
    <Panel title={texts.evidence}>
      <div className="stack">
        <p className="dim">{texts.evidenceText}</p>
        <div className="row" style={{ alignItems: 'flex-end' }}>
          <TextInput type="date" label={texts.firstDay} value={from} onChange={(event) => setFrom(event.target.value)} />
          <TextInput type="date" label={texts.lastDay} value={to} onChange={(event) => setTo(event.target.value)} />
          <Button
            component="a"
            href={`/api/v1/evidence?from=${from}&to=${to}`}
            download={`evidence-${from}-${to}.json`}
            leftSection={<Icon name="download" size={13} />}
          >
            {texts.download}
          </Button>
        </div>
      </div>
    </Panel>
  );
}

function Actions() {
  const verify = useMutation({ mutationFn: people.verifyAudit });
  const checkpoint = useMutation({
    mutationFn: people.makeCheckpoint,
    onSuccess: (signed) =>
      saveFile(`audit-checkpoint-${new Date().toISOString().slice(0, 10)}.json`, 'application/json', JSON.stringify(signed)),
  });
  const { data: state } = verify;
  return (
    <>
      <div className="row">
        <Button loading={verify.isPending} onClick={() => verify.mutate()}>
          {texts.verify}
        </Button>
        <Button loading={checkpoint.isPending} onClick={() => checkpoint.mutate()}>
          {texts.checkpoint}
        </Button>
        <Button
          component="a"
          href="/api/v1/audit/export"
          download="audit.ndjson"
          leftSection={<Icon name="download" size={13} />}
        >
          {texts.export}
        </Button>
      </div>
      <ProblemNotice error={verify.error ?? checkpoint.error} />
      {state && (
        <Notice tone={state.findings.length === 0 ? 'good' : 'bad'}>
          <p>
            <b>{state.findings.length === 0 ? texts.sound(state.entries, state.checkpoint) : texts.broken}</b>
          </p>
          {state.findings.map((finding) => (
            <p key={finding}>{finding}</p>
          ))}
          <p className="dim">{texts.offline}</p>
        </Notice>
      )}
    </>
  );
}

function Filters() {
  const search = useSearch({ from: '/audit' });
  const navigate = useNavigate();
  const operations = useQuery({ queryKey: ['operations'], queryFn: people.operations, staleTime: Infinity });
  const change = (part: Partial<typeof search>): void =>
    void navigate({ to: '/audit', search: (former) => ({ ...former, ...part }), replace: true });
  const field = (name: 'who' | 'text' | 'since' | 'until', type = 'text') => ({
    label: texts[name],
    type,
    defaultValue: search[name] ?? '',
    onChange: (event: React.ChangeEvent<HTMLInputElement>) => change({ [name]: event.target.value || undefined }),
  });
  const actions = [...new Set([...(operations.data ?? []).map(({ id }) => id), 'start', 'stop'])].filter(Boolean).sort();
  return (
    <div className="filters audit">
      <TextInput {...field('who')} />
      <Select
        label={texts.action}
        data={actions}
        value={search.action ?? null}
        placeholder={common.all}
        onChange={(action) => change({ action: action ?? undefined })}
        searchable
        clearable
      />
      <Select
        label={texts.result}
        data={Object.entries(texts.results).map(([value, label]) => ({ value, label }))}
        value={search.result ?? null}
        placeholder={texts.anyResult}
        onChange={(result) => change({ result: result ?? undefined })}
        clearable
      />
      <TextInput {...field('text')} placeholder={texts.textHint} />
      <TextInput {...field('since', 'datetime-local')} />
      <TextInput {...field('until', 'datetime-local')} />
    </div>
  );
}

const tones = { done: 'good', refused: 'warn', failed: 'bad', unknown: 'hold' } as const;

function Entries({ rows }: { readonly rows: readonly AuditEntry[] }) {
  const [open, setOpen] = useState<number | undefined>();
  const operations = useQuery({ queryKey: ['operations'], queryFn: people.operations, staleTime: Infinity });
  const says = new Map(operations.data?.map(({ id, summary }) => [id, summary]));
  const { columns } = texts;
  return (
    <Table heads={[columns.at, columns.who, columns.action, columns.result, columns.about]}>
      {rows.map((entry) => (
        <Fragment key={entry.n}>
          <tr>
            <td className="dim" style={{ whiteSpace: 'nowrap' }}>
              <Time at={entry.at} />
            </td>
            <td>{whoWords(entry.who)}</td>
            <td>
              <button
                type="button"
                className="link-button"
                title={says.get(entry.action)}
                aria-expanded={open === entry.n}
                onClick={() => setOpen(open === entry.n ? undefined : entry.n)}
              >
                {entry.action}
              </button>
            </td>
            <td>
              <Tag tone={tones[entry.result]}>{texts.results[entry.result]}</Tag>
            </td>
            <td className="about">{aboutWords(entry)}</td>
          </tr>
          {open === entry.n && (
            <tr>
              <td colSpan={5}>
                <Details entry={entry} />
              </td>
            </tr>
          )}
        </Fragment>
      ))}
    </Table>
  );
}

function Details({ entry: { n, from, by, code, about, before, after } }: { readonly entry: AuditEntry }) {
  const lines = [
    [texts.details, String(n)],
    [texts.from, from],
    [texts.by, by],
    [texts.code, code],
  ].filter(([, value]) => value !== undefined);
  return (
    <div className="stack" style={{ gap: 8 }}>
      <dl className="facts">
        {lines.map(([name, value]) => (
          <div key={name} style={{ display: 'contents' }}>
            <dt>{name}</dt>
            <dd className="mono">{value}</dd>
          </div>
        ))}
      </dl>
      {about && <Json value={about} label={texts.columns.about} />}
      {before !== undefined && after !== undefined && <Diff before={before} after={after} label={texts.change} />}
      {(before === undefined) !== (after === undefined) && <Json value={before ?? after} label={texts.change} />}
    </div>
  );
}

function whoWords(who: string): string {
  return who === 'engine' ? texts.engine : who === '-' ? texts.stranger : who;
}

function aboutWords({ about = {} }: AuditEntry): string {
  return Object.entries(about)
    .map(([name, value]) => `${name}: ${valueText(value)}`)
    .join(', ');
}
