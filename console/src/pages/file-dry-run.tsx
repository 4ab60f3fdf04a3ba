// The dry run of an edit: which of the last recorded messages would come out otherwise, and how.

import { Button, NumberInput } from '@mantine/core';
import { useMutation } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import { useState } from 'react';
import { api } from '../api/client.ts';
import type { DryRun } from '../api/types.ts';
import { Diff } from '../parts/json.tsx';
import { Keys, Notice, ProblemNotice, Tag } from '../parts/parts.tsx';
import { flows as texts } from '../texts/index.ts';

/** More differences than these nobody reads. */
const shownMax = 20;

export function DryRunPane({
  path,
  text,
  flow,
  hasErrors,
}: {
  readonly path: string;
  readonly text: string;
  readonly flow: string;
  readonly hasErrors: boolean;
}) {
  const [last, setLast] = useState(20);
  const run = useMutation({ mutationFn: () => api.dryRun(path, text, flow, last) });
  return (
    <div className="inside stack">
      <p className="dim">{texts.edit.dryRunLead}</p>
      <div className="row" style={{ alignItems: 'flex-end' }}>
        <NumberInput
          label={texts.edit.last}
          min={1}
          max={200}
          value={last}
          onChange={(value) => setLast(Number(value) || 1)}
          style={{ width: 120 }}
        />
        <Button variant="filled" loading={run.isPending} disabled={hasErrors} onClick={() => run.mutate()}>
          {texts.edit.dryRun}
        </Button>
      </div>
      {hasErrors && <Notice tone="warn">{texts.edit.hasErrors}</Notice>}
      <ProblemNotice error={run.error} />
      {run.data && <Outcome run={run.data} />}
    </div>
  );
}

function Outcome({ run: { tried, same, changed } }: { readonly run: DryRun }) {
  if (tried === 0) return <p className="dim">{texts.edit.nothingRecorded}</p>;
  return (
    <div className="stack" aria-live="polite">
      <div className="row">
        <Tag tone="mute">{texts.edit.tried(tried)}</Tag>
        <Tag tone="good">{texts.edit.same(same)}</Tag>
        {changed.length > 0 && <Tag tone="warn">{texts.edit.changed(changed.length)}</Tag>}
      </div>
      {changed.slice(0, shownMax).map((one) => (
        <div key={one.delivery} className="stack" style={{ gap: 6 }}>
          <div className="row">
            <Keys keys={one.keys} />
            <Link to="/messages/$id" params={{ id: one.message }} search={{ delivery: one.delivery }}>
              {texts.edit.openMessage}
            </Link>
          </div>
          <Diff before={one.before} after={one.after} label={texts.edit.outputs} />
        </div>
      ))}
    </div>
  );
}
