// Applying a change, and why; and what is shown where somebody else was quicker.

import { Button, Modal, Textarea } from '@mantine/core';
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { api, ApiProblem } from '../api/client.ts';
import type { ProjectFile, ProjectProblem } from '../api/types.ts';
import { Diff } from '../parts/json.tsx';
import { Notice } from '../parts/parts.tsx';
import { ProblemOrWait, waitsForSecond } from '../parts/second-person.tsx';
import { common, flows as texts } from '../texts/index.ts';

interface ApplyProps {
  readonly base: ProjectFile;
  readonly text: string;
  readonly close: () => void;
  /** What is on disk now, and what stands in the editor. */
  readonly take: (file: ProjectFile, text: string) => void;
}

export function ApplyDialog({ base, text, close, take }: ApplyProps) {
  const queries = useQueryClient();
  const [reason, setReason] = useState('');
  const apply = useMutation({
    mutationFn: () => api.apply(base.path, text, base.hash, reason.trim()),
    onSuccess: async ({ applied }) => {
      if (!applied) return;
      take(await api.file(base.path), text);
      await queries.invalidateQueries();
      close();
    },
  });
  const isConflict = apply.error instanceof ApiProblem && apply.error.code === 'MORTISE_CONTROL_CHANGED';
  return (
    <Modal opened onClose={close} title={texts.edit.applyTitle} size="lg" closeButtonProps={{ 'aria-label': common.close }}>
      {isConflict ? (
        <Conflict base={base} text={text} close={close} take={take} />
      ) : (
        <div className="stack">
          <p>{texts.edit.applyText}</p>
          <Diff before={base.text} after={text} label={base.path} />
          <Textarea
            label={texts.edit.reason}
            value={reason}
            onChange={(event) => setReason(event.target.value)}
            required
            data-autofocus
          />
          <ProblemOrWait error={apply.error} />
          {apply.data?.applied === false && <Faults problems={apply.data.problems} />}
          <div className="row" style={{ justifyContent: 'flex-end' }}>
            <Button onClick={close}>{waitsForSecond(apply.error) ? common.close : common.cancel}</Button>
            {!waitsForSecond(apply.error) && (
              <Button variant="filled" disabled={reason.trim() === ''} loading={apply.isPending} onClick={() => apply.mutate()}>
                {texts.edit.apply}
              </Button>
            )}
          </div>
        </div>
      )}
    </Modal>
  );
}

function Faults({ problems }: { readonly problems: readonly ProjectProblem[] }) {
  const errors = problems.filter(({ severity }) => severity === 'error');
  return (
    <Notice tone="bad">
      <p>{texts.edit.hasErrors}</p>
      <ul>
        {errors.map(({ file, line, message, remedy }) => (
          <li key={`${file}:${line} ${message}`}>
            <span className="mono">{`${file}:${line}`}</span> {message} {remedy}
          </li>
        ))}
      </ul>
    </Notice>
  );
}

function Conflict({ base, text, close, take }: ApplyProps) {
  const load = useMutation({
    mutationFn: () => api.file(base.path),
    onSuccess: () => undefined,
  });
  const [theirs, setTheirs] = useState<ProjectFile | undefined>();
  if (!theirs && load.isIdle) load.mutate(undefined, { onSuccess: setTheirs });
  return (
    <div className="stack">
      <Notice tone="warn">
        <p>
          <b>{texts.edit.conflict}</b>
        </p>
        <p>{texts.edit.conflictText}</p>
      </Notice>
      {theirs && <Diff before={theirs.text} after={text} label={base.path} />}
      <div className="row" style={{ justifyContent: 'flex-end' }}>
        <Button
          disabled={!theirs}
          onClick={() => {
            if (theirs) take(theirs, theirs.text);
            close();
          }}
        >
          {texts.edit.takeTheirs}
        </Button>
        <Button
          variant="filled"
          disabled={!theirs}
          onClick={() => {
            if (theirs) take(theirs, text);
            close();
          }}
        >
          {texts.edit.keepMine}
        </Button>
      </div>
    </div>
  );
}
