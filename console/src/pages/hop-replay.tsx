// Replaying: one hop again, on a revision of choice, without what succeeded; or its whole message anew. Tried before it is done.

import { Button, Checkbox, Modal, Select } from '@mantine/core';
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { useNavigate } from '@tanstack/react-router';
import { lazy, Suspense, useState } from 'react';
import { api } from '../api/client.ts';
import type { Body } from '../api/client.ts';
import type { AgainAsk } from '../api/types.ts';
import { parseExact, prettyText } from '../parts/json.tsx';
import type { Hop } from '../parts/journey-tree.ts';
import { Notice, ProblemNotice } from '../parts/parts.tsx';
import { placeOfDelivery, useMay } from '../parts/rights.ts';
import { common, journey as texts } from '../texts/index.ts';
import { AgainOutcome } from './hop-replay-outcome.tsx';

const Editor = lazy(async () => ({ default: (await import('../parts/editor.tsx')).Editor }));

/** In the list of places: no flow has such a name. */
const here = '.';
const everywhere = '';

export function Replay({ hop, close }: { readonly hop: Hop; readonly close: () => void }) {
  const { message, delivery } = hop;
  const isRunnable = /^(flow|outbound):/.test(delivery.destination);
  const [where, setWhere] = useState(isRunnable ? here : everywhere);
  const flows = [...new Set(message.deliveries.map(({ flow }) => flow))];
  const props = { hop, open: useOpen(close), close };
  return (
    <Modal opened onClose={close} title={texts.replayTitle} size="xl" closeButtonProps={{ 'aria-label': common.close }}>
      <div className="stack">
        <p>{where === here ? texts.replayHereText : texts.replayText}</p>
        <Select
          label={texts.replayWhere}
          data={[
            ...(isRunnable ? [{ value: here, label: texts.replayHere }] : []),
            { value: everywhere, label: texts.replayEverywhere },
            ...flows.map((name) => ({ value: name, label: name })),
          ]}
          value={where}
          onChange={(value) => setWhere(value ?? everywhere)}
        />
        {where === here ? <HopAgain {...props} /> : <WholeMessage key={where} flow={where} {...props} />}
      </div>
    </Modal>
  );
}

interface FormProps {
  readonly hop: Hop;
  readonly open: (message: string) => void;
  readonly close: () => void;
}

function HopAgain({ hop: { message, delivery }, open, close }: FormProps) {
  const [revision, setRevision] = useState<AgainAsk['revision']>('current');
  const [sendsAll, setSendsAll] = useState(false);
  const [isEditing, setEditing] = useState(false);
  /** Once it differs from what is stored. */
  const [text, setText] = useState<string | undefined>();
  const seesBodies = useMay()('see-bodies', placeOfDelivery(delivery, message.source));
  const body = useQuery({
    queryKey: ['body', message.id],
    queryFn: () => api.body(message.id),
    staleTime: Infinity,
    enabled: isEditing,
  });
  const ask = async (preview: boolean) => {
    const value = isEditing && text !== undefined && body.data ? { value: valueOf(text, body.data) } : {};
    return api.again(delivery.id, { revision, outbounds: sendsAll ? 'all' : 'skip-done', preview, ...value });
  };
  const dryRun = useMutation({ mutationFn: () => ask(true) });
  const run = useMutation({
    mutationFn: () => ask(false),
    onSuccess: ({ how, id }) => how !== 'nothing' && id !== undefined && open(id),
  });
  /** What was tried before is not what is asked for then. */
  const change = (apply: () => void) => {
    apply();
    dryRun.reset();
    run.reset();
  };
  const told = run.data ?? dryRun.data;
  return (
    <>
      {delivery.destination.startsWith('flow:') && delivery.revision !== undefined && (
        <Select
          label={texts.again.revision}
          data={[
            { value: 'current', label: texts.again.current },
            { value: 'recorded', label: texts.again.recorded(delivery.revision) },
          ]}
          value={revision}
          onChange={(value) => change(() => setRevision(value === 'recorded' ? value : 'current'))}
        />
      )}
      <Checkbox
        label={texts.again.all}
        description={texts.again.allText}
        checked={sendsAll}
        onChange={(event) => change(() => setSendsAll(event.target.checked))}
      />
      {seesBodies && (
        <Checkbox
          label={texts.again.edit}
          checked={isEditing}
          onChange={(event) => change(() => (setEditing(event.target.checked), setText(undefined)))}
        />
      )}
      {isEditing && body.data && <BodyEditor body={body.data} text={text} setText={(to) => change(() => setText(to))} />}
      <ProblemNotice error={body.error ?? run.error ?? dryRun.error} />
      {run.data?.how === 'nothing' && !run.data.error && <Notice>{texts.again.nothingDone}</Notice>}
      {told && <AgainOutcome view={told} />}
      <Buttons dryRun={dryRun} run={run} word={texts.again.run} close={close} />
    </>
  );
}

/** As a new message: to one flow, or to everything that the message went to. */
function WholeMessage({ hop: { message, delivery }, flow, open, close }: FormProps & { readonly flow: string }) {
  const dryRun = useMutation({
    mutationFn: () => api.again(delivery.id, { revision: 'current', outbounds: 'all', preview: true }),
  });
  const run = useMutation({
    mutationFn: () => api.replay(message.id, flow === everywhere ? undefined : flow),
    onSuccess: ({ id }) => open(id),
  });
  const isTried = delivery.destination.startsWith('flow:') && (flow === everywhere || flow === delivery.flow);
  return (
    <>
      <ProblemNotice error={run.error ?? dryRun.error} />
      {dryRun.data && <AgainOutcome view={dryRun.data} />}
      <Buttons {...(isTried ? { dryRun } : {})} run={run} word={common.replay} close={close} />
    </>
  );
}

interface Act {
  readonly isPending: boolean;
  readonly mutate: () => void;
}

function Buttons({
  dryRun,
  run,
  word,
  close,
}: {
  readonly dryRun?: Act;
  readonly run: Act;
  readonly word: string;
  readonly close: () => void;
}) {
  return (
    <div className="row" style={{ justifyContent: 'flex-end' }}>
      <Button onClick={close}>{common.cancel}</Button>
      {dryRun && (
        <Button loading={dryRun.isPending} onClick={() => dryRun.mutate()}>
          {texts.editDryRun}
        </Button>
      )}
      <Button variant="filled" loading={run.isPending} onClick={() => run.mutate()}>
        {word}
      </Button>
    </div>
  );
}

function BodyEditor({
  body,
  text,
  setText,
}: {
  readonly body: Body;
  readonly text: string | undefined;
  readonly setText: (text: string) => void;
}) {
  if (!body.isShown) return <p className="dim">{texts.again.notEditable}</p>;
  const isJson = body.type.includes('json');
  return (
    <Suspense fallback={<p className="dim">{common.loading}</p>}>
      <Editor
        value={text ?? (isJson ? prettyText(body.text) : body.text)}
        language={isJson ? 'json' : 'text'}
        label={texts.body}
        onChange={setText}
        height="240px"
      />
    </Suspense>
  );
}

/** What is no JSON is sent as the text that it is. Throws where JSON was meant and is none. */
function valueOf(text: string, { type }: Body): unknown {
  return type.includes('json') ? parseExact(text) : text;
}

/** Closes the dialog, and leads to the journey that has begun or goes on. */
function useOpen(close: () => void): (message: string) => void {
  const navigate = useNavigate();
  const queries = useQueryClient();
  return (id) => {
    close();
    void queries.invalidateQueries();
    void navigate({ to: '/messages/$id', params: { id }, search: {} });
  };
}
