// What waits for a second person: decided by those who may, and done by whoever asked once it was approved.

import { Button, Modal, Textarea } from '@mantine/core';
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import { useState } from 'react';
import { api } from '../api/client.ts';
import { people } from '../api/people.ts';
import type { Approval } from '../api/people-types.ts';
import { newFile } from '../api/types.ts';
import { valueText } from '../parts/format.ts';
import { Diff } from '../parts/json.tsx';
import { Empty, Notice, PageHead, ProblemNotice, Tag, Time } from '../parts/parts.tsx';
import { approvals as texts, common } from '../texts/index.ts';

export function Approvals() {
  const approvals = useQuery({ queryKey: ['approvals'], queryFn: people.approvals, refetchInterval: 3000 });
  const [done, setDone] = useState(false);
  return (
    <>
      <PageHead title={texts.title} lead={texts.lead} />
      <ProblemNotice error={approvals.error} />
      <div className="stack">
        {done && <Notice tone="good">{texts.done}</Notice>}
        {approvals.data?.length === 0 && (
          <section className="panel">
            <Empty title={texts.none} text={texts.noneText} />
          </section>
        )}
        {approvals.data?.map((approval) => (
          <One key={approval.id} approval={approval} onDone={() => setDone(true)} />
        ))}
      </div>
    </>
  );
}

function One({ approval, onDone }: { readonly approval: Approval; readonly onDone: () => void }) {
  const { action, who, mine, askedAt } = approval;
  return (
    <article className="panel" aria-label={`${texts.actions[action] ?? action}, ${who}`}>
      <header>
        <h2>{texts.actions[action] ?? action}</h2>
        <span className="dim">
          {texts.askedBy} {mine ? texts.you : who}, <Time at={askedAt} />
        </span>
        <StateOf approval={approval} />
        <div className="end">
          <Actions approval={approval} onDone={onDone} />
        </div>
      </header>
      <div className="inside">
        <About approval={approval} />
      </div>
    </article>
  );
}

function StateOf({ approval: { approvedBy, refusedBy } }: { readonly approval: Approval }) {
  if (refusedBy !== undefined) return <Tag tone="bad">{texts.refused(refusedBy)}</Tag>;
  if (approvedBy !== undefined) return <Tag tone="good">{texts.approved(approvedBy)}</Tag>;
  return <Tag tone="warn">{texts.waits}</Tag>;
}

/** What exactly is asked for: of a file the difference to what is in force, of all else every word of the request. */
function About({ approval: { action, about, reason } }: { readonly approval: Approval }) {
  const { path, text, journeys, ...rest } = about;
  const isFile = action === 'applyFile' && typeof path === 'string' && typeof text === 'string';
  const file = useQuery({
    queryKey: ['file', path],
    queryFn: () => api.file(String(path)),
    enabled: isFile,
  });
  return (
    <div className="stack">
      {reason && <Notice tone="warn">{reason}</Notice>}
      {isFile && (
        <>
          <p>
            <span className="mono">{path}</span> {valueText(rest['reason'])}
          </p>
          {(file.data || rest['base'] === newFile) && <Diff before={file.data?.text ?? ''} after={text} label={texts.change} />}
        </>
      )}
      {!isFile && (
        <dl className="facts">
          {Object.entries(rest)
            .filter(([, value]) => value !== false && value !== '')
            .map(([name, value]) => (
              <div key={name} style={{ display: 'contents' }}>
                <dt>{texts.facts[name] ?? name}</dt>
                <dd className="mono">{valueText(value)}</dd>
              </div>
            ))}
        </dl>
      )}
      {Array.isArray(journeys) && <Journeys roots={journeys.map(String)} />}
    </div>
  );
}

/** What would be erased: whoever may see it looks at it there. */
function Journeys({ roots }: { readonly roots: readonly string[] }) {
  return (
    <ul>
      {roots.map((id) => (
        <li key={id} className="mono" style={{ lineHeight: '26px' }}>
          <Link to="/messages/$id" params={{ id }} style={{ display: 'inline-block' }}>
            {id}
          </Link>
        </li>
      ))}
    </ul>
  );
}

function Actions({ approval, onDone }: { readonly approval: Approval; readonly onDone: () => void }) {
  const { id, action, mine, approvedBy, refusedBy } = approval;
  const queries = useQueryClient();
  const again = { onSettled: () => queries.invalidateQueries() };
  const approve = useMutation({ mutationFn: () => people.approve(id), ...again });
  const takeBack = useMutation({ mutationFn: () => people.refuse(id, ''), ...again });
  const askAgain = useMutation({ mutationFn: () => people.askAgain(approval), ...again, onSuccess: onDone });
  const [isRefusing, setRefusing] = useState(false);
  const error = approve.error ?? takeBack.error ?? askAgain.error;
  if (mine)
    return (
      <>
        {approvedBy !== undefined && action === 'erase' && <span className="dim">{texts.eraseAgain}</span>}
        {approvedBy !== undefined && action !== 'erase' && (
          <Button variant="filled" loading={askAgain.isPending} onClick={() => askAgain.mutate()}>
            {texts.doIt}
          </Button>
        )}
        {refusedBy === undefined && (
          <Button loading={takeBack.isPending} onClick={() => takeBack.mutate()}>
            {texts.takeBack}
          </Button>
        )}
        <Failed error={error} close={() => [takeBack, askAgain].forEach((one) => one.reset())} />
      </>
    );
  if (approvedBy !== undefined || refusedBy !== undefined) return null;
  return (
    <>
      <Button variant="filled" loading={approve.isPending} onClick={() => approve.mutate()}>
        {texts.approve}
      </Button>
      <Button onClick={() => setRefusing(true)}>{texts.refuse}</Button>
      {isRefusing && <Refuse id={id} close={() => setRefusing(false)} />}
      <Failed error={error} close={() => approve.reset()} />
    </>
  );
}

function Failed({ error, close }: { readonly error: unknown; readonly close: () => void }) {
  if (!error) return null;
  return (
    <Modal opened onClose={close} title={texts.title} closeButtonProps={{ 'aria-label': common.close }}>
      <ProblemNotice error={error} />
    </Modal>
  );
}

function Refuse({ id, close }: { readonly id: string; readonly close: () => void }) {
  const [reason, setReason] = useState('');
  const queries = useQueryClient();
  const refuse = useMutation({
    mutationFn: () => people.refuse(id, reason.trim()),
    onSuccess: async () => {
      close();
      await queries.invalidateQueries();
    },
  });
  return (
    <Modal opened onClose={close} title={texts.refuse} closeButtonProps={{ 'aria-label': common.close }}>
      <div className="stack">
        <Textarea label={common.reason} value={reason} onChange={(event) => setReason(event.target.value)} data-autofocus />
        <ProblemNotice error={refuse.error} />
        <div className="row" style={{ justifyContent: 'flex-end' }}>
          <Button onClick={close}>{common.cancel}</Button>
          <Button variant="filled" color="red" loading={refuse.isPending} onClick={() => refuse.mutate()}>
            {texts.refuse}
          </Button>
        </div>
      </div>
    </Modal>
  );
}
