// What was applied to a file: who, when, why; compared with what is in force, and put back into the editor.

import { Button } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { api } from '../api/client.ts';
import type { Revision } from '../api/types.ts';
import { Diff } from '../parts/json.tsx';
import { ProblemNotice, Tag, Time } from '../parts/parts.tsx';
import { flows as texts } from '../texts/index.ts';

interface RevisionsProps {
  readonly path: string;
  readonly now: string;
  readonly restore: (text: string) => void;
}

export function Revisions({ path, now, restore }: RevisionsProps) {
  const found = useQuery({ queryKey: ['revisions', path], queryFn: () => api.revisions(path) });
  const revisions = found.data?.revisions ?? [];
  return (
    <div className="inside">
      <ProblemNotice error={found.error} />
      {found.data && revisions.length === 0 && <p className="dim">{texts.edit.noRevisions}</p>}
      <ol>
        {revisions.map((revision, index) => (
          <Entry key={revision.id} path={path} revision={revision} isNow={index === 0} now={now} restore={restore} />
        ))}
      </ol>
    </div>
  );
}

function Entry({
  path,
  revision,
  isNow,
  now,
  restore,
}: RevisionsProps & { readonly revision: Revision; readonly isNow: boolean }) {
  const [isOpen, setOpen] = useState(false);
  const text = useQuery({
    queryKey: ['revision', path, revision.id],
    queryFn: () => api.revision(path, revision.id),
    enabled: isOpen,
  });
  return (
    <li style={{ padding: '9px 0', borderBottom: '1px solid var(--line)' }}>
      <div className="row">
        <span className="strong">{revision.reason}</span>
        {isNow && <Tag tone="good">{texts.edit.now}</Tag>}
        {revision.commit && <span className="mono dim">{revision.commit}</span>}
        <span className="row" style={{ marginLeft: 'auto' }}>
          <Button size="compact-xs" onClick={() => setOpen(!isOpen)} aria-expanded={isOpen}>
            {texts.edit.compare}
          </Button>
          {!isNow && (
            <Button size="compact-xs" onClick={() => void api.revision(path, revision.id).then((found) => restore(found.text))}>
              {texts.edit.restore}
            </Button>
          )}
        </span>
      </div>
      <p className="dim">
        {revision.author && `${revision.author}, `}
        <Time at={revision.at} />
      </p>
      {isOpen && text.data && <Diff before={text.data.text} after={now} label={revision.reason} />}
    </li>
  );
}
