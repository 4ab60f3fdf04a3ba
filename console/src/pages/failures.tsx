// What needs a person, grouped by cause, and what is done about a whole group at once.

import { Button, Modal, NumberInput, Textarea } from '@mantine/core';
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import { useState } from 'react';
import { api } from '../api/client.ts';
import type { FailureAction } from '../api/client.ts';
import type { ActionCounts, FailureGroup } from '../api/types.ts';
import { Empty, Notice, PageHead, PlaceName, ProblemNotice, StateTag, Time } from '../parts/parts.tsx';
import { placeOf } from '../parts/format.ts';
import { placeOfDestination, useMay } from '../parts/rights.ts';
import { ProblemOrWait, waitsForSecond } from '../parts/second-person.tsx';
import { common, failures as texts } from '../texts/index.ts';

type Action = FailureAction['action'];

/** What may be done with which state. */
const actions: Readonly<Record<string, readonly Action[]>> = {
  dead: ['retry', 'replay', 'discard'],
  'in-doubt': ['retry', 'discard'],
  invalid: ['replay'],
  unclaimed: ['replay'],
};

export function FailuresPage() {
  const failures = useQuery({ queryKey: ['failures'], queryFn: api.failures, refetchInterval: 3000 });
  const groups = failures.data?.groups ?? [];
  // Kept here: a group that was dealt with is gone from the list before one has read what came of it.
  const [asked, setAsked] = useState<{ readonly group: FailureGroup; readonly action: Action } | undefined>();
  return (
    <>
      <PageHead title={texts.title} lead={texts.lead} />
      <ProblemNotice error={failures.error} />
      {failures.data?.complete === false && <Notice tone="warn">{texts.incomplete}</Notice>}
      <section className="panel">
        {failures.data && groups.length === 0 && <Empty title={texts.none} text={texts.noneText} />}
        {groups.map((group) => (
          <Cause
            key={`${group.code}|${group.destination}|${group.state}`}
            group={group}
            ask={(action) => setAsked({ group, action })}
          />
        ))}
      </section>
      {asked && <Act group={asked.group} action={asked.action} close={() => setAsked(undefined)} />}
    </>
  );
}

function Cause({ group, ask }: { readonly group: FailureGroup; readonly ask: (action: Action) => void }) {
  const { code, destination, state, count, oldestAt, newestAt, newest, othersHeld } = group;
  const words = { retry: texts.retryMany, replay: texts.replayMany, discard: texts.discardMany };
  const mayAct = useMay()('operate', placeOfDestination(destination));
  return (
    <article className="cause">
      <div>
        <div className="n">{count.toLocaleString()}</div>
        <StateTag state={state} />
      </div>
      <div className="what">
        <PlaceName text={destination} />
        <p className="strong">{newest.error || texts.unclaimed}</p>
        {newest.remedy && <p className="dim">{newest.remedy}</p>}
        {othersHeld > 0 && <p className="strong">{texts.othersHeld(othersHeld)}</p>}
        <p className="row dim">
          {code && <span className="mono">{code}</span>}
          <span>
            {texts.since} <Time at={oldestAt} />, {texts.newest} <Time at={newestAt} />
          </span>
          <Link to="/messages/$id" params={{ id: newest.message }} search={{ delivery: newest.delivery }}>
            {texts.oneOf}
          </Link>
          <Link to="/messages" search={{ where: destination, state: [state], range: 'all' }}>
            {texts.see}
          </Link>
        </p>
      </div>
      <div className="do">
        {(mayAct ? (actions[state] ?? []) : []).map((action, index) => (
          <Button key={action} variant={index === 0 ? 'filled' : 'default'} onClick={() => ask(action)}>
            {words[action]}
          </Button>
        ))}
      </div>
    </article>
  );
}

function Act({ group, action, close }: { readonly group: FailureGroup; readonly action: Action; readonly close: () => void }) {
  const { destination, code, state } = group;
  const queries = useQueryClient();
  const [reason, setReason] = useState('');
  const [limit, setLimit] = useState(1000);
  const [perSecond, setPerSecond] = useState(100);
  const [stopAfter, setStopAfter] = useState(10);
  const asked: FailureAction = { action, state, destination, code, limit, perSecond, stopAfter };
  const preview = useQuery({ queryKey: ['preview', asked], queryFn: () => api.actOnFailures({ ...asked, preview: true }) });
  const act = useMutation({
    mutationFn: () => api.actOnFailures(action === 'discard' ? { ...asked, reason } : asked),
    onSettled: () => queries.invalidateQueries(),
  });
  const words = { retry: texts.retryMany, replay: texts.replayMany, discard: texts.discardMany };
  const says = {
    retry: state === 'in-doubt' ? texts.doubtText : texts.retryText,
    replay: texts.replayText,
    discard: texts.discardText,
  };
  const isOver = act.data !== undefined || waitsForSecond(act.error);
  const number = (set: (value: number) => void) => (value: string | number) => set(Number(value) || 1);
  return (
    <Modal
      opened
      onClose={close}
      title={`${words[action]}: ${placeOf(destination).name}`}
      closeButtonProps={{ 'aria-label': common.close }}
    >
      <div className="stack">
        {preview.data && <p className="strong">{texts.preview(preview.data.found, preview.data.more)}</p>}
        <p>{says[action]}</p>
        {action === 'discard' && (
          <Textarea
            label={common.reason}
            value={reason}
            onChange={(event) => setReason(event.target.value)}
            required
            data-autofocus
          />
        )}
        <div className="row" style={{ flexWrap: 'nowrap' }}>
          <NumberInput label={texts.limit} min={1} max={10_000} value={limit} onChange={number(setLimit)} />
          <NumberInput label={texts.perSecond} min={1} max={1000} value={perSecond} onChange={number(setPerSecond)} />
          <NumberInput label={texts.stopAfter} min={1} max={1000} value={stopAfter} onChange={number(setStopAfter)} />
        </div>
        <ProblemOrWait error={act.error ?? preview.error} />
        {act.data && <Outcome counts={act.data} />}
        <div className="row" style={{ justifyContent: 'flex-end' }}>
          <Button onClick={close}>{isOver ? common.close : common.cancel}</Button>
          {!isOver && (
            <Button
              variant="filled"
              color={action === 'discard' ? 'red' : 'joint'}
              disabled={action === 'discard' && reason.trim() === ''}
              loading={act.isPending}
              onClick={() => act.mutate()}
            >
              {words[action]} {preview.data?.found.toLocaleString()}
            </Button>
          )}
        </div>
      </div>
    </Modal>
  );
}

function Outcome({ counts: { done, failed, stopped } }: { readonly counts: ActionCounts }) {
  return (
    <Notice tone={failed.length > 0 ? 'warn' : 'good'}>
      <p>
        <b>{texts.doneText(done, failed.length)}</b>
      </p>
      {stopped && <p>{texts.stopped}</p>}
      {failed.slice(0, 3).map(({ id, detail }) => (
        <p key={id}>{detail}</p>
      ))}
    </Notice>
  );
}
