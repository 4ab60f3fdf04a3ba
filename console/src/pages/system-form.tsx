// A form over the file of a system: the fields that its connector declares, written into the YAML with its comments kept.

import { Checkbox, NumberInput, Select, Textarea, TextInput } from '@mantine/core';
import { useState } from 'react';
import { parseDocument, stringify } from 'yaml';
import { connectionFields } from '../parts/connection-fields.ts';
import type { ConnectionField } from '../parts/connection-fields.ts';
import { systems as texts } from '../texts/index.ts';
import { MaintenanceFields } from './maintenance-fields.tsx';

interface FormProps {
  readonly text: string;
  readonly setText: (text: string) => void;
  /** Of files of systems. */
  readonly schema: unknown;
}

export function SystemForm({ text, setText, schema }: FormProps) {
  const document = parseDocument(text);
  if (document.errors.length > 0) return <p className="dim inside">{texts.form.broken}</p>;
  const set = (path: readonly (string | number)[], value: unknown): void => {
    if (value === '' || value === undefined) document.deleteIn(path);
    else document.setIn(path, document.createNode(value));
    setText(document.toString({ lineWidth: 0 }));
  };
  return (
    <div className="inside stack">
      <p className="dim">{texts.form.lead}</p>
      {connectionFields(document.toJS(), schema).map(({ name, connector, path, fields }) => (
        <fieldset key={name} className="form">
          <legend>
            {name} <span className="dim">{connector}</span>
          </legend>
          {fields.map((field) => (
            <Field key={field.name} field={field} path={[...path, field.name]} set={set} />
          ))}
        </fieldset>
      ))}
      <fieldset className="form">
        <legend>{texts.limits}</legend>
        <NumberInput
          label={texts.form.concurrency}
          min={1}
          value={numberIn(document.getIn(['limits', 'concurrency']))}
          onChange={(value) => set(['limits', 'concurrency'], value === '' ? undefined : Number(value))}
        />
        <TextInput
          label={texts.form.rate}
          placeholder="200/s"
          value={textIn(document.getIn(['limits', 'rate']))}
          onChange={(event) => set(['limits', 'rate'], event.target.value)}
        />
      </fieldset>
      <MaintenanceFields
        written={(document.toJS() as { readonly maintenance?: unknown } | null)?.maintenance}
        set={(path, value) => set(['maintenance', ...path], value)}
      />
    </div>
  );
}

type Set = (path: readonly (string | number)[], value: unknown) => void;

interface FieldProps {
  readonly field: ConnectionField;
  /** Where it stands in the file. */
  readonly path: readonly string[];
  readonly set: Set;
}

function Field({ field, path, set: setIn }: FieldProps) {
  const { name, says, kind, value, choices, isSecret, isRequired } = field;
  const set = (given: unknown): void => setIn(path, given);
  const shared = { label: name, description: isSecret ? `${says} ${texts.form.secret}` : says, required: isRequired };
  if (kind === 'boolean')
    return <Checkbox label={name} description={says} checked={value === true} onChange={(event) => set(event.target.checked)} />;
  if (kind === 'choice')
    return (
      <Select
        {...shared}
        data={[...choices]}
        value={textIn(value)}
        onChange={(chosen) => set(chosen ?? '')}
        clearable={!isRequired}
      />
    );
  if (kind === 'number')
    return (
      <NumberInput {...shared} value={numberIn(value)} onChange={(given) => set(given === '' ? undefined : Number(given))} />
    );
  if (kind === 'text') return <TextInput {...shared} value={textIn(value)} onChange={(event) => set(event.target.value)} />;
  if (kind === 'group' || kind === 'forms') return <Group field={field} path={path} set={setIn} />;
  return <Written {...shared} value={value} set={set} />;
}

/** Fields of their own; where there are several ways to write them, the way is chosen first. */
function Group({ field: { name, says, kind, forms, fields, value }, path, set }: FieldProps) {
  return (
    <fieldset className="form">
      <legend>{name}</legend>
      {kind === 'forms' ? (
        <Select
          label={texts.form.way(name)}
          description={says}
          data={forms.map((form) => form.name)}
          value={forms.find(({ isChosen }) => isChosen)?.name ?? null}
          onChange={(chosen) => set(path, forms.find((form) => form.name === chosen)?.empty)}
          clearable
        />
      ) : (
        <p className="dim">{says}</p>
      )}
      {fields.map((field) => (
        <Field key={`${field.name} ${typeof value}`} field={field} path={[...path, field.name]} set={set} />
      ))}
    </fieldset>
  );
}

/** A list or a mapping of any names, as YAML. What does not parse yet is not written. */
function Written({
  value,
  set,
  ...shared
}: Pick<ConnectionField, 'value'> & { readonly label: string; set(value: unknown): void }) {
  const [text, setText] = useState(value === undefined ? '' : stringify(value));
  const [isBroken, setBroken] = useState(false);
  return (
    <Textarea
      {...shared}
      className="mono"
      autosize
      value={text}
      error={isBroken && texts.form.noYaml}
      onChange={({ target }) => {
        setText(target.value);
        const written = parseDocument(target.value);
        setBroken(written.errors.length > 0);
        if (written.errors.length === 0) set(written.toJS() ?? undefined);
      }}
    />
  );
}

function textIn(value: unknown): string {
  return typeof value === 'string' || typeof value === 'number' ? String(value) : '';
}

function numberIn(value: unknown): number | '' {
  return typeof value === 'number' ? value : '';
}
