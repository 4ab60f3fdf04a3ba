// Sending a message by hand: to an inbound or a channel that a flow takes from, with the newest message there as a pattern.

import { Button, Modal, Select } from '@mantine/core';
import { useMutation, useQuery } from '@tanstack/react-query';
import { useNavigate } from '@tanstack/react-router';
import { lazy, Suspense, useState } from 'react';
import { api } from '../api/client.ts';
import { sourceWords } from '../parts/format.ts';
import { prettyText } from '../parts/json.tsx';
import { ProblemNotice } from '../parts/parts.tsx';
import { useMay } from '../parts/rights.ts';
import { common, send as texts } from '../texts/index.ts';

const Editor = lazy(async () => ({ default: (await import('../parts/editor.tsx')).Editor }));
/** So many of the newest are looked through for a pattern. */
const patternRows = 500;

export function SendButton() {
  const [isOpen, setOpen] = useState(false);
  if (!useMay()('operate')) return null;
  return (
    <>
      <Button onClick={() => setOpen(true)}>{texts.title}</Button>
      {isOpen && <SendMessage close={() => setOpen(false)} />}
    </>
  );
}

function SendMessage({ close }: { readonly close: () => void }) {
  const systems = useQuery({ queryKey: ['systems'], queryFn: api.systems });
  const channels = useQuery({ queryKey: ['channels'], queryFn: api.channels });
  const [target, setTarget] = useState<string | null>(null);
  const [text, setText] = useState('{}');
  const navigate = useNavigate();
  const seesBodies = useMay()('see-bodies');
  const pattern = useMutation({ mutationFn: newestBody, onSuccess: (found) => found !== undefined && setText(found) });
  const send = useMutation({
    mutationFn: () => api.send(target ?? '', text),
    onSuccess: ({ messages: [sent] }) => {
      close();
      if (sent) void navigate({ to: '/messages/$id', params: { id: sent.id }, search: {} });
    },
  });
  const inbounds = systems.data?.flatMap(({ inbounds: all }) => all.filter(({ state }) => state === 'open')) ?? [];
  const taken = channels.data?.filter(({ to }) => to.length > 0) ?? [];
  return (
    <Modal opened onClose={close} title={texts.title} size="lg" closeButtonProps={{ 'aria-label': common.close }}>
      <div className="stack">
        <p>{texts.lead}</p>
        <Select
          label={texts.target}
          data={[
            { group: texts.inbounds, items: [...new Set(inbounds.map((one) => one.target))] },
            { group: texts.channels, items: taken.map(({ name }) => ({ value: `channel:${name}`, label: name })) },
          ]}
          value={target}
          searchable
          onChange={(chosen) => {
            setTarget(chosen);
            if (chosen !== null && seesBodies) pattern.mutate(chosen);
          }}
        />
        <Suspense fallback={<p className="dim">{common.loading}</p>}>
          <Editor value={text} language="json" label={texts.body} onChange={setText} height="260px" />
        </Suspense>
        <ProblemNotice error={pattern.error ?? send.error} />
        <div className="row" style={{ justifyContent: 'flex-end' }}>
          <Button onClick={close}>{common.cancel}</Button>
          <Button variant="filled" disabled={target === null} loading={send.isPending} onClick={() => send.mutate()}>
            {texts.go}
          </Button>
        </div>
      </div>
    </Modal>
  );
}

/** Of the newest message that came in there and is text. */
async function newestBody(target: string): Promise<string | undefined> {
  const { rows } = await api.messages({ limit: patternRows });
  const name = target.replace(/^channel:/, '').split('@')[0];
  const found = rows.find(({ message: { source } }) => sourceWords(source) === name);
  const body = found && (await api.body(found.message.id));
  return body?.isShown ? prettyText(body.text) : undefined;
}
