// Sending an edited copy of a message: what would come out is shown before anything is sent.

import { Button, Modal } from '@mantine/core';
import { useMutation } from '@tanstack/react-query';
import { useNavigate } from '@tanstack/react-router';
import { lazy, Suspense, useState } from 'react';
import { api } from '../api/client.ts';
import type { Trace } from '../api/types.ts';
import { sourceWords } from '../parts/format.ts';
import { Json, prettyText } from '../parts/json.tsx';
import type { Hop } from '../parts/journey-tree.ts';
import { FaultNotice, PlaceName, ProblemNotice, Tag } from '../parts/parts.tsx';
import { common, journey as texts } from '../texts/index.ts';

const Editor = lazy(async () => ({ default: (await import('../parts/editor.tsx')).Editor }));

/** Where a message of this source came in: an inbound, or a channel. */
export function targetOf(source: string): string | undefined {
  if (source.startsWith('/channels/')) return `channel:${sourceWords(source)}`;
  return source.startsWith('/systems/') ? sourceWords(source) : undefined;
}

export function EditAndSend({ hop, close }: { readonly hop: Hop; readonly close: () => void }) {
  const { message, delivery } = hop;
  const target = targetOf(message.source) ?? '';
  const [text, setText] = useState<string | undefined>();
  const load = useMutation({ mutationFn: () => api.body(message.id), onSuccess: (body) => setText(prettyText(body.text)) });
  if (text === undefined && load.isIdle) load.mutate();
  const navigate = useNavigate();
  const dryRun = useMutation({ mutationFn: () => api.rehearse(delivery.id, JSON.parse(text ?? '') as unknown) });
  const send = useMutation({
    mutationFn: () => api.send(target, text ?? ''),
    onSuccess: ({ messages: [sent] }) => {
      close();
      if (sent) void navigate({ to: '/messages/$id', params: { id: sent.id }, search: {} });
    },
  });
  return (
    <Modal opened onClose={close} title={texts.editTitle} size="xl" closeButtonProps={{ 'aria-label': common.close }}>
      <div className="stack">
        <p>
          {texts.editText} <span className="mono">{target}</span>
        </p>
        {text !== undefined && (
          <Suspense fallback={<p className="dim">{common.loading}</p>}>
            <Editor value={text} language="json" label={texts.body} onChange={setText} height="320px" />
          </Suspense>
        )}
        <ProblemNotice error={load.error ?? dryRun.error ?? send.error} />
        {dryRun.data && <Outcome trace={dryRun.data} />}
        <div className="row" style={{ justifyContent: 'flex-end' }}>
          <Button onClick={close}>{common.cancel}</Button>
          <Button loading={dryRun.isPending} onClick={() => dryRun.mutate()}>
            {texts.editDryRun}
          </Button>
          <Button variant="filled" loading={send.isPending} onClick={() => send.mutate()}>
            {texts.editSend}
          </Button>
        </div>
      </div>
    </Modal>
  );
}

export function Outcome({ trace: { outcome, error, outputs, reply } }: { readonly trace: Trace }) {
  return (
    <div className="stack" style={{ gap: 6 }} aria-live="polite">
      <div>
        <Tag tone={outcome === 'failed' ? 'bad' : 'good'}>{outcome}</Tag>
      </div>
      {error && <FaultNotice {...error} />}
      {outputs.map(({ to, body }, index) => (
        <div key={index}>
          <PlaceName text={to} />
          <Json value={body} label={to} />
        </div>
      ))}
      {reply !== undefined && <Json value={reply} label={texts.reply} />}
    </div>
  );
}
