// One box of the mesh: what it is, how it is, how much waits for it.

import type { Traffic } from '../api/types.ts';
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
  const waiting = loadOf(traffic, destinationsOf(box, mesh)).waiting;
  return (
    <button
      type="button"
      className={`node ${kind} ${mark}`}
      aria-pressed={isChosen}
      onClick={(event) => {
        event.stopPropagation();
        choose();
      }}
    >
      {kind === 'system' ? (
        <span className={`dot ${healthOf(mesh.systems.find((system) => system.name === name))}`} />
      ) : (
        <span className={`glyph ${kind}`}>
          <Icon name={kind === 'channel' ? 'channel' : kind === 'engine' ? 'settings' : 'flow'} size={13} />
        </span>
      )}
      <span className="words">
        <b>{name}</b>
        {says && <small>{says}</small>}
      </span>
      {waiting > 0 && (
        <span className="backlog num" title={texts.waiting}>
          {waiting.toLocaleString()}
        </span>
      )}
    </button>
  );
}

/** What waits at this box. */
export function destinationsOf({ kind, name, id }: MeshBox, mesh: Mesh): readonly string[] {
  if (kind === 'flow') return [`flow:${name}`];
  if (kind !== 'system' || id.startsWith('in:')) return [];
  return mesh.systems.find((system) => system.name === name)?.outbounds.map(({ destination }) => destination) ?? [];
}

function subtitle({ kind, name }: MeshBox, { systems, channels, flows }: Mesh): string {
  if (kind === 'channel') return channels.find((channel) => channel.name === name)?.model ?? texts.noModel;
  if (kind === 'engine') return `${flows.length} ${texts.flows}`;
  if (kind === 'flow') return flows.find((flow) => flow.name === name)?.standstill?.reason ?? '';
  const system = systems.find((one) => one.name === name);
  const open = system?.connections.find(({ breaker }) => breaker !== 'closed');
  if (open) return `${texts.breaker} ${open.breaker}`;
  return system?.standstill?.reason ?? [...new Set(system?.connections.map(({ connector }) => connector))].join(', ');
}
