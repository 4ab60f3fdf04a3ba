// A form over the file of a system: the fields that its connector declares, written into the YAML with its comments kept.

import { Checkbox, NumberInput, Select, TextInput } from '@mantine/core';
import { parseDocument } from 'yaml';
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
    else document.setIn(path, value);
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
            <Field key={field.name} field={field} set={(value) => set([...path, field.name], value)} />
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

function Field({ field, set }: { readonly field: ConnectionField; readonly set: (value: unknown) => void }) {
  const { name, says, kind, value, choices, isSecret, isRequired } = field;
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
  return (
    <div>
      <p style={{ fontWeight: 500 }}>{name}</p>
      <p className="dim">
        {says} {texts.form.inFile}
      </p>
    </div>
  );
}

function textIn(value: unknown): string {
  return typeof value === 'string' || typeof value === 'number' ? String(value) : '';
}

function numberIn(value: unknown): number | '' {
  return typeof value === 'number' ? value : '';
}
