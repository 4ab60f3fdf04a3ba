// What comes out of a hop that runs again, beside what came out before: what is sent, what is skipped, what differs.

import type { Again } from '../api/types.ts';
import { Diff, Json, prettyText } from '../parts/json.tsx';
import { FaultNotice, PlaceName, Tag } from '../parts/parts.tsx';
import { journey as texts } from '../texts/index.ts';

/** More outputs than these nobody reads. */
const shownMax = 20;

type Output = Again['outputs'][number];
type Former = Again['before'][number];

export function AgainOutcome({ view }: { readonly view: Again }) {
  const { outcome, error } = view;
  const { pairs, gone } = paired(view);
  return (
    <div className="stack" aria-live="polite">
      <div className="row">
        <Tag tone={outcome === 'failed' ? 'bad' : 'good'}>{outcome}</Tag>
        {pairs.length > shownMax && <Tag>{texts.again.shown(shownMax, pairs.length)}</Tag>}
      </div>
      {error && <FaultNotice {...error} />}
      {pairs.length === 0 && !error && <p className="dim">{texts.again.nothing}</p>}
      {pairs.slice(0, shownMax).map((pair, index) => (
        <OneOutput key={index} {...pair} />
      ))}
      {outcome !== 'failed' &&
        gone.slice(0, shownMax).map(({ to, body }, index) => (
          <div key={index} className="stack" style={{ gap: 6 }}>
            <div className="row">
              <PlaceName text={to} />
              <Tag tone="warn">{texts.again.gone}</Tag>
            </div>
            {body !== undefined && <Diff before={shown(body)} after="" label={texts.again.difference(to)} />}
          </div>
        ))}
    </div>
  );
}

function OneOutput({ output: { to, body, what, changed }, former }: { readonly output: Output; readonly former?: Former }) {
  const { word, tone } = texts.again.what[what];
  const isDifferent = changed && former?.body !== undefined;
  return (
    <div className="stack" style={{ gap: 6 }}>
      <div className="row">
        <PlaceName text={to} />
        <Tag tone={tone}>{word}</Tag>
        <Tag tone={changed ? 'warn' : 'mute'}>{changed ? texts.again.changed : texts.again.same}</Tag>
      </div>
      {body !== undefined &&
        (isDifferent ? (
          <Diff before={shown(former.body)} after={shown(body)} label={texts.again.difference(to)} />
        ) : (
          <Json value={shown(body)} label={to} />
        ))}
    </div>
  );
}

/** What goes to an outbound is encoded: JSON is laid out line by line, to be compared. */
function shown(body: unknown): unknown {
  return typeof body === 'string' ? prettyText(body) : body;
}

/** Each output with what came out in its place before: what is as before takes its equal first. */
function paired({ outputs, before }: Again): {
  readonly pairs: readonly { readonly output: Output; readonly former?: Former }[];
  readonly gone: readonly Former[];
} {
  const gone = [...before];
  const take = (isIt: (former: Former) => boolean): { readonly former?: Former } => {
    const index = gone.findIndex(isIt);
    const [former] = index < 0 ? [] : gone.splice(index, 1);
    return former ? { former } : {};
  };
  const bodyOf = ({ to, body }: Former): string => JSON.stringify({ to, body });
  const same = new Map(
    outputs
      .filter(({ changed }) => !changed)
      .map((output) => [output, take((former) => bodyOf(former) === bodyOf(output))] as const),
  );
  const pairs = outputs.map((output) => ({ output, ...(same.get(output) ?? take(({ to }) => to === output.to)) }));
  return { pairs, gone };
}
