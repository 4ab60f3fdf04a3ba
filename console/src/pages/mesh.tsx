// The mesh: systems, channels and flows as a map or a table, with what goes where just now.

import { SegmentedControl } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { Link, useNavigate } from '@tanstack/react-router';
import { useState } from 'react';
import '../look/canvas.css';
import { api } from '../api/client.ts';
import type { Traffic } from '../api/types.ts';
import { Canvas } from '../parts/canvas.tsx';
import { duration, rate } from '../parts/format.ts';
import { edgeRate, graphOf, healthOf, loadOf, outageOf } from '../parts/mesh-graph.ts';
import type { Mesh as MeshParts, MeshBox, Outage, View } from '../parts/mesh-graph.ts';
import { Empty, PageHead, ProblemNotice, Spark } from '../parts/parts.tsx';
import { mesh as texts } from '../texts/index.ts';
import { MeshNode } from './mesh-node.tsx';
import { MeshSide } from './mesh-side.tsx';

export function Mesh() {
  const [view, setView] = useState<View>('channel');
  const [shape, setShape] = useState(window.innerWidth <= 860 ? 'table' : 'map');
  const { mesh, traffic, error } = useMesh();
  return (
    <>
      <PageHead title={texts.title} lead={texts.lead}>
        {shape === 'map' && (
          <SegmentedControl
            aria-label={texts.view}
            value={view}
            onChange={(value) => setView(value as View)}
            data={Object.entries(texts.views).map(([value, label]) => ({ value, label }))}
          />
        )}
        <SegmentedControl
          aria-label={texts.shape}
          value={shape}
          onChange={setShape}
          data={Object.entries(texts.shapes).map(([value, label]) => ({ value, label }))}
        />
      </PageHead>
      <ProblemNotice error={error} />
      {mesh?.flows.length === 0 && (
        <section className="panel">
          <Empty title={texts.none} text={texts.noneText} />
        </section>
      )}
      {mesh &&
        mesh.flows.length > 0 &&
        (shape === 'map' ? <Map mesh={mesh} traffic={traffic} view={view} /> : <Table mesh={mesh} traffic={traffic} />)}
    </>
  );
}

function useMesh(): { readonly mesh: MeshParts | undefined; readonly traffic: Traffic | undefined; readonly error: unknown } {
  const flows = useQuery({ queryKey: ['flows'], queryFn: api.flows, refetchInterval: 4000 });
  const systems = useQuery({ queryKey: ['systems'], queryFn: api.systems, refetchInterval: 2000 });
  const channels = useQuery({ queryKey: ['channels'], queryFn: api.channels });
  const engine = useQuery({ queryKey: ['engine'], queryFn: api.engine });
  const traffic = useQuery({ queryKey: ['traffic'], queryFn: api.traffic, refetchInterval: 2000 });
  const mesh =
    flows.data && systems.data && channels.data
      ? { flows: flows.data, systems: systems.data, channels: channels.data, engine: engine.data?.name ?? '' }
      : undefined;
  return { mesh, traffic: traffic.data, error: flows.error ?? systems.error ?? traffic.error };
}

interface MapProps {
  readonly mesh: MeshParts;
  readonly traffic: Traffic | undefined;
  readonly view: View;
}

function Map({ mesh, traffic, view }: MapProps) {
  const [chosenId, choose] = useState<string | undefined>();
  const navigate = useNavigate();
  const { boxes, lines } = graphOf(mesh, view);
  const chosen = boxes.find(({ id }) => id === chosenId);
  const outage = chosen?.kind === 'system' ? outageOf(chosen.name, mesh) : undefined;
  const byId = new globalThis.Map(boxes.map((box) => [box.id, box]));
  const drawn = lines.map(({ id, source, target, carries }) => {
    const own = byId.get(source)?.kind === 'flow' ? edgeRate(traffic, byId.get(source)?.name ?? '', carries) : undefined;
    const perSecond = own ?? loadOf(traffic, carries).perSecond;
    const health = healthOf(
      mesh.systems.find(({ name }) => name === byId.get(target)?.name && byId.get(target)?.kind === 'system'),
    );
    return {
      id,
      source,
      target,
      isLive: perSecond > 0,
      ...(perSecond > 0 ? { label: `${rate(perSecond)}/s` } : {}),
      ...(health === 'bad' ? { tone: 'bad' as const } : health === 'warn' ? { tone: 'warn' as const } : {}),
    };
  });
  /** What went along a line is in the list of messages; what goes to a system by several outbounds is there under its name. */
  const follow = (id: string): void => {
    const line = lines.find((one) => one.id === id);
    const target = byId.get(line?.target ?? '');
    const where = line?.carries.length !== 1 && target?.kind === 'system' ? `system:${target.name}` : line?.carries[0];
    if (where !== undefined) void navigate({ to: '/messages', search: { where } });
  };
  return (
    <div className="mesh">
      <section className="panel">
        <Canvas
          boxes={boxes}
          lines={drawn}
          direction="RIGHT"
          label={texts.title}
          height="calc(100vh - 150px)"
          onFollow={follow}
          draw={(id) => {
            const box = byId.get(id);
            if (!box) return null;
            return (
              <MeshNode
                box={box}
                mesh={mesh}
                traffic={traffic}
                isChosen={id === chosenId}
                mark={markOf(box, outage)}
                choose={() => choose(id === chosenId ? undefined : id)}
              />
            );
          }}
        />
      </section>
      {chosen && (
        <div className="side">
          <MeshSide box={chosen} mesh={mesh} traffic={traffic} outage={outage} close={() => choose(undefined)} />
        </div>
      )}
    </div>
  );
}

function markOf({ kind, name }: MeshBox, outage: Outage | undefined): string {
  if (!outage || kind !== 'flow') return '';
  if (outage.waits.includes(name)) return 'hurt';
  if (outage.starves.includes(name) || outage.further.includes(name)) return 'less';
  return 'faded';
}

function Table({ mesh, traffic }: { readonly mesh: MeshParts; readonly traffic: Traffic | undefined }) {
  const { columns } = texts;
  return (
    <section className="panel scroll-x">
      <table className="table">
        <thead>
          <tr>
            <th>{columns.flow}</th>
            <th className="only-wide">{columns.from}</th>
            <th className="only-wide">{columns.to}</th>
            <th className="right">{columns.rate}</th>
            <th className="only-wide" />
            <th className="right">{columns.waiting}</th>
            <th className="right">{columns.oldest}</th>
          </tr>
        </thead>
        <tbody>
          {mesh.flows.map((flow) => {
            const load = loadOf(traffic, [`flow:${flow.name}`]);
            const series = traffic?.destinations.find(({ name }) => name === `flow:${flow.name}`)?.series ?? [];
            return (
              <tr key={flow.name}>
                <td>
                  <Link to="/flows/$name" params={{ name: flow.name }} className="strong">
                    {flow.name}
                  </Link>
                </td>
                <td className="dim only-wide">{flow.from}</td>
                <td className="dim only-wide">{flow.to.map((to) => to.replace('outbound:', '')).join(', ')}</td>
                <td className="right num">{rate(load.perSecond)}/s</td>
                <td className="only-wide">
                  <Spark values={series} />
                </td>
                <td className="right num">{load.waiting.toLocaleString()}</td>
                <td className="right num">{load.oldestAt ? duration(Date.now() - Date.parse(load.oldestAt)) : ''}</td>
              </tr>
            );
          })}
        </tbody>
      </table>
    </section>
  );
}
