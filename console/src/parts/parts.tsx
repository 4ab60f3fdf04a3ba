// The small parts that all pages share: tags, times, keys, empty states, notices, sizes of things.

import { Button, Tooltip } from '@mantine/core';
import { useEffect, useState } from 'react';
import type { ReactNode } from 'react';
import { ApiProblem } from '../api/client.ts';
import type { State } from '../api/types.ts';
import { common, problem, states } from '../texts/index.ts';
import { placeOf, shortTime, wholeTime } from './format.ts';
import { Icon } from './icons.tsx';
import type { IconName } from './icons.tsx';

export function StateTag({ state }: { readonly state: State }) {
  const { word, tone, says } = states[state];
  return (
    <span className={`tag tone-${tone}`} title={says}>
      {word}
    </span>
  );
}

export function Tag({
  tone = 'mute',
  plain,
  children,
}: {
  readonly tone?: string;
  readonly plain?: boolean;
  readonly children: ReactNode;
}) {
  return <span className={`tag tone-${tone}${plain ? ' plain' : ''}`}>{children}</span>;
}

/** In the reader's zone, with UTC at hand. */
export function Time({ at }: { readonly at: string }) {
  return (
    <time className="num" dateTime={at} title={wholeTime(at)}>
      {shortTime(at)}
    </time>
  );
}

export function Keys({ keys }: { readonly keys: Readonly<Record<string, string>> }) {
  return Object.entries(keys).map(([name, value]) => (
    <span className="key" key={name}>
      <span>{name}</span>
      <b>{value}</b>
    </span>
  ));
}

const glyphs: Readonly<Record<string, IconName>> = {
  flow: 'flow',
  outbound: 'outbound',
  channel: 'channel',
  reply: 'inbound',
  inbound: 'inbound',
};

export function PlaceName({ text }: { readonly text: string }) {
  const { kind, name } = placeOf(text);
  return (
    <span className="row" style={{ flexWrap: 'nowrap', minWidth: 0, gap: 7 }}>
      <span className={`glyph ${kind}`} title={kind}>
        <Icon name={glyphs[kind] ?? 'flow'} size={13} />
      </span>
      <span className="place" title={name}>
        {name}
      </span>
    </span>
  );
}

export function Panel({
  title,
  end,
  children,
  bare,
}: {
  readonly title?: ReactNode;
  readonly end?: ReactNode;
  readonly children: ReactNode;
  readonly bare?: boolean;
}) {
  return (
    <section className="panel">
      {title !== undefined && (
        <header>
          <h2>{title}</h2>
          {end !== undefined && <div className="end">{end}</div>}
        </header>
      )}
      {bare ? children : <div className="inside">{children}</div>}
    </section>
  );
}

/** What is wider than the window is scrolled within, with the keyboard too. */
export function ScrollX({ children }: { readonly children: ReactNode }) {
  return (
    <div className="scroll-x" tabIndex={0} role="region" aria-label={common.table}>
      {children}
    </div>
  );
}

interface TableProps {
  /** What is false has no column. */
  readonly heads: readonly (string | false)[];
  /** What the buttons of the last column do, for whoever does not see them. */
  readonly action?: string;
  readonly children: ReactNode;
}

/** Rows under heads; too wide a table scrolls by itself. */
export function Table({ heads, action, children }: TableProps) {
  return (
    <ScrollX>
      <table className="table">
        <thead>
          <tr>
            {heads.map((head) => head !== false && <th key={head}>{head}</th>)}
            {action !== undefined && (
              <th>
                <span className="visually-hidden">{action}</span>
              </th>
            )}
          </tr>
        </thead>
        <tbody>{children}</tbody>
      </table>
    </ScrollX>
  );
}

export function PageHead({
  title,
  lead,
  children,
}: {
  readonly title: ReactNode;
  readonly lead?: ReactNode;
  readonly children?: ReactNode;
}) {
  return (
    <div className="page-head">
      <div>
        <h1>{title}</h1>
        {lead !== undefined && <p>{lead}</p>}
      </div>
      {children !== undefined && <div className="actions">{children}</div>}
    </div>
  );
}

export function Empty({
  title,
  text,
  children,
}: {
  readonly title: string;
  readonly text: string;
  readonly children?: ReactNode;
}) {
  return (
    <div className="empty">
      <h3>{title}</h3>
      <p>{text}</p>
      {children}
    </div>
  );
}

export function Notice({ tone = '', children }: { readonly tone?: 'bad' | 'warn' | 'good' | ''; readonly children: ReactNode }) {
  return (
    <div className={`notice ${tone}`} role={tone === 'bad' ? 'alert' : 'status'}>
      <div>{children}</div>
    </div>
  );
}

/** What an API call answered that did not work: what was found, and what to do. */
export function ProblemNotice({ error }: { readonly error: unknown }) {
  if (!error) return null;
  const told = error instanceof ApiProblem ? error : undefined;
  return (
    <FaultNotice
      message={told?.message ?? (error instanceof Error ? error.message : problem.title)}
      remedy={told?.remedy}
      code={told?.code}
    />
  );
}

interface FaultProps {
  readonly message: string;
  readonly remedy?: string | undefined;
  readonly code?: string | undefined;
}

/** What is wrong, what to do, and the code to look it up by. */
export function FaultNotice({ message, remedy, code }: FaultProps) {
  return (
    <Notice tone="bad">
      <p>
        <b>{message}</b>
      </p>
      {remedy && <p>{remedy}</p>}
      {code && <p className="mono dim">{code}</p>}
    </Notice>
  );
}

export function CopyButton({ text, label = common.copy }: { readonly text: string; readonly label?: string }) {
  const [isCopied, setCopied] = useState(false);
  useEffect(() => {
    if (!isCopied) return undefined;
    const timer = setTimeout(() => setCopied(false), 1500);
    return () => clearTimeout(timer);
  }, [isCopied]);
  return (
    <Tooltip label={isCopied ? common.copied : label}>
      <Button
        variant="subtle"
        color="gray"
        size="compact-xs"
        aria-label={label}
        onClick={() => void navigator.clipboard.writeText(text).then(() => setCopied(true))}
      >
        <Icon name={isCopied ? 'check' : 'copy'} size={14} />
      </Button>
    </Tooltip>
  );
}

/** A line of the last values, drawn as large as it is asked for. */
export function Spark({
  values,
  width = 96,
  height = 22,
}: {
  readonly values: readonly number[];
  readonly width?: number;
  readonly height?: number;
}) {
  const shown = values.slice(-60);
  const top = Math.max(1, ...shown);
  const step = width / Math.max(1, shown.length - 1);
  const points = shown.map(
    (value, index) => `${(index * step).toFixed(1)},${(height - 1 - (value / top) * (height - 3)).toFixed(1)}`,
  );
  if (points.length < 2) return <svg className="spark" width={width} height={height} aria-hidden="true" />;
  return (
    <svg className="spark" width={width} height={height} aria-hidden="true">
      <polygon points={`0,${height} ${points.join(' ')} ${width},${height}`} fill="var(--accent-soft)" />
      <polyline points={points.join(' ')} fill="none" stroke="var(--accent)" strokeWidth="1.4" />
    </svg>
  );
}
