// The balance of one day: what was made, what became of it, and each thing that did not come out.

import { TextInput } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import { useState } from 'react';
import { api } from '../api/client.ts';
import type { BalanceRow, DayBalance } from '../api/types.ts';
import { Empty, Notice, PageHead, Panel, PlaceName, ProblemNotice, ScrollX, StateTag, Time } from '../parts/parts.tsx';
import { balance as texts } from '../texts/index.ts';

const zone = Intl.DateTimeFormat().resolvedOptions().timeZone;

export function BalancePage() {
  const [day, setDay] = useState(() => new Intl.DateTimeFormat('en-CA').format(new Date()));
  const found = useQuery({
    queryKey: ['balance', day, zone],
    queryFn: () => api.balanceOfDay(day, zone),
    refetchInterval: 5000,
    placeholderData: (former) => former,
  });
  return (
    <>
      <PageHead title={texts.title} lead={texts.lead}>
        <TextInput
          type="date"
          aria-label={texts.day}
          value={day}
          onChange={(event) => event.target.value && setDay(event.target.value)}
        />
      </PageHead>
      <ProblemNotice error={found.error} />
      {found.data && <Day day={found.data} />}
    </>
  );
}

function Day({ day }: { readonly day: DayBalance }) {
  if (day.rows.length === 0) return <Empty title={texts.nothing} text={texts.nothingText} />;
  return (
    <div className="stack">
      <Notice tone={day.even ? 'good' : 'bad'}>
        <p>
          <b>{day.even ? texts.even : texts.uneven}</b> <span className="dim">{texts.zone(day.zone)}</span>
        </p>
        {day.reasons.map((reason) => (
          <p key={reason}>{reason}</p>
        ))}
      </Notice>
      <Rows rows={day.rows} />
      <Unfinished day={day} />
      {day.files.length > 0 && <Files files={day.files} />}
    </div>
  );
}

const groups = {
  ended: ['done', 'filtered'],
  open: ['waiting', 'running', 'held'],
  failed: ['dead', 'in-doubt', 'invalid', 'unclaimed', 'discarded', 'abandoned'],
} as const;

function Rows({ rows }: { readonly rows: readonly BalanceRow[] }) {
  const { columns } = texts;
  const sum = ({ states }: BalanceRow, names: readonly string[]): number =>
    names.reduce((total, name) => total + (states[name] ?? 0), 0);
  return (
    <section className="panel scroll-x">
      <table className="table tight">
        <thead>
          <tr>
            <th>{columns.destination}</th>
            <th className="right">{columns.created}</th>
            <th className="right">{columns.ended}</th>
            <th className="right">{columns.open}</th>
            <th className="right">{columns.failed}</th>
          </tr>
        </thead>
        <tbody className="num">
          {rows.map((row) => (
            <tr key={row.destination}>
              <td>
                <Link to="/messages" search={{ where: row.destination }}>
                  <PlaceName text={row.destination} />
                </Link>
              </td>
              <td className="right">{row.created.toLocaleString()}</td>
              <td className="right">{sum(row, groups.ended).toLocaleString()}</td>
              <td className="right">{sum(row, groups.open).toLocaleString()}</td>
              <td className="right" style={sum(row, groups.failed) > 0 ? { color: 'var(--bad)', fontWeight: 600 } : {}}>
                {sum(row, groups.failed).toLocaleString()}
              </td>
            </tr>
          ))}
        </tbody>
      </table>
    </section>
  );
}

function Unfinished({ day }: { readonly day: DayBalance }) {
  return (
    <Panel title={texts.unfinished} bare>
      {day.unfinished.length === 0 && <p className="inside dim">{texts.allOut}</p>}
      <ScrollX>
        <table className="table">
          <tbody>
            {day.unfinished.map(({ delivery, message, destination, state, at, reason }) => (
              <tr key={delivery}>
                <td className="dim">
                  <Time at={at} />
                </td>
                <td>
                  <StateTag state={state} />
                </td>
                <td>
                  <PlaceName text={destination} />
                </td>
                <td className="wrap">
                  <Link to="/messages/$id" params={{ id: message }} search={{ delivery }}>
                    {reason}
                  </Link>
                </td>
              </tr>
            ))}
          </tbody>
        </table>
      </ScrollX>
      {day.more && <p className="inside dim">{texts.more}</p>}
    </Panel>
  );
}

function Files({ files }: { readonly files: DayBalance['files'] }) {
  const { fileColumns: columns } = texts;
  return (
    <Panel title={texts.files} bare>
      <ScrollX>
        <table className="table">
          <thead>
            <tr>
              <th>{columns.name}</th>
              <th className="right">{columns.read}</th>
              <th className="right">{columns.accepted}</th>
              <th className="right">{columns.invalid}</th>
              <th>{columns.whole}</th>
            </tr>
          </thead>
          <tbody className="num">
            {files.slice(0, 100).map(({ inbound, name, at, read, accepted, invalid, whole }) => (
              <tr key={`${inbound}${name}${at}`}>
                <td>
                  {name} <span className="dim">{inbound}</span>
                </td>
                <td className="right">{read}</td>
                <td className="right">{accepted}</td>
                <td className="right">{invalid}</td>
                <td>{whole ? texts.yes : texts.no}</td>
              </tr>
            ))}
          </tbody>
        </table>
      </ScrollX>
    </Panel>
  );
}
