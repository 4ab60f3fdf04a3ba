// The console's entry: providers around the router, and the login where there is no session.

import '@mantine/core/styles.css';
import './look/tokens.css';
import './look/shell.css';
import './look/parts.css';
import './look/pages.css';
import { MantineProvider } from '@mantine/core';
import { QueryClient, QueryClientProvider } from '@tanstack/react-query';
import { RouterProvider } from '@tanstack/react-router';
import { StrictMode, useEffect, useState } from 'react';
import { createRoot } from 'react-dom/client';
import { ApiProblem, whenRefused, whenSignedOut } from './api/client.ts';
import { people } from './api/people.ts';
import type { Who } from './api/people-types.ts';
import { theme } from './look/theme.ts';
import { Login } from './pages/login.tsx';
import type { Entry } from './pages/login.tsx';
import { router } from './router.tsx';

const queries = new QueryClient({
  defaultOptions: {
    queries: {
      staleTime: 1500,
      refetchOnWindowFocus: true,
      retry: (count, error) => count < 2 && error instanceof ApiProblem && (error.status === 0 || error.status >= 502),
    },
  },
});

/** Libraries that add styles while they run are let in by the nonce of the page. */
const nonce = document.querySelector<HTMLMetaElement>('meta[property="csp-nonce"]')?.nonce ?? '';

// What locks scrolling behind a dialog looks for the nonce under this name.
Object.assign(globalThis, { __webpack_nonce__: nonce });

/** What a link that was printed on the machine holds behind "#", where no server sees it; it is good once, so it goes from the address. */
const [, use, code = ''] = /^#(setup|login|invitation)=([\w-]+)$/.exec(location.hash) ?? [];
if (code !== '') history.replaceState(null, '', location.pathname + location.search);

/** Asked once: a code is good once. */
let entering: Promise<Who> | undefined;
const enter = (): Promise<Who> => (entering ??= use === 'login' ? people.loginByCode(code) : people.session());

type State = 'asking' | 'in' | 'out' | 'link';
const link: Entry | undefined = use === 'setup' || use === 'invitation' ? { use, code } : undefined;

function Console() {
  const [state, setState] = useState<State>(link ? 'link' : 'asking');
  const letIn = (who: Who): void => {
    queries.clear();
    queries.setQueryData(['session'], who);
    setState('in');
  };
  useEffect(() => {
    whenRefused(() => void queries.invalidateQueries({ queryKey: ['session'] }));
    whenSignedOut(() => setState((former) => (former === 'link' ? former : 'out')));
    if (link) return;
    enter().then(letIn, () => setState('out'));
  }, []);
  if (state === 'asking') return null;
  if (state === 'in') return <RouterProvider router={router} />;
  return <Login onDone={letIn} entry={state === 'link' ? link : undefined} />;
}

const place = document.getElementById('root');
if (place)
  createRoot(place).render(
    <StrictMode>
      <MantineProvider theme={theme} defaultColorScheme="auto" getStyleNonce={() => nonce}>
        <QueryClientProvider client={queries}>
          <Console />
        </QueryClientProvider>
      </MantineProvider>
    </StrictMode>,
  );
