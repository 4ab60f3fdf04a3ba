// Alerts: what is raised now, the rules that raise it, who is told and whether that arrives, and the history.

import { Button, Modal, Select, TextInput } from '@mantine/core';
import { useInfiniteQuery, useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import { lazy, Suspense, useState } from 'react';
import { api } from '../api/client.ts';
import type { Alert, AlertReceiver, AlertRule } from '../api/types.ts';
import { Empty, Notice, PageHead, Panel, PlaceName, ProblemNotice, ScrollX, Tag, Time } from '../parts/parts.tsx';
import { useMay } from '../parts/rights.ts';
import { alerts as texts, common } from '../texts/index.ts';

const FileEditor = lazy(async () => ({ default: (await import('./file-editor.tsx')).FileEditor }));

export function AlertsPage() {
  const rules = useQuery({ queryKey: ['alert-rules'], queryFn: api.alertRules, refetchInterval: 5000 });
  const [muting, setMuting] = useState<string | undefined>();
  const [file, setFile] = useState<string | undefined>();
  const mayOperate = useMay()('operate', 'everything');
  const raised = rules.data?.flatMap((rule) => rule.raised) ?? [];
  return (
    <>
      <PageHead title={texts.title} lead={texts.lead} />
      <ProblemNotice error={rules.error} />
      <div className="stack">
        <section className="panel">
          {rules.data && raised.length === 0 && <Empty title={texts.none} text={texts.noneText} />}
          {raised.map((alert) => (
            <Raised key={alert.number} alert={alert} rule={rules.data?.find(({ name }) => name === alert.rule)} />
          ))}
        </section>
        {rules.data && <Rules rules={rules.data} mayOperate={mayOperate} mute={setMuting} edit={setFile} />}
        {file !== undefined && (
          <Suspense fallback={<p className="dim">{common.loading}</p>}>
            <FileEditor key={file} path={file} owner="everything" kind="alert" />
          </Suspense>
        )}
        <Receivers mayOperate={mayOperate} />
        <History />
      </div>
      {muting !== undefined && <Mute rule={muting} close={() => setMuting(undefined)} />}
    </>
  );
}

function Severity({ severity }: { readonly severity: Alert['severity'] }) {
  return <Tag tone={severity === 'critical' ? 'bad' : 'warn'}>{texts.severities[severity]}</Tag>;
}

function Raised({ alert, rule }: { readonly alert: Alert; readonly rule: AlertRule | undefined }) {
  return (
    <article className="cause">
      <div>
        <Severity severity={alert.severity} />
      </div>
      <div className="what">
        <Subject subject={alert.subject} />
        <p className="strong">{alert.text}</p>
        {rule?.description && <p className="dim">{rule.description}</p>}
        <p className="row dim">
          <span>{alert.rule}</span>
          <span>
            {texts.since} <Time at={alert.since} />
          </span>
          {alert.told && (
            <span>
              {texts.told} <Time at={alert.told} />
            </span>
          )}
        </p>
      </div>
    </article>
  );
}

/** What it is about leads to its messages, where it has any. */
function Subject({ subject }: { readonly subject: string }) {
  const name = <PlaceName text={subject} />;
  if (!/^(flow|outbound):/.test(subject)) return name;
  return (
    <Link to="/messages" search={{ where: subject, range: 'all' }}>
      {name}
    </Link>
  );
}

interface RulesProps {
  readonly rules: readonly AlertRule[];
  readonly mayOperate: boolean;
  readonly mute: (rule: string) => void;
  /** Opens the file beside the rules. */
  readonly edit: (file: string | undefined) => void;
}

function Rules({ rules, mayOperate, mute, edit }: RulesProps) {
  const queries = useQueryClient();
  const unmute = useMutation({ mutationFn: api.unmuteAlerts, onSettled: () => queries.invalidateQueries() });
  const { columns } = texts;
  return (
    <Panel title={texts.rules} bare>
      <ProblemNotice error={unmute.error} />
      <ScrollX>
        <table className="table">
          <thead>
            <tr>
              <th>{columns.rule}</th>
              <th className="only-wide">{columns.kind}</th>
              <th>{columns.tells}</th>
              <th>{columns.state}</th>
              <th>
                <span className="visually-hidden">{columns.actions}</span>
              </th>
            </tr>
          </thead>
          <tbody>
            {rules.map((rule) => (
              <tr key={rule.name}>
                <td>
                  <b>{rule.name}</b>{' '}
                  {rule.file === undefined ? (
                    <span className="dim">{texts.byDefault}</span>
                  ) : (
                    <button type="button" className="link-button" onClick={() => edit(rule.file)}>
                      {rule.file}
                    </button>
                  )}
                </td>
                <td className="only-wide">{texts.kinds[rule.kind] ?? rule.kind}</td>
                <td>{rule.to.join(', ') || texts.nobody}</td>
                <td>
                  <RuleState rule={rule} />
                </td>
                <td className="right">
                  {mayOperate && !rule.muted && (
                    <Button aria-label={texts.muteOf(rule.name)} onClick={() => mute(rule.name)}>
                      {texts.mute}
                    </Button>
                  )}
                  {mayOperate && rule.muted && (
                    <Button aria-label={texts.unmuteOf(rule.name)} onClick={() => unmute.mutate(rule.name)}>
                      {texts.unmute}
                    </Button>
                  )}
                </td>
              </tr>
            ))}
          </tbody>
        </table>
      </ScrollX>
    </Panel>
  );
}

function RuleState({ rule: { muted, raised } }: { readonly rule: AlertRule }) {
  if (muted) {
    return (
      <span title={muted.reason}>
        <Tag>{texts.muted}</Tag> {texts.until} <Time at={muted.until} /> <span className="dim">{muted.who}</span>
      </span>
    );
  }
  return raised.length > 0 ? <Tag tone="warn">{texts.raisedCount(raised.length)}</Tag> : <Tag tone="good">{texts.well}</Tag>;
}

function Mute({ rule, close }: { readonly rule: string; readonly close: () => void }) {
  const queries = useQueryClient();
  const [hours, setHours] = useState('1');
  const [reason, setReason] = useState('');
  const mute = useMutation({
    mutationFn: () => api.muteAlerts(rule, new Date(Date.now() + Number(hours) * 3_600_000).toISOString(), reason.trim()),
    onSuccess: close,
    onSettled: () => queries.invalidateQueries(),
  });
  return (
    <Modal opened onClose={close} title={texts.muteOf(rule)} closeButtonProps={{ 'aria-label': common.close }}>
      <div className="stack">
        <p>{texts.muteText}</p>
        <Select
          label={texts.for}
          data={[...texts.times]}
          value={hours}
          onChange={(value) => setHours(value ?? '1')}
          allowDeselect={false}
        />
        <TextInput label={common.reason} value={reason} onChange={(event) => setReason(event.target.value)} data-autofocus />
        <ProblemNotice error={mute.error} />
        <div className="row" style={{ justifyContent: 'flex-end' }}>
          <Button onClick={close}>{common.cancel}</Button>
          <Button variant="filled" loading={mute.isPending} onClick={() => mute.mutate()}>
            {texts.mute}
          </Button>
        </div>
      </div>
    </Modal>
  );
}

function Receivers({ mayOperate }: { readonly mayOperate: boolean }) {
  const receivers = useQuery({ queryKey: ['alert-receivers'], queryFn: api.alertReceivers, refetchInterval: 5000, retry: false });
  // Who may not see the whole engine is not told who is told.
  if (receivers.error || !receivers.data) return null;
  return (
    <Panel title={texts.receivers}>
      {receivers.data.length === 0 && <p className="dim">{texts.noReceivers}</p>}
      <div className="stack">
        {receivers.data.map((receiver) => (
          <Receiver key={receiver.name} receiver={receiver} mayOperate={mayOperate} />
        ))}
      </div>
    </Panel>
  );
}

function Receiver({ receiver, mayOperate }: { readonly receiver: AlertReceiver; readonly mayOperate: boolean }) {
  const queries = useQueryClient();
  const { name, kind, address, waiting, lastSentAt, error } = receiver;
  const test = useMutation({ mutationFn: () => api.testAlertReceiver(name), onSettled: () => queries.invalidateQueries() });
  return (
    <div>
      <div className="row">
        <b>{name}</b>
        <span className="dim">
          {texts.receiverKinds[kind]} {address}
        </span>
        {error !== undefined && <Tag tone="bad">{texts.fails}</Tag>}
        {waiting > 0 && <Tag tone="busy">{texts.waiting(waiting)}</Tag>}
        {lastSentAt && (
          <span className="dim">
            {texts.lastSent} <Time at={lastSentAt} />
          </span>
        )}
        {mayOperate && (
          <Button aria-label={texts.testOf(name)} loading={test.isPending} onClick={() => test.mutate()}>
            {texts.test}
          </Button>
        )}
      </div>
      {error !== undefined && <p className="dim">{error}</p>}
      <ProblemNotice error={test.error} />
      {test.data?.sent && <Notice tone="good">{texts.sent}</Notice>}
      {test.data?.sent === false && <Notice tone="bad">{test.data.error}</Notice>}
    </div>
  );
}

function History() {
  const pages = useInfiniteQuery({
    queryKey: ['alerts'],
    queryFn: ({ pageParam }) => api.alerts(pageParam),
    initialPageParam: undefined as string | undefined,
    getNextPageParam: ({ next }) => next,
    refetchInterval: 10_000,
  });
  const rows = pages.data?.pages.flatMap((page) => page.rows) ?? [];
  const { columns } = texts;
  return (
    <Panel title={texts.history} bare>
      <ProblemNotice error={pages.error} />
      {pages.data && rows.length === 0 && <p className="inside dim">{texts.noHistory}</p>}
      {rows.length > 0 && (
        <ScrollX>
          <table className="table">
            <thead>
              <tr>
                <th>{columns.since}</th>
                <th>{columns.until}</th>
                <th>{columns.rule}</th>
                <th>{columns.about}</th>
                <th>{columns.what}</th>
              </tr>
            </thead>
            <tbody>
              {rows.map((alert) => (
                <tr key={alert.number}>
                  <td>
                    <Time at={alert.since} />
                  </td>
                  <td>{alert.until ? <Time at={alert.until} /> : <Tag tone="warn">{texts.lasts}</Tag>}</td>
                  <td>{alert.rule}</td>
                  <td>
                    <PlaceName text={alert.subject} />
                  </td>
                  <td>{alert.text}</td>
                </tr>
              ))}
            </tbody>
          </table>
        </ScrollX>
      )}
      {pages.hasNextPage && (
        <div className="inside">
          <Button loading={pages.isFetchingNextPage} onClick={() => void pages.fetchNextPage()}>
            {common.more}
          </Button>
        </div>
      )}
    </Panel>
  );
}
