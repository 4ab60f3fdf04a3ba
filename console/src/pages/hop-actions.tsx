// What a person can do with one hop: try it again, replay its message, or end it with a reason.

import { Button, Modal, Textarea } from '@mantine/core';
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { api } from '../api/client.ts';
import type { Hop } from '../parts/journey-tree.ts';
import { ProblemNotice } from '../parts/parts.tsx';
import { common, journey as texts } from '../texts/index.ts';
import { placeOfDelivery, useMay } from '../parts/rights.ts';
import { EditAndSend, targetOf } from './hop-edit.tsx';
import { Replay } from './hop-replay.tsx';

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
      {asked === 'replay' && <Replay hop={{ delivery, message, ...rest }} close={() => setAsked(undefined)} />}
      {asked === 'edit' && <EditAndSend hop={{ delivery, message, ...rest }} close={() => setAsked(undefined)} />}
      {asked === 'discard' && <Discard delivery={delivery.id} close={() => setAsked(undefined)} />}
    </>
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
