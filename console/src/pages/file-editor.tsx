// A file of the project: edit, check, dry run, apply, and back to any revision.

import { Button, Tabs } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { lazy, Suspense, useEffect, useState } from 'react';
import { api } from '../api/client.ts';
import type { ProjectFile, ProjectProblem } from '../api/types.ts';
import { Editor } from '../parts/editor.tsx';
import { Panel, ProblemNotice, Tag } from '../parts/parts.tsx';
import { useMay } from '../parts/rights.ts';
import type { Place } from '../parts/rights.ts';
import { common, flows as texts, systems as systemTexts } from '../texts/index.ts';
import { ApplyDialog } from './file-apply.tsx';
import { DryRunPane } from './file-dry-run.tsx';
import { Revisions } from './file-revisions.tsx';

interface FileEditorProps {
  readonly path: string;
  /** What it belongs to: whoever may develop that may change it. */
  readonly owner: Place;
  /** Which schema completes it. */
  readonly kind: 'flow' | 'system' | 'mortise' | 'alert' | 'model';
  /** Tried in a dry run. */
  readonly flow?: string;
  readonly line?: number | undefined;
}

/** People stop typing for so long before the file is checked. */
const checkAfterMs = 350;

export function FileEditor(props: FileEditorProps) {
  const may = useMay();
  const file = useQuery({ queryKey: ['file', props.path], queryFn: () => api.file(props.path) });
  if (file.error) return <ProblemNotice error={file.error} />;
  if (!file.data) return <p className="dim">{common.loading}</p>;
  const shown = { ...file.data, writable: file.data.writable && may('develop', props.owner) };
  return <Loaded key={shown.path} {...props} file={shown} mayTry={may('see-bodies', props.owner)} />;
}

interface LoadedProps extends FileEditorProps {
  readonly file: ProjectFile;
  /** A dry run shows bodies. */
  readonly mayTry: boolean;
}

function Loaded({ file, kind, flow, line, mayTry }: LoadedProps) {
  const [text, setText] = useState(file.text);
  const [base, setBase] = useState(file);
  const [isApplying, setApplying] = useState(false);
  const [tab, setTab] = useState<string | null>('file');
  const isChanged = text !== base.text;
  // What somebody else applied is taken over as long as nothing was written here.
  useEffect(() => {
    if (isChanged || file.hash === base.hash) return;
    setBase(file);
    setText(file.text);
  }, [file, base, isChanged]);
  const { problems, isChecking } = useCheck(file.path, text, file.writable);
  const hasErrors = problems.some(({ severity }) => severity === 'error');
  const take = (next: ProjectFile, written: string): void => {
    setBase(next);
    setText(written);
  };
  return (
    <Panel
      title={<span className="mono">{file.path}</span>}
      end={
        file.writable && (
          <>
            <CheckState problems={problems} isChecking={isChecking} isChanged={isChanged} />
            {isChanged && <Button onClick={() => setText(base.text)}>{texts.edit.revert}</Button>}
            <Button variant="filled" disabled={!isChanged || hasErrors} onClick={() => setApplying(true)}>
              {texts.edit.apply}
            </Button>
          </>
        )
      }
      bare
    >
      <Tabs value={tab} onChange={setTab} keepMounted={false}>
        <Tabs.List px="sm">
          <Tabs.Tab value="file">{texts.file}</Tabs.Tab>
          {flow !== undefined && file.writable && mayTry && <Tabs.Tab value="dry-run">{texts.edit.dryRun}</Tabs.Tab>}
          {kind === 'system' && file.writable && <Tabs.Tab value="form">{systemTexts.form.tab}</Tabs.Tab>}
          {file.writable && <Tabs.Tab value="revisions">{texts.edit.revisions}</Tabs.Tab>}
        </Tabs.List>
        <Tabs.Panel value="file">
          <FileText file={file} text={text} setText={setText} problems={problems} kind={kind} line={line} />
        </Tabs.Panel>
        {flow !== undefined && (
          <Tabs.Panel value="dry-run">
            <DryRunPane path={file.path} text={text} flow={flow} hasErrors={hasErrors} />
          </Tabs.Panel>
        )}
        <Tabs.Panel value="form">
          <FormPane text={text} setText={setText} />
        </Tabs.Panel>
        <Tabs.Panel value="revisions">
          <Revisions
            path={file.path}
            now={base.text}
            restore={(former) => {
              setText(former);
              setTab('file');
            }}
          />
        </Tabs.Panel>
      </Tabs>
      {isApplying && <ApplyDialog base={base} text={text} close={() => setApplying(false)} take={take} />}
    </Panel>
  );
}

const SystemForm = lazy(async () => ({ default: (await import('./system-form.tsx')).SystemForm }));

function FormPane({ text, setText }: { readonly text: string; readonly setText: (text: string) => void }) {
  const { data: schemas } = useQuery({ queryKey: ['schemas'], queryFn: api.schemas, staleTime: 60_000 });
  return (
    <Suspense fallback={<p className="dim inside">{common.loading}</p>}>
      {schemas && <SystemForm text={text} setText={setText} schema={schemas['system']} />}
    </Suspense>
  );
}

interface FileTextProps extends Pick<FileEditorProps, 'kind' | 'line'> {
  readonly file: ProjectFile;
  readonly text: string;
  readonly setText: (text: string) => void;
  readonly problems: readonly ProjectProblem[];
}

function FileText({ file, text, setText, problems, kind, line }: FileTextProps) {
  const { data: schemas } = useQuery({ queryKey: ['schemas'], queryFn: api.schemas, staleTime: 60_000 });
  return (
    <>
      {/\.[jt]s$/.test(file.path) && <p className="dim inside">{texts.readOnly}</p>}
      <Editor
        value={text}
        language={file.path.endsWith('.yaml') ? 'yaml' : file.path.endsWith('.json') ? 'json' : 'text'}
        label={file.path}
        problems={problems}
        schema={file.path.endsWith('.yaml') ? schemas?.[kind] : undefined}
        line={line}
        height="calc(100vh - 254px)"
        {...(file.writable ? { onChange: setText } : {})}
      />
    </>
  );
}

/** The problems of this file; of others only where the change made them. */
function useCheck(path: string, text: string, isWritable: boolean) {
  const [settled, setSettled] = useState(text);
  useEffect(() => {
    const timer = setTimeout(() => setSettled(text), checkAfterMs);
    return () => clearTimeout(timer);
  }, [text]);
  const check = useQuery({
    queryKey: ['check', path, settled],
    queryFn: () => api.check(path, settled),
    enabled: isWritable,
    staleTime: 30_000,
    placeholderData: (former) => former,
  });
  const problems = check.data?.problems.filter(({ file, severity }) => file === path || severity === 'error') ?? none;
  return { problems, isChecking: check.isFetching || settled !== text };
}

const none: readonly ProjectProblem[] = [];

interface CheckStateProps {
  readonly problems: readonly ProjectProblem[];
  readonly isChecking: boolean;
  readonly isChanged: boolean;
}

function CheckState({ problems, isChecking, isChanged }: CheckStateProps) {
  if (isChecking) return <Tag tone="mute">{texts.edit.checking}</Tag>;
  const errors = problems.filter(({ severity }) => severity === 'error').length;
  if (problems.length > 0)
    return <Tag tone={errors > 0 ? 'bad' : 'warn'}>{texts.edit.problems(errors, problems.length - errors)}</Tag>;
  return <Tag tone="good">{isChanged ? texts.edit.clean : texts.edit.unchanged}</Tag>;
}
