// One model: its fields as documentation, who uses it, how versions differ, a sample, and what a change would break.

import { Button, Select, Tabs } from '@mantine/core';
import { useMutation, useQuery } from '@tanstack/react-query';
import { Link, useParams } from '@tanstack/react-router';
import { lazy, Suspense, useState } from 'react';
import { api } from '../api/client.ts';
import type { Model } from '../api/types.ts';
import { Diff, JsonText, pretty, prettyText } from '../parts/json.tsx';
import { Notice, PageHead, Panel, ProblemNotice, ScrollX, Tag } from '../parts/parts.tsx';
import { useMay } from '../parts/rights.ts';
import { schemaFields } from '../parts/schema-fields.ts';
import { common, models as texts } from '../texts/index.ts';
import { descriptionOf } from './models.tsx';

const FileEditor = lazy(async () => ({ default: (await import('./file-editor.tsx')).FileEditor }));
const Editor = lazy(async () => ({ default: (await import('../parts/editor.tsx')).Editor }));

export function ModelPage() {
  const seesBodies = useMay()('see-bodies');
  const { name } = useParams({ from: '/models/$name' });
  const models = useQuery({ queryKey: ['models'], queryFn: api.models });
  const model = models.data?.find((one) => one.name === name);
  const [tab, setTab] = useState<string | null>('fields');
  const others = models.data?.filter((one) => one.name.split('@')[0] === name.split('@')[0] && one.name !== name) ?? [];
  if (!model) return <ProblemNotice error={models.error} />;
  return (
    <>
      <PageHead title={name} lead={descriptionOf(model.schema)} />
      <div className="stack">
        <div className="split">
          <Users title={texts.producers} names={model.producers} />
          <Users title={texts.consumers} names={model.consumers} />
        </div>
        <section className="panel">
          <Tabs value={tab} onChange={setTab} keepMounted={false}>
            <Tabs.List px="sm">
              <Tabs.Tab value="fields">{texts.fields}</Tabs.Tab>
              {seesBodies && <Tabs.Tab value="sample">{texts.sample}</Tabs.Tab>}
              <Tabs.Tab value="schema">{texts.schema}</Tabs.Tab>
              <Tabs.Tab value="impact">{texts.impact}</Tabs.Tab>
              {others.length > 0 && <Tabs.Tab value="versions">{texts.versions}</Tabs.Tab>}
            </Tabs.List>
            <Tabs.Panel value="fields">
              <Fields model={model} />
            </Tabs.Panel>
            <Tabs.Panel value="sample" p="sm">
              <Sample model={model} />
            </Tabs.Panel>
            <Tabs.Panel value="schema" p="sm">
              <Suspense fallback={<p className="dim">{common.loading}</p>}>
                <FileEditor path={model.file} owner="everything" kind="model" />
              </Suspense>
            </Tabs.Panel>
            <Tabs.Panel value="impact" p="sm">
              <Impact model={model} />
            </Tabs.Panel>
            <Tabs.Panel value="versions" p="sm">
              <Versions model={model} others={others} />
            </Tabs.Panel>
          </Tabs>
        </section>
      </div>
    </>
  );
}

function Users({ title, names }: { readonly title: string; readonly names: readonly string[] }) {
  return (
    <Panel title={title}>
      {names.length === 0 && <span className="dim">{texts.nobody}</span>}
      <div className="row" style={{ gap: 14 }}>
        {names.map((one) => {
          const flow = /^flow:(.+)$/.exec(one)?.[1];
          return flow === undefined ? (
            <Link key={one} to="/systems/$name" params={{ name: one.split('.')[0] ?? one }}>
              {one}
            </Link>
          ) : (
            <Link key={one} to="/flows/$name" params={{ name: flow }}>
              {flow}
            </Link>
          );
        })}
      </div>
    </Panel>
  );
}

function Fields({ model }: { readonly model: Model }) {
  return (
    <ScrollX>
      <table className="table">
        <thead>
          <tr>
            <th>{texts.field}</th>
            <th>{texts.type}</th>
            <th>{texts.says}</th>
          </tr>
        </thead>
        <tbody>
          {schemaFields(model.schema).map(({ path, name, depth, type, isRequired, isPersonal, says }) => (
            <tr key={path}>
              <td className="mono" style={{ paddingLeft: 14 + depth * 18 }}>
                {name} {isRequired && <Tag plain>{texts.required}</Tag>}{' '}
                {isPersonal && (
                  <Tag plain tone="hold">
                    {texts.personal}
                  </Tag>
                )}
              </td>
              <td className="dim">{type}</td>
              <td>{says}</td>
            </tr>
          ))}
        </tbody>
      </table>
    </ScrollX>
  );
}

function Sample({ model }: { readonly model: Model }) {
  const flow = model.consumers[0];
  const sample = useQuery({
    queryKey: ['sample', model.name],
    queryFn: async () => {
      if (flow === undefined) return null;
      const { rows } = await api.messages({ destination: flow, limit: 20 });
      const found = rows.find(({ message }) => message.model === model.name);
      return found ? api.body(found.message.id) : null;
    },
  });
  if (sample.data === null) return <p className="dim">{texts.noSample}</p>;
  return sample.data ? (
    <JsonText text={prettyText(sample.data.text)} label={texts.sample} />
  ) : (
    <p className="dim">{common.loading}</p>
  );
}

function Impact({ model }: { readonly model: Model }) {
  const [text, setText] = useState(pretty(model.schema));
  const impact = useMutation({ mutationFn: () => api.impact(model.name, JSON.parse(text) as unknown) });
  return (
    <div className="stack">
      <p className="dim">{texts.impactLead}</p>
      <Suspense fallback={<p className="dim">{common.loading}</p>}>
        <Editor value={text} language="json" label={texts.schema} onChange={setText} />
      </Suspense>
      <div>
        <Button variant="filled" loading={impact.isPending} onClick={() => impact.mutate()}>
          {texts.tryIt}
        </Button>
      </div>
      <ProblemNotice error={impact.error} />
      {impact.data?.flows.length === 0 && <Notice tone="good">{texts.breaksNothing}</Notice>}
      {impact.data && impact.data.flows.length > 0 && <p className="strong">{texts.breaks(impact.data.flows.length)}</p>}
      {impact.data?.flows.map(({ flow, problems }) => (
        <Notice key={flow} tone="bad">
          <p>
            <Link to="/flows/$name" params={{ name: flow }}>
              {flow}
            </Link>
          </p>
          {problems.map(({ file, line, message }) => (
            <p key={`${file}:${line}:${message}`}>
              <span className="mono">
                {file}:{line}
              </span>{' '}
              {message}
            </p>
          ))}
        </Notice>
      ))}
    </div>
  );
}

function Versions({ model, others }: { readonly model: Model; readonly others: readonly Model[] }) {
  const [name, setName] = useState(others[0]?.name ?? '');
  const other = others.find((one) => one.name === name);
  return (
    <div className="stack">
      <Select
        label={texts.differences}
        data={others.map((one) => one.name)}
        value={name}
        onChange={(value) => setName(value ?? '')}
        style={{ width: 220 }}
      />
      {other && <Diff before={other.schema} after={model.schema} label={texts.differences} />}
    </div>
  );
}
