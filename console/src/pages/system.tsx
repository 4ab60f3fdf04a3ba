// One system: its connections with a test, what is received and sent, who uses it, its last errors, its file.

import { Button, Modal, Textarea } from '@mantine/core';
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { Link, useParams } from '@tanstack/react-router';
import { Fragment, lazy, Suspense, useState } from 'react';
import '../look/canvas.css';
import { api } from '../api/client.ts';
import type { MessageRow, Ping, System } from '../api/types.ts';
import { duration, placeOf, rate } from '../parts/format.ts';
import { Icon } from '../parts/icons.tsx';
import { loadOf } from '../parts/mesh-graph.ts';
import { Empty, PageHead, Panel, ProblemNotice, Spark, StateTag, Tag, Time } from '../parts/parts.tsx';
import { useMay } from '../parts/rights.ts';
import { common, systems as texts } from '../texts/index.ts';
import { SystemState } from './systems.tsx';

const FileEditor = lazy(async () => ({ default: (await import('./file-editor.tsx')).FileEditor }));

export function SystemPage() {
  const { name } = useParams({ from: '/systems/$name' });
  const systems = useQuery({ queryKey: ['systems'], queryFn: api.systems, refetchInterval: 2000 });
  const system = systems.data?.find((one) => one.name === name);
  const mayOperate = useMay()('operate', { systems: [name] });
  if (systems.data && !system) return <Empty title={name} text={common.none} />;
  return (
    <>
      <PageHead
        title={
          <span className="row">
            {name}
            {system && <SystemState system={system} />}
          </span>
        }
        lead={system && limitsText(system)}
      >
        {system && mayOperate && <PauseButton system={system} />}
      </PageHead>
      <ProblemNotice error={systems.error} />
      {system && (
        <div className="split">
          <div className="stack">
            <Connections system={system} />
            <Ends system={system} />
            <LastErrors system={system} />
          </div>
          <div className="stack">
            <UsedBy name={name} />
            <Suspense fallback={<p className="dim">{common.loading}</p>}>
              <FileEditor path={`systems/${name}.yaml`} owner={{ systems: [name] }} kind="system" />
            </Suspense>
          </div>
        </div>
      )}
    </>
  );
}

function limitsText({ limits, maintenance }: System): string {
  const parts = [
    ...(limits.concurrency === undefined ? [] : [`${limits.concurrency} ${texts.atOnce}`]),
    ...(limits.ratePerSecond === undefined ? [] : [`${limits.ratePerSecond} ${texts.aSecond}`]),
  ];
  const window = maintenance ? ` ${texts.maintenance}: ${maintenance.from} – ${maintenance.until}` : '';
  return (parts.length === 0 ? texts.noLimits : `${texts.limits}: ${parts.join(', ')}.`) + window;
}

function PauseButton({ system: { name, standstill } }: { readonly system: System }) {
  const [isAsked, setAsked] = useState(false);
  const [reason, setReason] = useState('');
  const queries = useQueryClient();
  const change = useMutation({
    mutationFn: (): Promise<unknown> => (standstill ? api.resume('system', name) : api.pause('system', name, reason.trim())),
    onSuccess: () => {
      setAsked(false);
      void queries.invalidateQueries({ queryKey: ['systems'] });
    },
  });
  return (
    <>
      <Button
        leftSection={<Icon name={standstill ? 'play' : 'pause'} size={13} />}
        loading={change.isPending}
        onClick={() => (standstill ? change.mutate() : setAsked(true))}
      >
        {standstill ? texts.resume : texts.pause}
      </Button>
      {isAsked && (
        <Modal
          opened
          onClose={() => setAsked(false)}
          title={texts.pauseTitle(name)}
          closeButtonProps={{ 'aria-label': common.close }}
        >
          <div className="stack">
            <p>{texts.pauseText}</p>
            <Textarea label={common.reason} value={reason} onChange={(event) => setReason(event.target.value)} data-autofocus />
            <ProblemNotice error={change.error} />
            <div className="row" style={{ justifyContent: 'flex-end' }}>
              <Button onClick={() => setAsked(false)}>{common.cancel}</Button>
              <Button variant="filled" loading={change.isPending} onClick={() => change.mutate()}>
                {texts.pause}
              </Button>
            </div>
          </div>
        </Modal>
      )}
    </>
  );
}

const pingTones = { answers: 'good', fails: 'bad', unknown: 'mute' } as const;

function Connections({ system: { name, connections } }: { readonly system: System }) {
  const ping = useMutation({ mutationFn: () => api.ping(name) });
  const mayTest = useMay()('operate', { systems: [name] });
  const found = (connection: string): Ping['connections'][number] | undefined =>
    ping.data?.connections.find((one) => one.name === connection);
  return (
    <Panel
      title={texts.connections}
      end={
        mayTest && (
          <Button loading={ping.isPending} onClick={() => ping.mutate()}>
            {texts.test}
          </Button>
        )
      }
      bare
    >
      <ProblemNotice error={ping.error} />
      <table className="table">
        <tbody>
          {connections.map((connection) => {
            const answer = found(connection.name);
            return (
              <Fragment key={connection.name}>
                <tr>
                  <td className="strong">{connection.name}</td>
                  <td className="dim">{connection.connector}</td>
                  <td>
                    <Tag
                      tone={connection.breaker === 'closed' ? 'good' : 'bad'}
                    >{`${texts.breaker} ${texts.breakers[connection.breaker]}`}</Tag>
                  </td>
                  <td aria-live="polite" style={{ whiteSpace: 'nowrap' }}>
                    {answer && (
                      <>
                        <Tag tone={pingTones[answer.state]}>{texts[answer.state]}</Tag>{' '}
                        <span className="dim num">{duration(answer.tookMs)}</span>
                      </>
                    )}
                  </td>
                </tr>
                {answer && (
                  <tr>
                    <td colSpan={4} className="dim" style={{ overflowWrap: 'anywhere' }}>
                      <p>{answer.detail}</p>
                      <p>{answer.remedy}</p>
                    </td>
                  </tr>
                )}
              </Fragment>
            );
          })}
        </tbody>
      </table>
    </Panel>
  );
}

function Ends({ system }: { readonly system: System }) {
  const { data: traffic } = useQuery({ queryKey: ['traffic'], queryFn: api.traffic, refetchInterval: 2000 });
  const tones = { open: 'good', failing: 'bad', unused: 'mute' } as const;
  return (
    <>
      <Panel title={texts.outbounds} bare>
        {system.outbounds.length === 0 && <p className="inside dim">{texts.noOutbounds}</p>}
        <table className="table">
          <tbody>
            {system.outbounds.map(({ name, destination, waiting }) => (
              <tr key={name}>
                <td>
                  <Link to="/messages" search={{ where: destination }} className="strong">
                    {name}
                  </Link>
                </td>
                <td className="right num">{rate(loadOf(traffic, [destination]).perSecond)}/s</td>
                <td>
                  <Spark values={traffic?.destinations.find((one) => one.name === destination)?.series ?? []} />
                </td>
                <td className="right num">
                  {waiting.toLocaleString()} <span className="dim">{texts.columns.waiting.toLowerCase()}</span>
                </td>
              </tr>
            ))}
          </tbody>
        </table>
      </Panel>
      <Panel title={texts.inbounds} bare>
        {system.inbounds.length === 0 && <p className="inside dim">{texts.noInbounds}</p>}
        <table className="table">
          <tbody>
            {system.inbounds.map(({ name, uses, target, state, problem }) => (
              <tr key={target}>
                <td className="strong">{name}</td>
                <td className="dim">{uses}</td>
                <td>
                  <Tag tone={tones[state]}>{texts.inboundStates[state]}</Tag>
                  {problem && <div className="dim wrap">{problem}</div>}
                </td>
              </tr>
            ))}
          </tbody>
        </table>
      </Panel>
    </>
  );
}

function LastErrors({ system: { name, outbounds } }: { readonly system: System }) {
  const { data: rows } = useQuery({
    queryKey: ['last-errors', name],
    queryFn: () => lastErrors(outbounds.map(({ destination }) => destination)),
    refetchInterval: 5000,
  });
  return (
    <Panel title={texts.lastErrors} bare>
      {rows?.length === 0 && <p className="inside dim">{texts.noErrors}</p>}
      <table className="table">
        <tbody>
          {rows?.map(({ message, delivery }) => (
            <tr key={delivery.id}>
              <td className="dim">
                <Time at={delivery.createdAt} />
              </td>
              <td>
                <StateTag state={delivery.state} />
              </td>
              <td className="wrap">
                <Link to="/messages/$id" params={{ id: message.id }} search={{ delivery: delivery.id }}>
                  {delivery.error?.message}
                </Link>
              </td>
            </tr>
          ))}
        </tbody>
      </table>
    </Panel>
  );
}

/** Of what waits too: an attempt may have failed there. */
async function lastErrors(destinations: readonly string[]): Promise<readonly MessageRow[]> {
  const pages = await Promise.all(
    destinations.map((destination) =>
      api.messages({ destination, state: ['dead', 'in-doubt', 'invalid', 'waiting'], limit: 20 }),
    ),
  );
  return pages
    .flatMap(({ rows }) => rows)
    .filter(({ delivery }) => delivery.error !== undefined)
    .sort((a, b) => (a.delivery.createdAt < b.delivery.createdAt ? 1 : -1))
    .slice(0, 8);
}

function UsedBy({ name }: { readonly name: string }) {
  const { data: flows = [] } = useQuery({ queryKey: ['flows'], queryFn: api.flows });
  const users = flows.filter(({ from, to }) => [from, ...to].some((one) => placeOf(one).system === name));
  return (
    <Panel title={texts.usedBy} bare>
      <table className="table">
        <tbody>
          {users.map((flow) => (
            <tr key={flow.name}>
              <td>
                <Link to="/flows/$name" params={{ name: flow.name }} className="strong">
                  {flow.name}
                </Link>
                <div className="dim">{flow.description}</div>
              </td>
            </tr>
          ))}
        </tbody>
      </table>
    </Panel>
  );
}
