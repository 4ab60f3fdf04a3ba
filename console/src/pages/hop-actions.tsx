// What a person can do with one hop: try it again, replay its message, or end it with a reason.

import { Button, Modal, Select, Textarea } from '@mantine/core';
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { useNavigate } from '@tanstack/react-router';
import { useState } from 'react';
import { api } from '../api/client.ts';
import type { Hop } from '../parts/journey-tree.ts';
import { ProblemNotice } from '../parts/parts.tsx';
import { common, journey as texts } from '../texts/index.ts';
import { placeOfDelivery, useMay } from '../parts/rights.ts';
import { EditAndSend, Outcome, targetOf } from './hop-edit.tsx';

const retried = new Set(['dead', 'in-doubt']);
const discarded = new Set(['dead', 'in-doubt', 'waiting', 'held']);

export function HopActions({ hop: { delivery, message, ...rest } }: { readonly hop: Hop }) {
  const [asked, setAsked] = useState<'replay' | 'discard' | 'edit' | undefined>();
  const queries = useQueryClient();
  const may = useMay();
  const place = placeOfDelivery(delivery, message.source);
  const retry = useMutation({ mutationFn: () => api.retry(delivery.id), onSettled: () => queries.invalidateQueries() });
  if (!may('operate', place)) return null;
  return (
    <>
      {retried.has(delivery.state) && (
        <Button variant="filled" loading={retry.isPending} onClick={() => retry.mutate()}>
          {common.retry}
        </Button>
      )}
      <Button onClick={() => setAsked('replay')}>{common.replay}</Button>
      {delivery.destination.startsWith('flow:') && targetOf(message.source) !== undefined && may('see-bodies', place) && (
        <Button onClick={() => setAsked('edit')}>{texts.edit}</Button>
      )}
      {discarded.has(delivery.state) && <Button onClick={() => setAsked('discard')}>{common.discard}</Button>}
      {retry.error && (
        <Modal opened onClose={() => retry.reset()} title={common.retry} closeButtonProps={{ 'aria-label': common.close }}>
          <ProblemNotice error={retry.error} />
        </Modal>
      )}
      {asked === 'replay' && (
        <Replay
          message={message.id}
          {...(delivery.destination.startsWith('flow:') && may('see-bodies', place) ? { tried: delivery.id } : {})}
          flows={[...new Set(message.deliveries.map(({ flow }) => flow))]}
          close={() => setAsked(undefined)}
        />
      )}
      {asked === 'edit' && <EditAndSend hop={{ delivery, message, ...rest }} close={() => setAsked(undefined)} />}
      {asked === 'discard' && <Discard delivery={delivery.id} close={() => setAsked(undefined)} />}
    </>
  );
}

function Replay({
  message,
  tried,
  flows,
  close,
}: {
  readonly message: string;
  /** The delivery whose flow may be tried on it before. */
  readonly tried?: string;
  readonly flows: readonly string[];
  readonly close: () => void;
}) {
  const [flow, setFlow] = useState('');
  const navigate = useNavigate();
  const dryRun = useMutation({ mutationFn: (delivery: string) => api.trace(delivery) });
  const replay = useMutation({
    mutationFn: () => api.replay(message, flow === '' ? undefined : flow),
    onSuccess: ({ id }) => {
      close();
      void navigate({ to: '/messages/$id', params: { id }, search: {} });
    },
  });
  return (
    <Modal opened onClose={close} title={texts.replayTitle} closeButtonProps={{ 'aria-label': common.close }}>
      <div className="stack">
        <p>{texts.replayText}</p>
        <Select
          label={texts.replayWhere}
          data={[{ value: '', label: texts.replayEverywhere }, ...flows.map((name) => ({ value: name, label: name }))]}
          value={flow}
          onChange={(value) => setFlow(value ?? '')}
        />
        {dryRun.data && <Outcome trace={dryRun.data} />}
        <ProblemNotice error={replay.error ?? dryRun.error} />
        <div className="row" style={{ justifyContent: 'flex-end' }}>
          <Button onClick={close}>{common.cancel}</Button>
          {tried !== undefined && (
            <Button loading={dryRun.isPending} onClick={() => dryRun.mutate(tried)}>
              {texts.editDryRun}
            </Button>
          )}
          <Button variant="filled" loading={replay.isPending} onClick={() => replay.mutate()}>
            {common.replay}
          </Button>
        </div>
      </div>
    </Modal>
  );
}

function Discard({ delivery, close }: { readonly delivery: string; readonly close: () => void }) {
  const [reason, setReason] = useState('');
  const queries = useQueryClient();
  const discard = useMutation({
    mutationFn: () => api.discard(delivery, reason),
    onSuccess: () => {
      close();
      void queries.invalidateQueries();
    },
  });
  return (
    <Modal opened onClose={close} title={texts.discardTitle} closeButtonProps={{ 'aria-label': common.close }}>
      <div className="stack">
        <p>{texts.discardText}</p>
        <Textarea
          label={common.reason}
          value={reason}
          onChange={(event) => setReason(event.target.value)}
          autosize
          minRows={2}
          data-autofocus
          required
        />
        <ProblemNotice error={discard.error} />
        <div className="row" style={{ justifyContent: 'flex-end' }}>
          <Button onClick={close}>{common.cancel}</Button>
          <Button
            variant="filled"
            color="red"
            disabled={reason.trim() === ''}
            loading={discard.isPending}
            onClick={() => discard.mutate()}
          >
            {common.discard}
          </Button>
        </div>
      </div>
    </Modal>
  );
}
