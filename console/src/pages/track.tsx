// The business user's page: a number, and where the thing is, in plain words.

import { Button, TextInput } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { Link, useNavigate, useSearch } from '@tanstack/react-router';
import { useState } from 'react';
import { api } from '../api/client.ts';
import type { Journey, MessageRow } from '../api/types.ts';
import { placeOf, sourceWords } from '../parts/format.ts';
import { failedStates, hopsOf, keysOf, openStates } from '../parts/journey-tree.ts';
import type { Hop } from '../parts/journey-tree.ts';
import { Empty, Keys, Panel, ProblemNotice, Time } from '../parts/parts.tsx';
import { track as texts } from '../texts/index.ts';

export function Track() {
  const { number } = useSearch({ from: '/track' });
  const navigate = useNavigate();
  const [text, setText] = useState(number ?? '');
  const found = useQuery({ queryKey: ['track', number], queryFn: () => api.find(number ?? ''), enabled: number !== undefined });
  // Ids ascend with time: what came first is told first.
  const roots = [...new Set(found.data?.rows.map(({ message }: MessageRow) => message.root))].sort();
  return (
    <div className="track-box stack">
      <h1>{texts.title}</h1>
      <p className="dim">{texts.lead}</p>
      <form
        className="row"
        onSubmit={(event) => {
          event.preventDefault();
          if (text.trim() !== '') void navigate({ to: '/track', search: { number: text.trim() } });
        }}
      >
        <TextInput
          size="md"
          aria-label={texts.label}
          placeholder={texts.label}
          value={text}
          onChange={(event) => setText(event.target.value)}
          style={{ flex: 1 }}
          autoFocus
        />
        <Button size="md" type="submit" variant="filled">
          {texts.go}
        </Button>
      </form>
      <ProblemNotice error={found.error} />
      {found.data && roots.length === 0 && <Empty title={texts.none(number ?? '')} text={texts.noneText} />}
      {roots.slice(0, 20).map((root) => (
        <Story key={root} root={root} />
      ))}
    </div>
  );
}

function Story({ root }: { readonly root: string }) {
  const { data, error } = useQuery({ queryKey: ['journey', root], queryFn: () => api.journey(root), refetchInterval: 3000 });
  const { data: flows } = useQuery({ queryKey: ['flows'], queryFn: api.flows });
  if (!data) return <ProblemNotice error={error} />;
  const first = data.messages.find(({ id }) => id === data.root);
  const describe = (name: string): string => flows?.find((flow) => flow.name === name)?.description ?? name;
  const lines = together(hopsOf(data).flatMap((hop) => lineOf(hop, describe)));
  return (
    <Panel
      title={
        <span className="row">
          <Keys keys={keysOf(data.messages)} />
          {first && <Time at={first.acceptedAt} />}
        </span>
      }
      end={
        <Link to="/messages/$id" params={{ id: root }}>
          {texts.detail}
        </Link>
      }
    >
      <ol className="track-lines">
        {first && <Line tone="good" text={texts.took(systemOf(data))} at={first.acceptedAt} />}
        {lines.map(({ tone, text, at }, index) => (
          <Line key={index} tone={tone} text={text} at={at} />
        ))}
      </ol>
    </Panel>
  );
}

function systemOf({ messages, root }: Journey): string {
  const source = messages.find(({ id }) => id === root)?.source ?? '';
  return sourceWords(source).split('.')[0] ?? source;
}

interface LineProps {
  readonly tone: string;
  readonly text: string;
  readonly at: string;
}

function Line({ tone, text, at }: LineProps) {
  return (
    <li className={`tone-${tone}`}>
      <p>{text}</p>
      <span className="dim">
        <Time at={at} />
      </span>
    </li>
  );
}

/** In the order of time; what a system got in several parts is told once, when the last of them was there. */
function together(lines: readonly LineProps[]): readonly LineProps[] {
  const byText = new Map<string, LineProps>();
  for (const line of lines.toSorted((a, b) => Date.parse(a.at) - Date.parse(b.at))) {
    byText.delete(line.text);
    byText.set(line.text, line);
  }
  return [...byText.values()];
}

/** Flows that are done are not told: what they led to is. */
function lineOf({ delivery }: Hop, describe: (flow: string) => string): readonly LineProps[] {
  const { kind, name, system = '' } = placeOf(delivery.destination);
  const at = delivery.endedAt ?? delivery.createdAt;
  const where = kind === 'outbound' ? system : describe(name);
  const { state } = delivery;
  if (state === 'done') return kind === 'outbound' ? [{ tone: 'good', text: texts.done.outbound(system), at }] : [];
  if (state === 'filtered') return [{ tone: 'mute', text: texts.filtered(describe(name)), at }];
  if (state === 'held')
    return [delivery.heldBy ? { tone: 'bad', text: texts.heldUp, at } : { tone: 'hold', text: texts.held(describe(name)), at }];
  if (state === 'invalid') return [{ tone: 'bad', text: texts.invalid, at }];
  if (failedStates.has(state)) return [{ tone: 'bad', text: texts.failed(where), at }];
  if (openStates.has(state))
    return [{ tone: 'busy', text: delivery.attempts > 0 ? texts.retrying(where) : texts.waiting(where), at }];
  return [];
}
