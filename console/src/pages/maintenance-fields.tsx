// The maintenance windows of a system, as its file has them: one as a mapping, several as a list.

import { ActionIcon, Button, TextInput } from '@mantine/core';
import { Icon } from '../parts/icons.tsx';
import { systems as texts } from '../texts/index.ts';

const fields = ['cron', 'for', 'zone'] as const;
const placeholders = { cron: '0 2 * * SUN', for: '2h', zone: 'UTC' };

interface MaintenanceProps {
  /** What the file says now. */
  readonly written: unknown;
  /** Writes at a path below `maintenance`; an empty path is all of it. Undefined takes away. */
  readonly set: (path: readonly (string | number)[], value: unknown) => void;
}

export function MaintenanceFields({ written, set }: MaintenanceProps) {
  const isList = Array.isArray(written);
  const windows: readonly unknown[] = isList ? written : written === undefined || written === null ? [] : [written];
  const pathOf = (index: number): readonly number[] => (isList ? [index] : []);
  const add = (): void => {
    const next = { cron: placeholders.cron, for: placeholders.for, zone: Intl.DateTimeFormat().resolvedOptions().timeZone };
    if (isList) set([windows.length], next);
    else set([], windows.length === 0 ? next : [...windows, next]);
  };
  return (
    <fieldset className="form">
      <legend>{texts.form.maintenance}</legend>
      <p className="dim">{texts.form.maintenanceLead}</p>
      {windows.map((window, index) => (
        <div key={index} className="row" style={{ alignItems: 'flex-end' }}>
          {fields.map((field) => (
            <TextInput
              key={field}
              label={windows.length === 1 ? texts.form.window[field] : `${texts.form.window[field]} ${index + 1}`}
              placeholder={placeholders[field]}
              style={{ flex: '1 1 96px', minWidth: 0 }}
              value={textOf(window, field)}
              onChange={(event) => set([...pathOf(index), field], event.target.value)}
            />
          ))}
          <ActionIcon
            aria-label={`${texts.form.removeWindow} ${index + 1}`}
            onClick={() => set(windows.length === 1 ? [] : pathOf(index), undefined)}
          >
            <Icon name="close" size={13} />
          </ActionIcon>
        </div>
      ))}
      <div>
        <Button onClick={add}>{texts.form.addWindow}</Button>
      </div>
    </fieldset>
  );
}

function textOf(window: unknown, field: string): string {
  const value = typeof window === 'object' && window !== null ? (window as Record<string, unknown>)[field] : undefined;
  return typeof value === 'string' || typeof value === 'number' ? String(value) : '';
}
