// One box of the mesh: what it is, how it is, how much waits for it.

import type { Traffic } from '../api/types.ts';
import { duration } from '../parts/format.ts';
import { healthOf, loadOf } from '../parts/mesh-graph.ts';
import type { Mesh, MeshBox } from '../parts/mesh-graph.ts';
import { Icon } from '../parts/icons.tsx';
import { mesh as texts } from '../texts/index.ts';

interface NodeProps {
  readonly box: MeshBox;
  readonly mesh: Mesh;
  readonly traffic: Traffic | undefined;
  readonly isChosen: boolean;
  readonly mark: string;
  readonly choose: () => void;
}

export function MeshNode({ box, mesh, traffic, isChosen, mark, choose }: NodeProps) {
  const { kind, name } = box;
  const says = subtitle(box, mesh);
  // A system that sends and receives stands at both sides; what waits for it is at the right.
  const isSide = kind === 'flow' || box.id.startsWith('out:');
  const { waiting, oldestAt } = loadOf(traffic, isSide ? destinationsOf(box, mesh) : []);
  return (
    <button
      type="button"
      className={`node of-mesh ${kind} ${mark}`}
      title={name}
      aria-pressed={isChosen}
      onClick={(event) => {
        event.stopPropagation();
        choose();
      }}
    >
      {kind === 'system' ? (
        <span className={`dot ${healthOf(mesh.systems.find((system) => system.name === name))}`} />
      ) : kind === 'flow' ? null : (
        <span className={`glyph ${kind}`}>
          <Icon name={kind === 'channel' ? 'channel' : 'settings'} size={13} />
        </span>
      )}
      <span className="words">
        <b>{name}</b>
        {says && <small>{says}</small>}
      </span>
      {waiting > 0 && (
        <span className="backlog num" title={`${texts.waiting}; ${texts.columns.oldest}`}>
          {waiting.toLocaleString()}
          {oldestAt && ` · ${shortAge(oldestAt)}`}
        </span>
      )}
    </button>
  );
}

/** In the largest unit. */
function shortAge(at: string): string {
  return duration(Date.now() - Date.parse(at))
    .split(' ')
    .slice(0, 2)
    .join(' ');
}

/** What is sent there, and may wait. */
export function destinationsOf({ kind, name }: MeshBox, mesh: Mesh): readonly string[] {
  if (kind === 'flow') return [`flow:${name}`];
  if (kind === 'channel') return mesh.flows.filter(({ from }) => from === `channel:${name}`).map((flow) => `flow:${flow.name}`);
  return mesh.systems.find((system) => system.name === name)?.outbounds.map(({ destination }) => destination) ?? [];
}

function subtitle({ kind, name }: MeshBox, { systems, channels, flows }: Mesh): string {
  if (kind === 'channel') return channels.find((channel) => channel.name === name)?.model ?? '';
  if (kind === 'engine') return `${flows.length} ${texts.flows}`;
  if (kind === 'flow') return flows.find((flow) => flow.name === name)?.standstill?.reason ?? '';
  const system = systems.find((one) => one.name === name);
  const open = system?.connections.find(({ breaker }) => breaker !== 'closed');
  if (open) return `${texts.breaker} ${open.breaker}`;
  if (system?.inbounds.some(({ state }) => state === 'failing')) return texts.inboundFails;
  return system?.standstill?.reason ?? [...new Set(system?.connections.map(({ connector }) => connector))].join(', ');
}
