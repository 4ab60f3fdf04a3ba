// A button that does what cannot be taken back: it asks first, and says what follows.

import { Button, Modal } from '@mantine/core';
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import type { ReactNode } from 'react';
import { common } from '../texts/index.ts';
import { ProblemNotice } from './parts.tsx';

interface AskProps {
  readonly label: string;
  readonly text: ReactNode;
  readonly act: () => Promise<unknown>;
  readonly onDone?: () => void;
  /** What a screen reader says where several of the same label stand in a list. */
  readonly name?: string;
}

export function AskButton({ label, text, act, onDone, name }: AskProps) {
  const [isAsked, setAsked] = useState(false);
  const queries = useQueryClient();
  const doing = useMutation({
    mutationFn: act,
    onSuccess: async () => {
      setAsked(false);
      await queries.invalidateQueries();
      onDone?.();
    },
  });
  return (
    <>
      <Button aria-label={name === undefined ? undefined : `${label}: ${name}`} onClick={() => setAsked(true)}>
        {label}
      </Button>
      {isAsked && (
        <Modal opened onClose={() => setAsked(false)} title={label} closeButtonProps={{ 'aria-label': common.close }}>
          <div className="stack">
            <p>{text}</p>
            <ProblemNotice error={doing.error} />
            <div className="row" style={{ justifyContent: 'flex-end' }}>
              <Button onClick={() => setAsked(false)}>{common.cancel}</Button>
              <Button variant="filled" color="red" loading={doing.isPending} onClick={() => doing.mutate()}>
                {label}
              </Button>
            </div>
          </div>
        </Modal>
      )}
    </>
  );
}
