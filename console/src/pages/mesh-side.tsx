// Beside the map: what was chosen, and what happens if that system is down.

import { ActionIcon } from '@mantine/core';
import { Link } from '@tanstack/react-router';
import type { Traffic } from '../api/types.ts';
import { duration, rate } from '../parts/format.ts';
import { Icon } from '../parts/icons.tsx';
import { loadOf } from '../parts/mesh-graph.ts';
import type { Mesh, MeshBox, Outage } from '../parts/mesh-graph.ts';
import { LinkButton } from '../parts/link-button.tsx';
import { Panel } from '../parts/parts.tsx';
import { common, mesh as texts } from '../texts/index.ts';
import { destinationsOf } from './mesh-node.tsx';
import { SystemState } from './systems.tsx';

interface SideProps {
  readonly box: MeshBox;
  readonly mesh: Mesh;
  readonly traffic: Traffic | undefined;
  readonly outage: Outage | undefined;
  readonly close: () => void;
}

export function MeshSide({ box, mesh, traffic, outage, close }: SideProps) {
  const load = loadOf(traffic, destinationsOf(box, mesh));
  const system = box.kind === 'system' ? mesh.systems.find(({ name }) => name === box.name) : undefined;
  return (
    <Panel
      title={box.name}
      end={
        <ActionIcon aria-label={common.close} onClick={close}>
          <Icon name="close" size={14} />
        </ActionIcon>
      }
    >
      <div className="stack">
        <dl className="facts num">
          {system && (
            <>
              <dt>{texts.state}</dt>
              <dd>
                <SystemState system={system} />
              </dd>
            </>
          )}
          <dt>{texts.columns.rate}</dt>
          <dd>{rate(load.perSecond)}/s</dd>
          <dt>{texts.columns.waiting}</dt>
          <dd>{load.waiting.toLocaleString()}</dd>
          {load.oldestAt && (
            <>
              <dt>{texts.columns.oldest}</dt>
              <dd>{duration(Date.now() - Date.parse(load.oldestAt))}</dd>
            </>
          )}
          <dt>{texts.failedPerMinute}</dt>
          <dd>{load.failedPerMinute}</dd>
        </dl>
        <div className="row">
          <Open box={box} mesh={mesh} />
        </div>
        {outage && <WhatIf outage={outage} />}
      </div>
    </Panel>
  );
}

function Open({ box: { kind, name }, mesh }: Pick<SideProps, 'box' | 'mesh'>) {
  if (kind === 'flow')
    return (
      <>
        <LinkButton to="/flows/$name" params={{ name }}>
          {texts.open}
        </LinkButton>
        <LinkButton to="/messages" search={{ where: `flow:${name}` }}>
          {texts.messages}
        </LinkButton>
      </>
    );
  if (kind === 'system')
    return (
      <LinkButton to="/systems/$name" params={{ name }}>
        {texts.open}
      </LinkButton>
    );
  const channel = mesh.channels.find((one) => one.name === name);
  const takers = mesh.flows.filter(({ from }) => from === `channel:${name}`).map((flow) => flow.name);
  return (
    <div className="stack" style={{ gap: 8 }}>
      <p className="dim">
        {channel?.kind}
        {channel?.model && (
          <>
            {', '}
            <Link to="/models/$name" params={{ name: channel.model }}>
              {channel.model}
            </Link>
          </>
        )}
      </p>
      <Names title={texts.takenBy} names={takers} />
    </div>
  );
}

function WhatIf({ outage }: { readonly outage: Outage }) {
  return (
    <div className="stack" style={{ gap: 8 }}>
      <h3 style={{ fontSize: 13 }}>{texts.whatIf}</h3>
      <Names title={texts.waits} names={outage.waits} />
      <Names title={texts.starves} names={outage.starves} />
      <Names title={texts.further} names={outage.further} />
      <p className="dim">{texts.untouched(outage.untouched.length)}</p>
    </div>
  );
}

function Names({ title, names }: { readonly title: string; readonly names: readonly string[] }) {
  if (names.length === 0) return null;
  return (
    <div>
      <p className="dim">{title}</p>
      <ul>
        {names.map((name) => (
          <li key={name}>
            <Link to="/flows/$name" params={{ name }}>
              {name}
            </Link>
          </li>
        ))}
      </ul>
    </div>
  );
}
