// One flow: its steps on a canvas, and its file beside them.

import { Button, Select } from '@mantine/core';
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { Link, useParams } from '@tanstack/react-router';
import { lazy, Suspense, useEffect, useMemo, useState } from 'react';
import '../look/canvas.css';
import { api } from '../api/client.ts';
import type { Flow, FlowDetail, FlowDrain } from '../api/types.ts';
import { Canvas } from '../parts/canvas.tsx';
import { DrainTag } from '../parts/drain-tag.tsx';
import { flowGraph } from '../parts/flow-graph.ts';
import type { StepBox } from '../parts/flow-graph.ts';
import { duration, placeOf } from '../parts/format.ts';
import { Icon } from '../parts/icons.tsx';
import { LinkButton } from '../parts/link-button.tsx';
import { Notice, PageHead, Panel, ProblemNotice, Tag } from '../parts/parts.tsx';
import { useMay } from '../parts/rights.ts';
import { common, failures as failureTexts, flows as texts } from '../texts/index.ts';

/** The editor is half of the script of this page: the steps are drawn while it loads. */
const FileEditor = lazy(async () => ({ default: (await import('./file-editor.tsx')).FileEditor }));

export function FlowPage() {
  const { name } = useParams({ from: '/flows/$name' });
  const flows = useQuery({ queryKey: ['flows'], queryFn: api.flows, refetchInterval: 4000 });
  const detail = useQuery({ queryKey: ['flow', name], queryFn: () => api.flow(name) });
  const [line, setLine] = useState<number | undefined>();
  const flow = flows.data?.find((one) => one.name === name);
  const may = useMay();
  return (
    <>
      <PageHead
        title={
          <span className="row">
            {name}
            {flow?.standstill && <Tag tone="warn">{texts.paused}</Tag>}
            {flow?.drain && <DrainTag drain={flow.drain} />}
          </span>
        }
        lead={flow?.standstill?.reason ?? (flow?.drain ? drainText(flow.drain) : flow?.description)}
      >
        <LinkButton to="/messages" search={{ where: `flow:${name}` }}>
          {texts.messages}
        </LinkButton>
        {may('see-bodies', { flows: [name] }) && <StepThrough flow={name} />}
        {flow && may('operate', { flows: [name] }) && <PauseButtons flow={flow} />}
      </PageHead>
      <ProblemNotice error={detail.error} />
      <HeldGroups flow={name} />
      {flow && detail.data && (
        <div className="split">
          <Panel title={texts.steps} end={<span className="dim">{texts.stepsLead(detail.data.looked)}</span>} bare>
            <Steps flow={flow} detail={detail.data} choose={setLine} />
          </Panel>
          <Suspense fallback={<p className="dim">{common.loading}</p>}>
            <Files detail={detail.data} line={line} />
          </Suspense>
        </div>
      )}
    </>
  );
}

/** The flow's own file, and the mappings that it names. */
function Files({ detail: { file, name, definition }, line }: { readonly detail: FlowDetail; readonly line: number | undefined }) {
  const [chosen, choose] = useState(file);
  const files = useMemo(() => [file, ...new Set(filesIn(definition))], [file, definition]);
  useEffect(() => {
    if (line !== undefined) choose(file);
  }, [line, file]);
  return (
    <div className="stack" style={{ gap: 8 }}>
      {files.length > 1 && (
        <Select aria-label={texts.file} data={files} value={chosen} onChange={(path) => choose(path ?? file)} />
      )}
      <FileEditor
        path={chosen}
        owner={chosen === file ? { flows: [name] } : 'everything'}
        flow={name}
        line={chosen === file ? line : undefined}
        kind="flow"
      />
    </div>
  );
}

function filesIn(written: unknown): readonly string[] {
  if (typeof written !== 'object' || written === null) return [];
  return Object.entries(written).flatMap(([name, value]: readonly [string, unknown]) =>
    name === 'file' && typeof value === 'string' ? [value] : filesIn(value),
  );
}

/** Messages that are held for good, as far as nobody decides: the flow looks well otherwise. */
function HeldGroups({ flow }: { readonly flow: string }) {
  const failures = useQuery({ queryKey: ['failures'], queryFn: api.failures, refetchInterval: 10_000 });
  const own = failures.data?.groups.filter(({ destination }) => destination === `flow:${flow}`) ?? [];
  const count = own.reduce((sum, { othersHeld }) => sum + othersHeld, 0);
  if (count === 0) return null;
  return (
    <div style={{ marginBottom: 14 }}>
      <Notice tone="warn">
        <p>{failureTexts.othersHeld(count)}</p>
        <p>
          <Link to="/failures">{failureTexts.title}</Link>
        </p>
      </Notice>
    </div>
  );
}

function StepThrough({ flow }: { readonly flow: string }) {
  const { data } = useQuery({
    queryKey: ['newest-of', flow],
    queryFn: () => api.messages({ destination: `flow:${flow}`, limit: 1 }),
  });
  const newest = data?.rows[0];
  if (!newest) return null;
  return (
    <LinkButton to="/messages/$id" params={{ id: newest.message.id }} search={{ delivery: newest.delivery.id, tab: 'steps' }}>
      {texts.stepThrough}
    </LinkButton>
  );
}

function PauseButtons({ flow: { name, standstill, drain } }: { readonly flow: Flow }) {
  const queries = useQueryClient();
  const again = { onSuccess: () => queries.invalidateQueries({ queryKey: ['flows'] }) };
  const rests = standstill !== undefined || drain !== undefined;
  const toggle = useMutation({
    mutationFn: (): Promise<unknown> => (rests ? api.resume('flow', name) : api.pause('flow', name)),
    ...again,
  });
  const drains = useMutation({ mutationFn: () => api.drainFlow(name), ...again });
  return (
    <>
      {!rests && (
        <Button loading={drains.isPending} onClick={() => drains.mutate()} title={texts.drainLead}>
          {texts.drain}
        </Button>
      )}
      <Button
        loading={toggle.isPending}
        onClick={() => toggle.mutate()}
        leftSection={<Icon name={rests ? 'play' : 'pause'} size={13} />}
      >
        {rests ? texts.resume : texts.pause}
      </Button>
    </>
  );
}

function drainText({ state }: FlowDrain): string {
  return state === 'drained' ? texts.drainedText : texts.drainingText;
}

function Steps({
  flow,
  detail,
  choose,
}: {
  readonly flow: Flow;
  readonly detail: FlowDetail;
  readonly choose: (line: number) => void;
}) {
  const graph = useMemo(() => flowGraph(detail.definition, flow.from, flow.to), [detail.definition, flow.from, flow.to]);
  const byId = new Map(graph.boxes.map((box) => [box.id, box]));
  return (
    <Canvas
      boxes={graph.boxes}
      lines={graph.lines}
      direction="DOWN"
      label={texts.steps}
      height="calc(100vh - 210px)"
      draw={(id) => {
        const box = byId.get(id);
        return box ? <StepNode box={box} detail={detail} choose={choose} /> : null;
      }}
    />
  );
}

function StepNode({
  box,
  detail,
  choose,
}: {
  readonly box: StepBox;
  readonly detail: FlowDetail;
  readonly choose: (line: number) => void;
}) {
  const step = box.index === undefined ? undefined : detail.steps[box.index];
  const place = box.kind === 'from' || box.kind === 'to' ? placeOf(box.name) : undefined;
  const words = (
    <>
      {place && (
        <span className={`glyph ${place.kind}`}>
          <Icon name={place.kind === 'reply' ? 'inbound' : place.kind} size={13} />
        </span>
      )}
      <span className="words">
        <b title={place?.name ?? box.name}>{place?.name ?? box.name}</b>
        {box.says && <small className={box.kind === 'step' ? 'mono' : ''}>{box.says}</small>}
      </span>
      {step && detail.looked > 0 && (
        <span className="num" style={{ textAlign: 'right', fontSize: 11, lineHeight: 1.3 }}>
          <span>{texts.passed(reachedOf(detail, box.index ?? 0), detail.looked)}</span>
          <span className="dim" style={{ display: 'block' }}>
            {step.failed > 0 ? <span style={{ color: 'var(--bad)' }}>{texts.failed(step.failed)}</span> : duration(step.meanMs)}
          </span>
        </span>
      )}
    </>
  );
  if (!step)
    return (
      <div className={`node ${box.kind === 'to' || box.kind === 'from' ? place?.kind : box.kind}`} style={{ cursor: 'default' }}>
        {words}
      </div>
    );
  return (
    <button type="button" className="node" onClick={() => choose(step.line)}>
      {words}
    </button>
  );
}

/** What came as far as this step: what went on behind the one before it. */
function reachedOf({ steps, looked }: FlowDetail, index: number): number {
  return index === 0 ? looked : (steps[index - 1]?.passed ?? 0);
}
