// What each step of a flow did with one message: recomputed, with what changed from step to step.

import { useQuery } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import { Fragment, useState } from 'react';
import { api } from '../api/client.ts';
import type { Trace, TracedStep } from '../api/types.ts';
import { Diff, Json } from '../parts/json.tsx';
import type { Hop } from '../parts/journey-tree.ts';
import { FaultNotice, Notice, PlaceName, ProblemNotice, ScrollX, Tag } from '../parts/parts.tsx';
import { common, journey as texts } from '../texts/index.ts';

export function HopSteps({ hop: { delivery } }: { readonly hop: Hop }) {
  const trace = useQuery({ queryKey: ['trace', delivery.id], queryFn: () => api.trace(delivery.id), staleTime: Infinity });
  if (trace.error) return <ProblemNotice error={trace.error} />;
  if (!trace.data) return <p className="dim">{common.loading}</p>;
  const { steps, calls, outputs, recorded, revision, error, lineage, reply } = trace.data;
  return (
    <div className="stack">
      <p className="dim">{texts.stepsLead}</p>
      {recorded !== undefined && recorded !== revision && <Notice tone="warn">{texts.otherRevision(recorded, revision)}</Notice>}
      {error && <FaultNotice {...error} />}
      <ol className="stack" style={{ gap: 8 }}>
        {steps.map((step, index) => (
          <Step key={index} step={step} no={index + 1} before={index === 0 ? trace.data.input : steps[index - 1]?.bodies[0]} />
        ))}
      </ol>
      {calls.length > 0 && <Calls calls={calls} />}
      <Outputs outputs={outputs} />
      {reply !== undefined && <Json value={reply} label={texts.reply} />}
      {lineage.length > 0 && <Origins lineage={lineage} />}
    </div>
  );
}

function Step({ step, no, before }: { readonly step: TracedStep; readonly no: number; readonly before: unknown }) {
  const [open, setOpen] = useState(true);
  const [after] = step.bodies;
  const isSame = JSON.stringify(before) === JSON.stringify(after);
  return (
    <li>
      <div className="row">
        <span className="dim num">{no}</span>
        <span className="strong">{step.name}</span>
        {step.count === 0 && <Tag tone="mute">{texts.notReached}</Tag>}
        {step.count > 0 && isSame && <span className="dim">{texts.unchanged}</span>}
        {step.count > 1 && <Tag tone="hold">{`× ${step.count}`}</Tag>}
        {step.count > 0 && !isSame && (
          <button type="button" className="link-button" onClick={() => setOpen(!open)} aria-expanded={open}>
            {open ? common.hide : common.show}
          </button>
        )}
      </div>
      {open && step.count > 0 && !isSame && (
        <div style={{ marginTop: 6 }}>
          <Diff before={before} after={after} label={`${texts.after} ${step.name}`} />
        </div>
      )}
    </li>
  );
}

function Calls({ calls }: { readonly calls: Trace['calls'] }) {
  return (
    <div className="stack" style={{ gap: 6 }}>
      <h3 style={{ fontSize: 13 }}>{texts.calls}</h3>
      {calls.map(({ to, request, reply, known }, index) => (
        <div key={index} className="stack" style={{ gap: 6 }}>
          <PlaceName text={`outbound:${to}`} />
          <div className="split">
            <div>
              <p className="dim">{texts.request}</p>
              <Json value={request} label={texts.request} />
            </div>
            <div>
              <p className="dim">{texts.reply}</p>
              {known ? <Json value={reply} label={texts.reply} /> : <p className="dim">{texts.noReply}</p>}
            </div>
          </div>
        </div>
      ))}
    </div>
  );
}

function Outputs({ outputs }: { readonly outputs: Trace['outputs'] }) {
  if (outputs.length === 0) return null;
  return (
    <div className="stack" style={{ gap: 6 }}>
      <h3 style={{ fontSize: 13 }}>{texts.outputs}</h3>
      {outputs.map(({ to, body }, index) => (
        <Fragment key={index}>
          <PlaceName text={to} />
          <Json value={body} label={`${texts.outputs}: ${to}`} />
        </Fragment>
      ))}
    </div>
  );
}

function Origins({ lineage }: { readonly lineage: Trace['lineage'] }) {
  return (
    <div className="stack" style={{ gap: 6 }}>
      <h3 style={{ fontSize: 13 }}>{texts.origins}</h3>
      <p className="dim">{texts.originsLead}</p>
      <ScrollX>
        <table className="table">
          <tbody>
            {lineage.map(({ target, field, from }) => (
              <tr key={`${target} ${field}`}>
                <td className="mono">{field}</td>
                <td className="dim">{target.replace(/^outbound:/, '')}</td>
                <td className="mono">{from.join(', ')}</td>
              </tr>
            ))}
          </tbody>
        </table>
      </ScrollX>
      <Link to="/models">{texts.seeModels}</Link>
    </div>
  );
}
