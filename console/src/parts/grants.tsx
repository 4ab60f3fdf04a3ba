// Roles as they were granted: shown in words, and edited one by one, each for everything or for named flows and systems.

import { ActionIcon, Button, MultiSelect, Select } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { api } from '../api/client.ts';
import { people } from '../api/people.ts';
import type { Grant } from '../api/people-types.ts';
import { roles as roleTexts, users as texts } from '../texts/index.ts';
import { Icon } from './icons.tsx';
import { Tag } from './parts.tsx';

export function GrantTags({ grants, none = texts.noRoles }: { readonly grants: readonly Grant[]; readonly none?: string }) {
  if (grants.length === 0) return <span className="dim">{none}</span>;
  return (
    <span className="row" style={{ gap: 5 }}>
      {grants.map((grant) => {
        const where = [...(grant.flows ?? []), ...(grant.systems ?? [])];
        return (
          <Tag key={JSON.stringify(grant)} plain tone={grant.role === 'admin' ? 'hold' : 'busy'}>
            {roleTexts.words[grant.role] ?? grant.role}
            {where.length > 0 && <span style={{ fontWeight: 450 }}>: {where.join(', ')}</span>}
          </Tag>
        );
      })}
    </span>
  );
}

interface EditorProps {
  readonly grants: readonly Grant[];
  readonly setGrants: (grants: readonly Grant[]) => void;
}

export function GrantsEditor({ grants, setGrants }: EditorProps) {
  const roles = useQuery({ queryKey: ['roles'], queryFn: people.roles, staleTime: Infinity });
  const choices = (roles.data ?? []).map(({ role }) => ({ value: role, label: roleTexts.words[role] ?? role }));
  return (
    <fieldset className="form">
      <legend>{texts.roles}</legend>
      {grants.length === 0 && <p className="dim">{texts.noRoles}</p>}
      {grants.map((grant, index) => (
        <div className="grant" key={index}>
          <Select
            className="role"
            label={index === 0 ? roleTexts.role : undefined}
            aria-label={`${roleTexts.role} ${index + 1}`}
            data={choices}
            value={grant.role}
            onChange={(role) => role && setGrants(grants.map((other, at) => (at === index ? { ...other, role } : other)))}
          />
          <Where
            grant={grant}
            index={index}
            change={(next) => setGrants(grants.map((other, at) => (at === index ? next : other)))}
          />
          <ActionIcon
            className="remove"
            aria-label={`${texts.removeRole} ${index + 1}`}
            onClick={() => setGrants(grants.filter((_other, at) => at !== index))}
          >
            <Icon name="close" size={13} />
          </ActionIcon>
        </div>
      ))}
      <div>
        <Button onClick={() => setGrants([...grants, { role: 'viewer' }])}>{texts.addRole}</Button>
      </div>
    </fieldset>
  );
}

interface WhereProps {
  readonly grant: Grant;
  readonly index: number;
  readonly change: (grant: Grant) => void;
}

/** Values are `flow:NAME` and `system:NAME`, as one list holds both. */
function Where({ grant, index, change }: WhereProps) {
  const flows = useQuery({ queryKey: ['flows'], queryFn: api.flows });
  const systems = useQuery({ queryKey: ['systems'], queryFn: api.systems });
  const known = (kind: string, names: readonly string[], granted: readonly string[] = []) =>
    [...new Set([...names, ...granted])].map((name) => ({ value: `${kind}:${name}`, label: name }));
  const chosen = [...(grant.flows ?? []).map((name) => `flow:${name}`), ...(grant.systems ?? []).map((name) => `system:${name}`)];
  const named = (values: readonly string[], kind: string): readonly string[] =>
    values.filter((value) => value.startsWith(`${kind}:`)).map((value) => value.slice(kind.length + 1));
  return (
    <MultiSelect
      className="where"
      label={index === 0 ? texts.where : undefined}
      aria-label={`${texts.where} ${index + 1}`}
      placeholder={chosen.length === 0 ? texts.everywhere : ''}
      data={[
        { group: texts.flowsGroup, items: known('flow', flows.data?.map(({ name }) => name) ?? [], grant.flows) },
        { group: texts.systemsGroup, items: known('system', systems.data?.map(({ name }) => name) ?? [], grant.systems) },
      ]}
      value={chosen}
      searchable
      onChange={(values) => change({ role: grant.role, ...placesOf(named(values, 'flow'), named(values, 'system')) })}
    />
  );
}

function placesOf(flows: readonly string[], systems: readonly string[]): Pick<Grant, 'flows' | 'systems'> {
  return { ...(flows.length > 0 ? { flows } : {}), ...(systems.length > 0 ? { systems } : {}) };
}
