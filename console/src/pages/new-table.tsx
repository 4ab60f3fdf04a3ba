// A new table: its name and columns, or a CSV file. What is made is a draft, which is filled and applied as any other table.

import { Button, FileInput, Modal, TextInput } from '@mantine/core';
import { useState } from 'react';
import { newFile } from '../api/types.ts';
import type { ProjectFile } from '../api/types.ts';
import { writeCsv } from '../parts/csv.ts';
import { common, tables as texts } from '../texts/index.ts';

export function NewTable({ take }: { readonly take: (draft: ProjectFile) => void }) {
  const [isAsked, setAsked] = useState(false);
  return (
    <>
      <Button variant="filled" onClick={() => setAsked(true)}>
        {texts.make}
      </Button>
      {isAsked && <NewTableDialog take={take} close={() => setAsked(false)} />}
    </>
  );
}

interface DialogProps {
  readonly take: (draft: ProjectFile) => void;
  readonly close: () => void;
}

function NewTableDialog({ take, close }: DialogProps) {
  const [name, setName] = useState('');
  const [key, setKey] = useState('');
  const [others, setOthers] = useState('');
  const [file, setFile] = useState<File | null>(null);
  const isNamed = /^[a-z0-9][a-z0-9-]*$/.test(name);
  const columns = [key, ...others.split(',')].map((column) => column.trim()).filter((column) => column !== '');
  const make = async (): Promise<void> => {
    const text = file ? await file.text() : writeCsv([columns]);
    take({ path: `tables/${name}.csv`, text, hash: newFile, writable: true });
    close();
  };
  return (
    <Modal opened onClose={close} title={texts.make} closeButtonProps={{ 'aria-label': common.close }}>
      <form
        className="stack"
        onSubmit={(event) => {
          event.preventDefault();
          void make();
        }}
      >
        <TextInput
          label={texts.name}
          description={texts.nameSays}
          error={name !== '' && !isNamed}
          value={name}
          onChange={(event) => setName(event.target.value)}
          required
          data-autofocus
        />
        <TextInput
          label={texts.key}
          description={texts.keySays}
          value={key}
          disabled={file !== null}
          onChange={(event) => setKey(event.target.value)}
        />
        <TextInput
          label={texts.columns}
          description={texts.columnsSays}
          value={others}
          disabled={file !== null}
          onChange={(event) => setOthers(event.target.value)}
        />
        <FileInput
          label={texts.makeFrom}
          placeholder={texts.choose}
          accept=".csv,text/csv"
          value={file}
          onChange={setFile}
          clearable
        />
        <div className="row" style={{ justifyContent: 'flex-end' }}>
          <Button onClick={close}>{common.cancel}</Button>
          <Button variant="filled" type="submit" disabled={!isNamed || (file === null && key.trim() === '')}>
            {texts.fill}
          </Button>
        </div>
      </form>
    </Modal>
  );
}
