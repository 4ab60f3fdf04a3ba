// Settings: how the engine runs, its log, backups, the appearance of the console, and mortise.yaml.

import { Button, SegmentedControl, Select, TextInput, useMantineColorScheme } from '@mantine/core';
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { lazy, Suspense, useState } from 'react';
import { api } from '../api/client.ts';
import { utcKey } from '../parts/format.ts';
import { Notice, PageHead, Panel, ProblemNotice, Tag } from '../parts/parts.tsx';
import { ProblemOrWait } from '../parts/second-person.tsx';
import { useMay } from '../parts/rights.ts';
import { common, settings as texts } from '../texts/index.ts';

const FileEditor = lazy(async () => ({ default: (await import('./file-editor.tsx')).FileEditor }));

export function Settings() {
  const may = useMay();
  return (
    <>
      <PageHead title={texts.title} lead={texts.lead} />
      <div className="split">
        <div className="stack">
          {may('operate', 'everything') && <Running />}
          {may('develop', 'everything') && <Reload />}
          {may('operate', 'everything') && <Log />}
          {may('administer', 'everything') && <Backup />}
          <Appearance />
        </div>
        <Suspense fallback={<p className="dim">{common.loading}</p>}>
          <FileEditor path="mortise.yaml" owner="everything" kind="mortise" />
        </Suspense>
      </div>
    </>
  );
}

function Running() {
  const queries = useQueryClient();
  const pauses = useQuery({ queryKey: ['pauses'], queryFn: api.pauses, refetchInterval: 3000 });
  const drain = useQuery({ queryKey: ['drain'], queryFn: api.drain, refetchInterval: 2000 });
  const isPaused = pauses.data?.some(({ kind }) => kind === 'engine') ?? false;
  const isDrained = drain.data !== undefined && drain.data.state !== 'off';
  const again = { onSuccess: () => queries.invalidateQueries() };
  const pause = useMutation({
    mutationFn: (): Promise<unknown> => (isPaused ? api.resume('engine') : api.pause('engine')),
    ...again,
  });
  const toggle = useMutation({ mutationFn: () => (isDrained ? api.cancelDrain() : api.beginDrain()), ...again });
  const left = drain.data?.left.reduce((sum, one) => sum + one.waiting + one.running, 0) ?? 0;
  return (
    <Panel title={texts.running}>
      <div className="stack">
        <p className="dim">{texts.pauseText}</p>
        <div>
          <Button loading={pause.isPending} onClick={() => pause.mutate()}>
            {isPaused ? texts.resumeEngine : texts.pauseEngine}
          </Button>
        </div>
        <p className="dim">{texts.drainText}</p>
        <div className="row">
          <Button loading={toggle.isPending} onClick={() => toggle.mutate()}>
            {isDrained ? texts.cancelDrain : texts.drain}
          </Button>
          {isDrained && <Tag tone="warn">{drain.data?.state === 'drained' ? texts.drained : texts.left(left)}</Tag>}
        </div>
        <ProblemNotice error={pause.error ?? toggle.error} />
      </div>
    </Panel>
  );
}

function Reload() {
  const queries = useQueryClient();
  const reload = useMutation({ mutationFn: api.reload, onSuccess: () => queries.invalidateQueries() });
  return (
    <Panel title={texts.reload}>
      <div className="stack">
        <p className="dim">{texts.reloadText}</p>
        <div>
          <Button loading={reload.isPending} onClick={() => reload.mutate()}>
            {texts.reload}
          </Button>
        </div>
        <ProblemOrWait error={reload.error} />
        {reload.data && (
          <Notice tone={reload.data.applied ? 'good' : 'bad'}>{reload.data.applied ? texts.reloaded : texts.notReloaded}</Notice>
        )}
        {reload.data?.problems.map(({ file, line, message }) => (
          <p key={`${file}:${line}:${message}`}>
            <span className="mono">
              {file}:{line}
            </span>{' '}
            {message}
          </p>
        ))}
      </div>
    </Panel>
  );
}

function Log() {
  const queries = useQueryClient();
  const log = useQuery({ queryKey: ['log'], queryFn: api.log });
  const set = useMutation({ mutationFn: api.setLog, onSuccess: () => queries.invalidateQueries({ queryKey: ['log'] }) });
  return (
    <Panel title={texts.log}>
      <div className="row">
        <Select
          aria-label={texts.log}
          data={['debug', 'info', 'warn', 'error', 'silent']}
          value={log.data?.level ?? null}
          onChange={(level) => level && set.mutate(level)}
          style={{ width: 130 }}
        />
        <span className="dim">{texts.logText}</span>
      </div>
      <ProblemNotice error={set.error} />
    </Panel>
  );
}

function Backup() {
  const [target, setTarget] = useState('');
  const backup = useMutation({ mutationFn: () => api.backup(target.trim()) });
  return (
    <Panel title={texts.backup}>
      <form
        className="stack"
        onSubmit={(event) => {
          event.preventDefault();
          backup.mutate();
        }}
      >
        <p className="dim">{texts.backupText}</p>
        <div className="row" style={{ alignItems: 'flex-end' }}>
          <TextInput
            label={texts.backupTarget}
            value={target}
            onChange={(event) => setTarget(event.target.value)}
            style={{ flex: 1 }}
          />
          <Button type="submit" disabled={target.trim() === ''} loading={backup.isPending}>
            {texts.backup}
          </Button>
        </div>
        <ProblemNotice error={backup.error} />
        {backup.data && (
          <Notice tone="good">
            {backup.data.files === undefined ? texts.backupRunning : texts.backupDone(backup.data.files)}
          </Notice>
        )}
      </form>
    </Panel>
  );
}

function Appearance() {
  const { colorScheme, setColorScheme } = useMantineColorScheme();
  return (
    <Panel title={texts.look}>
      <SegmentedControl
        aria-label={texts.look}
        value={colorScheme}
        onChange={(value) => setColorScheme(value as typeof colorScheme)}
        data={Object.entries(texts.looks).map(([value, label]) => ({ value, label }))}
      />
      <div style={{ marginTop: 10 }}>
        <SegmentedControl
          aria-label={texts.times}
          value={String(localStorage.getItem(utcKey) === 'true')}
          onChange={(value) => {
            localStorage.setItem(utcKey, value);
            location.reload();
          }}
          data={[
            { value: 'false', label: texts.ownZone(Intl.DateTimeFormat().resolvedOptions().timeZone) },
            { value: 'true', label: texts.utc },
          ]}
        />
      </div>
    </Panel>
  );
}
