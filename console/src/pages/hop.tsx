// Everything about one hop of a journey: what came in, each step, what went out, attempts, and what can be done.

import { Button, Tabs } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { Link, useSearch } from '@tanstack/react-router';
import { useState } from 'react';
import { api } from '../api/client.ts';
import { bytes, duration, placeOf } from '../parts/format.ts';
import { JsonText, prettyText } from '../parts/json.tsx';
import type { Hop } from '../parts/journey-tree.ts';
import { healthOf } from '../parts/mesh-graph.ts';
import { Notice, Panel, ProblemNotice, ScrollX, Time } from '../parts/parts.tsx';
import { common, failures as failureTexts, journey as texts, states } from '../texts/index.ts';
import { placeOfDelivery, useMay } from '../parts/rights.ts';
import { HopActions } from './hop-actions.tsx';
import { HopSteps } from './hop-steps.tsx';
import { SystemState } from './systems.tsx';

export function HopDetails({ hop }: { readonly hop: Hop }) {
  const { delivery, message } = hop;
  const { kind, name } = placeOf(delivery.destination);
  const isFlow = kind === 'flow';
  const { tab: wanted } = useSearch({ from: '/messages/$id' });
  const seesBodies = useMay()('see-bodies', placeOfDelivery(delivery, message.source));
  const first = isFlow ? (wanted ?? 'body') : 'body';
  const [chosen, setTab] = useState<string | null>();
  const tab = chosen ?? (seesBodies ? first : 'attempts');
  return (
    <Panel
      title={
        <span className="row" style={{ gap: 6 }}>
          {isFlow ? (
            <Link to="/flows/$name" params={{ name }}>
              {name}
            </Link>
          ) : (
            name
          )}
          <span className="dim" style={{ fontWeight: 450 }}>
            {states[delivery.state].says}
          </span>
        </span>
      }
      end={<HopActions hop={hop} />}
      bare
    >
      <div className="inside stack">
        <Fault hop={hop} />
        <GroupTrouble hop={hop} />
        {delivery.state === 'waiting' && <Waits system={placeOf(delivery.destination).system} />}
        <Facts hop={hop} />
        <Tabs value={tab} onChange={setTab} keepMounted={false}>
          <Tabs.List>
            {seesBodies && <Tabs.Tab value="body">{isFlow ? texts.in : texts.out}</Tabs.Tab>}
            {seesBodies && isFlow && <Tabs.Tab value="steps">{texts.steps}</Tabs.Tab>}
            <Tabs.Tab value="attempts">{texts.attempts}</Tabs.Tab>
            <Tabs.Tab value="headers">{texts.headers}</Tabs.Tab>
          </Tabs.List>
          {seesBodies && (
            <Tabs.Panel value="body" pt="sm">
              <BodyOf message={message.id} />
            </Tabs.Panel>
          )}
          {seesBodies && isFlow && (
            <Tabs.Panel value="steps" pt="sm">
              <HopSteps hop={hop} />
            </Tabs.Panel>
          )}
          <Tabs.Panel value="attempts" pt="sm">
            <Attempts hop={hop} />
          </Tabs.Panel>
          <Tabs.Panel value="headers" pt="sm">
            <dl className="facts mono">
              {Object.entries(message.headers).map(([header, value]) => (
                <div key={header} style={{ display: 'contents' }}>
                  <dt>{header}</dt>
                  <dd>{value}</dd>
                </div>
              ))}
            </dl>
            {Object.keys(message.headers).length === 0 && <p className="dim">{common.none}</p>}
          </Tabs.Panel>
        </Tabs>
      </div>
    </Panel>
  );
}

/** Of a dead one that others wait for, and of one that waits so. */
function GroupTrouble({ hop: { delivery } }: { readonly hop: Hop }) {
  const { othersHeld, heldBy } = delivery;
  if (othersHeld !== undefined) return <Notice tone="warn">{failureTexts.othersHeld(othersHeld)}</Notice>;
  if (!heldBy) return null;
  return (
    <Notice tone="warn">
      <p>{texts.heldBy}</p>
      <p>
        <Link to="/messages/$id" params={{ id: heldBy.message }} search={{ delivery: heldBy.delivery }}>
          {texts.seeDead}
        </Link>
      </p>
    </Notice>
  );
}

function Fault({ hop: { delivery } }: { readonly hop: Hop }) {
  const { error, dueAt, state } = delivery;
  if (!error || state === 'done') return null;
  return (
    <Notice tone={state === 'waiting' ? 'warn' : 'bad'}>
      <p>
        <b>{error.message}</b>
      </p>
      <p>{error.remedy}</p>
      <p className="mono">{error.code}</p>
      {state === 'waiting' && dueAt && (
        <p>
          {texts.due}: <Time at={dueAt} />
        </p>
      )}
    </Notice>
  );
}

/** Why it waits, where the system that it goes to is the reason. */
function Waits({ system: name }: { readonly system: string | undefined }) {
  const { data: systems } = useQuery({ queryKey: ['systems'], queryFn: api.systems });
  const system = systems?.find((one) => one.name === name);
  if (!system || healthOf(system) === 'good') return null;
  return (
    <Notice tone="warn">
      <p className="row">
        <Link to="/systems/$name" params={{ name: system.name }} className="strong">
          {system.name}
        </Link>
        <SystemState system={system} />
      </p>
      <p>{texts.waits}</p>
    </Notice>
  );
}

function Facts({ hop: { delivery, message } }: { readonly hop: Hop }) {
  const took = delivery.journal?.tookMs;
  const lines: readonly (readonly [string, React.ReactNode])[] = [
    [texts.attempts, `${texts.attempt(delivery.attempts)}${took === undefined ? '' : `, ${texts.took} ${duration(took)}`}`],
    ...(delivery.detail ? [[texts.detail, delivery.detail] as const] : []),
    ...(delivery.lane ? [[texts.lane, delivery.lane] as const] : []),
    ...(delivery.revision
      ? [
          [
            texts.revision,
            <span className="mono" key="r">
              {delivery.revision}
            </span>,
          ] as const,
        ]
      : []),
    [
      texts.body,
      `${bytes(message.bodyBytes)}${message.contentType ? `, ${message.contentType}` : ''}${message.model ? `, ${message.model}` : ''}`,
    ],
  ];
  return (
    <dl className="facts">
      {lines.map(([name, value]) => (
        <div key={name} style={{ display: 'contents' }}>
          <dt>{name}</dt>
          <dd>{value}</dd>
        </div>
      ))}
    </dl>
  );
}

function BodyOf({ message }: { readonly message: string }) {
  const body = useQuery({ queryKey: ['body', message], queryFn: () => api.body(message), staleTime: Infinity });
  if (body.error) return <ProblemNotice error={body.error} />;
  if (!body.data) return <p className="dim">{common.loading}</p>;
  const { isShown, text, type } = body.data;
  return (
    <div className="stack" style={{ gap: 8 }}>
      {isShown ? (
        <JsonText text={type.includes('json') ? prettyText(text) : text} label={texts.body} />
      ) : (
        <p className="dim">{texts.notText}</p>
      )}
      <div>
        <Button component="a" href={`/api/v1/messages/${message}/body`} size="compact-xs">
          {texts.download}
        </Button>
      </div>
    </div>
  );
}

function Attempts({ hop: { delivery } }: { readonly hop: Hop }) {
  const failures = delivery.journal?.failures ?? [];
  if (failures.length === 0) return <p className="dim">{texts.noFailures}</p>;
  return (
    <ScrollX>
      <table className="table">
        <tbody>
          {failures.map(({ atMs, code, message }) => (
            <tr key={atMs}>
              <td className="dim">
                <Time at={new Date(atMs).toISOString()} />
              </td>
              <td>
                {message}
                <div className="mono dim">{code}</div>
              </td>
            </tr>
          ))}
        </tbody>
      </table>
    </ScrollX>
  );
}
