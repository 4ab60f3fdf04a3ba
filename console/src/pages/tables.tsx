// The tables: code lists that mappings look up, edited in place and applied as a file.

import { ActionIcon, Button, Select } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { useRef, useState } from 'react';
import { api } from '../api/client.ts';
import { newFile } from '../api/types.ts';
import type { ProjectFile } from '../api/types.ts';
import { readCsv, writeCsv } from '../parts/csv.ts';
import { saveFile } from '../parts/export.ts';
import { Icon } from '../parts/icons.tsx';
import { Empty, PageHead, Panel, ProblemNotice, ScrollX, Tag } from '../parts/parts.tsx';
import { useMay } from '../parts/rights.ts';
import { flows as editTexts, tables as texts } from '../texts/index.ts';
import { ApplyDialog } from './file-apply.tsx';
import { NewTable } from './new-table.tsx';

export function Tables() {
  const files = useQuery({ queryKey: ['files'], queryFn: api.files });
  const tables = files.data?.files.filter((file) => file.startsWith('tables/')) ?? [];
  const [chosen, choose] = useState<string | undefined>();
  const [draft, setDraft] = useState<ProjectFile | undefined>();
  const mayMake = useMay()('develop', 'everything');
  const path = chosen ?? tables[0];
  const file = useQuery({ queryKey: ['file', path], queryFn: () => api.file(path ?? ''), enabled: path !== undefined });
  return (
    <>
      <PageHead title={texts.title} lead={texts.lead}>
        {tables.length > 0 && (
          <Select
            aria-label={texts.title}
            data={tables}
            value={draft ? null : (path ?? null)}
            onChange={(value) => {
              setDraft(undefined);
              choose(value ?? undefined);
            }}
          />
        )}
        {mayMake && <NewTable take={setDraft} />}
      </PageHead>
      <ProblemNotice error={files.error ?? file.error} />
      {files.data && tables.length === 0 && !draft && (
        <section className="panel">
          <Empty title={texts.none} text={texts.noneText} />
        </section>
      )}
      {draft ? (
        <Sheet
          key={draft.path}
          file={draft}
          onApplied={() => {
            choose(draft.path);
            setDraft(undefined);
          }}
        />
      ) : (
        file.data && <Sheet key={file.data.hash} file={file.data} />
      )}
    </>
  );
}

function Sheet({ file, onApplied }: { readonly file: ProjectFile; readonly onApplied?: () => void }) {
  const [base, setBase] = useState(file);
  const [rows, setRows] = useState(() => readCsv(file.text));
  const [isApplying, setApplying] = useState(false);
  const picker = useRef<HTMLInputElement>(null);
  const mayEdit = useMay()('develop', 'everything');
  const [head = [], ...body] = rows;
  const text = writeCsv(rows);
  const isNew = base.hash === newFile;
  const isChanged = isNew || text !== writeCsv(readCsv(base.text));
  return (
    <Panel
      title={
        <>
          <span className="mono">{file.path}</span> <span className="dim">{texts.rows(body.length)}</span>{' '}
          {isNew && <Tag tone="warn">{texts.unsaved}</Tag>}
        </>
      }
      end={
        <>
          <input
            ref={picker}
            type="file"
            accept=".csv,text/csv"
            hidden
            onChange={(event) => void event.target.files?.[0]?.text().then((found) => setRows(readCsv(found)))}
          />
          {mayEdit && <Button onClick={() => picker.current?.click()}>{texts.importFile}</Button>}
          <Button onClick={() => saveFile(file.path.split('/').at(-1) ?? 'table.csv', 'text/csv', text)}>
            {texts.exportFile}
          </Button>
          {mayEdit && (
            <Button variant="filled" disabled={!isChanged} onClick={() => setApplying(true)}>
              {editTexts.edit.apply}
            </Button>
          )}
        </>
      }
      bare
    >
      <Cells rows={rows} setRows={mayEdit ? setRows : undefined} />
      {mayEdit && (
        <div className="inside">
          <Button onClick={() => setRows([...rows, head.map(() => '')])}>{texts.addRow}</Button>
        </div>
      )}
      {isApplying && (
        <ApplyDialog
          base={isNew ? { ...base, text: '' } : base}
          text={text}
          close={() => setApplying(false)}
          take={(next, written) => {
            setBase(next);
            setRows(readCsv(written));
            if (next.text === written) onApplied?.();
          }}
        />
      )}
    </Panel>
  );
}

function Cells({
  rows,
  setRows,
}: {
  readonly rows: readonly (readonly string[])[];
  /** Absent: they are only shown. */
  readonly setRows: ((rows: readonly (readonly string[])[]) => void) | undefined;
}) {
  const [head = [], ...body] = rows;
  const change = (row: number, column: number, value: string): void =>
    setRows?.(rows.map((cells, at) => (at === row ? cells.map((cell, index) => (index === column ? value : cell)) : cells)));
  return (
    <ScrollX>
      <table className="table sheet">
        <thead>
          <tr>
            {head.map((name) => (
              <th key={name}>{name}</th>
            ))}
            <th>
              <span className="visually-hidden">{texts.removeRow}</span>
            </th>
          </tr>
        </thead>
        <tbody>
          {body.map((cells, index) => (
            <tr key={index}>
              {head.map((name, column) => (
                <td key={name}>
                  <input
                    aria-label={`${name} ${index + 1}`}
                    value={cells[column] ?? ''}
                    readOnly={!setRows}
                    onChange={(event) => change(index + 1, column, event.target.value)}
                  />
                </td>
              ))}
              <td className="right">
                {setRows && (
                  <ActionIcon
                    aria-label={`${texts.removeRow} ${index + 1}`}
                    onClick={() => setRows(rows.filter((_row, at) => at !== index + 1))}
                  >
                    <Icon name="close" size={13} />
                  </ActionIcon>
                )}
              </td>
            </tr>
          ))}
        </tbody>
      </table>
    </ScrollX>
  );
}
