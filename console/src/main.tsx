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
import { ApiProblem, whenSignedOut } from './api/client.ts';
import { theme } from './look/theme.ts';
import { Login } from './pages/login.tsx';
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

function Console() {
  const [isSignedOut, setSignedOut] = useState(false);
  useEffect(() => whenSignedOut(() => setSignedOut(true)), []);
  if (isSignedOut)
    return (
      <Login
        onDone={() => {
          queries.clear();
          setSignedOut(false);
        }}
      />
    );
  return <RouterProvider router={router} />;
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
