// About: what runs here, and where it can be asked.

import { useQuery } from '@tanstack/react-query';
import { api } from '../api/client.ts';
import { duration } from '../parts/format.ts';
import { PageHead, Panel, ProblemNotice, Time } from '../parts/parts.tsx';
import { about as texts } from '../texts/index.ts';

export function About() {
  const { data: engine, error } = useQuery({ queryKey: ['engine'], queryFn: api.engine, refetchInterval: 5000 });
  if (!engine) return <ProblemNotice error={error} />;
  const lines: readonly (readonly [string, React.ReactNode])[] = [
    [texts.version, engine.version],
    [texts.node, engine.node],
    [
      texts.revision,
      <span className="mono" key="r">
        {engine.revision}
      </span>,
    ],
    ...(engine.environment ? [[texts.environment, engine.environment] as const] : []),
    [texts.started, <Time key="t" at={engine.startedAt} />],
    [texts.uptime, duration(engine.uptimeMs)],
    [texts.pid, engine.pid],
    [
      texts.folder,
      <span className="mono" key="f">
        {engine.folder}
      </span>,
    ],
    [
      texts.inbound,
      <span className="mono" key="i">
        http://{engine.addresses.inbound}
      </span>,
    ],
    [
      texts.control,
      <span className="mono" key="c">
        http://{engine.addresses.control}
      </span>,
    ],
  ];
  return (
    <>
      <PageHead title={texts.title} />
      <div className="split">
        <Panel title={engine.name}>
          <dl className="facts">
            {lines.map(([name, value]) => (
              <div key={name} style={{ display: 'contents' }}>
                <dt>{name}</dt>
                <dd>{value}</dd>
              </div>
            ))}
          </dl>
        </Panel>
        <Links />
      </div>
    </>
  );
}

function Links() {
  return (
    <div className="stack">
      <Panel title={texts.keys}>
        <dl className="facts">
          {texts.keyList.map(([key, says]) => (
            <div key={key} style={{ display: 'contents' }}>
              <dt>
                <span className="kbd">{key}</span>
              </dt>
              <dd>{says}</dd>
            </div>
          ))}
        </dl>
      </Panel>
      <Panel title={texts.control}>
        <ul className="stack" style={{ gap: 6 }}>
          <li>
            <a href="/api/docs">{texts.reference}</a>
          </li>
          <li>
            <a href="/api/openapi.json">{texts.api}</a>
          </li>
          <li>
            <a href="/metrics">{texts.metrics}</a>
          </li>
          <li className="dim">{texts.licence}</li>
        </ul>
      </Panel>
    </div>
  );
}
