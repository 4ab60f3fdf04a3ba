// Searches that a reader keeps in this browser: chosen, added under a name, taken away.

import { Button, Menu, Modal, TextInput } from '@mantine/core';
import { useNavigate } from '@tanstack/react-router';
import { useState } from 'react';
import { Icon } from '../parts/icons.tsx';
import { dropSearch, keepSearch, keptSearches } from '../parts/kept-searches.ts';
import type { MessageSearch } from '../parts/message-search.ts';
import { common, messages as texts } from '../texts/index.ts';

export function SavedSearches({ search }: { readonly search: MessageSearch }) {
  const navigate = useNavigate({ from: '/messages' });
  const [kept, setKept] = useState(keptSearches);
  const [isNaming, setNaming] = useState(false);
  return (
    <>
      <Menu position="bottom-end">
        <Menu.Target>
          <Button rightSection={<Icon name="down" size={13} />}>{texts.saved}</Button>
        </Menu.Target>
        <Menu.Dropdown>
          {kept.map(({ name, search: to }) => (
            <Menu.Item key={name} onClick={() => void navigate({ to: '/messages', search: to })}>
              {name}
            </Menu.Item>
          ))}
          {kept.length > 0 && <Menu.Divider />}
          <Menu.Item onClick={() => setNaming(true)}>{texts.save}</Menu.Item>
          {kept.map(({ name }) => (
            <Menu.Item key={name} color="red" onClick={() => setKept(dropSearch(name))}>
              {texts.forget(name)}
            </Menu.Item>
          ))}
        </Menu.Dropdown>
      </Menu>
      {isNaming && (
        <Naming
          proposed={search.text ?? search.where ?? ''}
          keep={(name) => setKept(keepSearch(name, search))}
          close={() => setNaming(false)}
        />
      )}
    </>
  );
}

interface NamingProps {
  readonly proposed: string;
  readonly keep: (name: string) => void;
  readonly close: () => void;
}

function Naming({ proposed, keep, close }: NamingProps) {
  const [name, setName] = useState(proposed);
  return (
    <Modal opened onClose={close} title={texts.save} closeButtonProps={{ 'aria-label': common.close }}>
      <form
        className="stack"
        onSubmit={(event) => {
          event.preventDefault();
          keep(name.trim());
          close();
        }}
      >
        <TextInput label={texts.saveName} value={name} onChange={(event) => setName(event.target.value)} data-autofocus />
        <div className="row" style={{ justifyContent: 'flex-end' }}>
          <Button onClick={close}>{common.cancel}</Button>
          <Button type="submit" variant="filled" disabled={name.trim() === ''}>
            {texts.keep}
          </Button>
        </div>
      </form>
    </Modal>
  );
}
