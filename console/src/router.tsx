// Which page is at which path; all but the first few are loaded when they are opened.

import { createRootRoute, createRoute, createRouter, lazyRouteComponent } from '@tanstack/react-router';
import type { State } from './api/types.ts';
import { auditSearch } from './parts/audit-search.ts';
import type { AuditSearch } from './parts/audit-search.ts';
import { ranges } from './parts/message-search.ts';
import type { MessageSearch } from './parts/message-search.ts';
import { NotFound } from './pages/not-found.tsx';
import { Start } from './pages/start.tsx';
import { ProblemNotice } from './parts/parts.tsx';
import { Shell } from './shell.tsx';

const root = createRootRoute({ component: Shell, notFoundComponent: NotFound });
const at = <Path extends string>(path: Path) => ({ getParentRoute: () => root, path }) as const;
const text = (value: unknown): string | undefined =>
  typeof value === 'string' || typeof value === 'number' ? String(value) : undefined;

const routes = [
  createRoute({ ...at('/'), component: Start }),
  createRoute({ ...at('/mesh'), component: lazyRouteComponent(() => import('./pages/mesh.tsx'), 'Mesh') }),
  createRoute({
    ...at('/messages'),
    component: lazyRouteComponent(() => import('./pages/messages.tsx'), 'Messages'),
    validateSearch: (search: Readonly<Record<string, unknown>>): MessageSearch => {
      const [sought, where, range] = [text(search['text']), text(search['where']), ranges.find((one) => one === search['range'])];
      const state = Array.isArray(search['state']) ? (search['state'] as State[]) : undefined;
      return {
        ...(sought ? { text: sought } : {}),
        ...(search['bodies'] === true ? { bodies: true } : {}),
        ...(where ? { where } : {}),
        ...(state && state.length > 0 ? { state } : {}),
        ...(range ? { range } : {}),
      };
    },
  }),
  createRoute({
    ...at('/messages/$id'),
    component: lazyRouteComponent(() => import('./pages/journey.tsx'), 'JourneyPage'),
    validateSearch: (search: Readonly<Record<string, unknown>>): { readonly delivery?: string; readonly tab?: 'steps' } => {
      const delivery = text(search['delivery']);
      return { ...(delivery === undefined ? {} : { delivery }), ...(search['tab'] === 'steps' ? { tab: 'steps' } : {}) };
    },
  }),
  createRoute({
    ...at('/track'),
    component: lazyRouteComponent(() => import('./pages/track.tsx'), 'Track'),
    validateSearch: (search: Readonly<Record<string, unknown>>): { readonly number?: string } => {
      const number = text(search['number']);
      return number ? { number } : {};
    },
  }),
  createRoute({ ...at('/failures'), component: lazyRouteComponent(() => import('./pages/failures.tsx'), 'FailuresPage') }),
  createRoute({ ...at('/alerts'), component: lazyRouteComponent(() => import('./pages/alerts.tsx'), 'AlertsPage') }),
  createRoute({ ...at('/balance'), component: lazyRouteComponent(() => import('./pages/balance.tsx'), 'BalancePage') }),
  createRoute({ ...at('/flows'), component: lazyRouteComponent(() => import('./pages/flows.tsx'), 'Flows') }),
  createRoute({ ...at('/flows/$name'), component: lazyRouteComponent(() => import('./pages/flow.tsx'), 'FlowPage') }),
  createRoute({ ...at('/systems'), component: lazyRouteComponent(() => import('./pages/systems.tsx'), 'Systems') }),
  createRoute({ ...at('/systems/$name'), component: lazyRouteComponent(() => import('./pages/system.tsx'), 'SystemPage') }),
  createRoute({ ...at('/models'), component: lazyRouteComponent(() => import('./pages/models.tsx'), 'Models') }),
  createRoute({ ...at('/models/$name'), component: lazyRouteComponent(() => import('./pages/model.tsx'), 'ModelPage') }),
  createRoute({ ...at('/tables'), component: lazyRouteComponent(() => import('./pages/tables.tsx'), 'Tables') }),
  createRoute({ ...at('/account'), component: lazyRouteComponent(() => import('./pages/account.tsx'), 'Account') }),
  createRoute({ ...at('/users'), component: lazyRouteComponent(() => import('./pages/users.tsx'), 'Users') }),
  createRoute({ ...at('/roles'), component: lazyRouteComponent(() => import('./pages/roles.tsx'), 'Roles') }),
  createRoute({ ...at('/tokens'), component: lazyRouteComponent(() => import('./pages/tokens.tsx'), 'Tokens') }),
  createRoute({ ...at('/sessions'), component: lazyRouteComponent(() => import('./pages/sessions.tsx'), 'Sessions') }),
  createRoute({ ...at('/approvals'), component: lazyRouteComponent(() => import('./pages/approvals.tsx'), 'Approvals') }),
  createRoute({
    ...at('/audit'),
    component: lazyRouteComponent(() => import('./pages/audit.tsx'), 'Audit'),
    validateSearch: (search: Readonly<Record<string, unknown>>): AuditSearch => auditSearch(search, text),
  }),
  createRoute({ ...at('/secrets'), component: lazyRouteComponent(() => import('./pages/secrets.tsx'), 'Secrets') }),
  createRoute({ ...at('/settings'), component: lazyRouteComponent(() => import('./pages/settings.tsx'), 'Settings') }),
  createRoute({ ...at('/about'), component: lazyRouteComponent(() => import('./pages/about.tsx'), 'About') }),
] as const;

export const router = createRouter({
  routeTree: root.addChildren(routes),
  defaultPreload: 'intent',
  scrollRestoration: true,
  defaultErrorComponent: ({ error }) => <ProblemNotice error={error} />,
});

declare module '@tanstack/react-router' {
  interface Register {
    router: typeof router;
  }
}
