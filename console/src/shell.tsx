// The frame around every page: where one can go, the search, and how the engine is.

import { ActionIcon, Drawer, TextInput, useMantineColorScheme, useComputedColorScheme } from '@mantine/core';
import { useDisclosure, useHotkeys, useIdle } from '@mantine/hooks';
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { Link, Outlet, useNavigate, useRouterState } from '@tanstack/react-router';
import { useEffect, useRef, useState } from 'react';
import { api } from './api/client.ts';
import { people } from './api/people.ts';
import type { Approval, Right } from './api/people-types.ts';
import icon from './icon.svg';
import { Icon } from './parts/icons.tsx';
import type { IconName } from './parts/icons.tsx';
import { rate } from './parts/format.ts';
import { useIsLost, useLive } from './parts/live.ts';
import { LinkIcon } from './parts/link-button.tsx';
import { failedStates } from './parts/journey-tree.ts';
import { Empty } from './parts/parts.tsx';
import { useMay, useWho } from './parts/rights.ts';
import type { May } from './parts/rights.ts';
import { bar, nav } from './texts/index.ts';

const groups = [
  {
    title: nav.watch,
    items: [
      { to: '/', icon: 'start', text: nav.start },
      { to: '/mesh', icon: 'mesh', text: nav.mesh },
      { to: '/messages', icon: 'messages', text: nav.messages },
      { to: '/track', icon: 'track', text: nav.track },
      { to: '/failures', icon: 'failures', text: nav.failures },
      { to: '/alerts', icon: 'alerts', text: nav.alerts },
      { to: '/balance', icon: 'balance', text: nav.balance },
    ],
  },
  {
    title: nav.build,
    items: [
      { to: '/flows', icon: 'flows', text: nav.flows },
      { to: '/systems', icon: 'systems', text: nav.systems },
      { to: '/models', icon: 'models', text: nav.models },
      { to: '/tables', icon: 'tables', text: nav.tables },
    ],
  },
  {
    title: nav.people,
    items: [
      { to: '/users', icon: 'users', text: nav.users, needs: 'administer' },
      { to: '/roles', icon: 'roles', text: nav.roles },
      { to: '/tokens', icon: 'tokens', text: nav.tokens },
      { to: '/sessions', icon: 'sessions', text: nav.sessions },
      { to: '/approvals', icon: 'approvals', text: nav.approvals },
      { to: '/audit', icon: 'audit', text: nav.audit, needs: 'audit' },
      { to: '/secrets', icon: 'secrets', text: nav.secrets, needs: 'administer' },
    ],
  },
  {
    title: nav.engine,
    items: [
      { to: '/settings', icon: 'settings', text: nav.settings },
      { to: '/about', icon: 'about', text: nav.about },
    ],
  },
] as const satisfies readonly {
  readonly title: string;
  readonly items: readonly { readonly to: string; readonly icon: IconName; readonly text: string; readonly needs?: Right }[];
}[];

export function Shell() {
  const [isOpen, { open, close }] = useDisclosure(false);
  const path = useRouterState({ select: ({ location }) => location.pathname });
  const may = useMay();
  useEffect(close, [path, close]);
  return (
    <div className="shell">
      <a className="skip" href="#content">
        {nav.skip}
      </a>
      <Navigation />
      <Drawer
        opened={isOpen}
        onClose={close}
        size={250}
        title="Mortise"
        className="drawer-nav"
        closeButtonProps={{ 'aria-label': 'Close' }}
      >
        <Navigation />
      </Drawer>
      <div>
        <header className="top">
          <ActionIcon className="only-narrow" aria-label={nav.open} onClick={open}>
            <Icon name="menu" />
          </ActionIcon>
          <Search />
          <div className="end">
            <Live />
            <ThemeSwitch />
            <Account />
            <SignOut />
          </div>
        </header>
        <main id="content" className="page" tabIndex={-1} style={{ outline: 0 }}>
          {isMine(path, may) ? <Outlet /> : <Empty title={nav.notYours} text={nav.notYoursText} />}
        </main>
      </div>
    </div>
  );
}

/** Who goes to a page by its address is told where the navigation would not lead. */
function isMine(path: string, may: May): boolean {
  const item = groups.flatMap(({ items }) => [...items]).find(({ to }) => to === path);
  return !item || !('needs' in item) || may(item.needs, 'everything');
}

function Navigation() {
  const { data: engine } = useQuery({ queryKey: ['engine'], queryFn: api.engine, refetchInterval: 10_000 });
  const { data: failures } = useQuery({ queryKey: ['failures'], queryFn: api.failures, refetchInterval: 5000 });
  const { data: rules } = useQuery({ queryKey: ['alert-rules'], queryFn: api.alertRules, refetchInterval: 10_000 });
  const { data: approvals } = useQuery({ queryKey: ['approvals'], queryFn: people.approvals, refetchInterval: 5000 });
  const may = useMay();
  const counts: Readonly<Record<string, number>> = {
    '/failures': failures?.groups.reduce((sum, group) => sum + group.count, 0) ?? 0,
    '/alerts': rules?.reduce((sum, { raised, muted }) => sum + (muted ? 0 : raised.length), 0) ?? 0,
    '/approvals': approvals?.filter(isForMe).length ?? 0,
  };
  return (
    <nav className="nav" aria-label={nav.label}>
      <Link to="/" className="brand only-wide">
        <img src={icon} alt="" />
        <span>
          Mortise
          <small>{[engine?.name, engine?.environment].filter(Boolean).join(' · ')}</small>
        </span>
      </Link>
      {groups.map(({ title, items }) => (
        <div className="nav-group" key={title}>
          <div className="nav-title">{title}</div>
          {items
            .filter((item) => !('needs' in item) || may(item.needs, 'everything'))
            .map(({ to, icon: name, text }) => (
              <Link key={to} to={to} className="item" activeOptions={{ exact: to === '/' }}>
                <Icon name={name} />
                {text}
                <Count count={counts[to] ?? 0} />
              </Link>
            ))}
        </div>
      ))}
    </nav>
  );
}

/** How many need a person. */
function Count({ count }: { readonly count: number }) {
  return count > 0 && <span className="count num">{count > 9999 ? '9999+' : count}</span>;
}

/** What one may decide, and what oneself asked for and was approved. */
function isForMe({ mine, approvedBy, refusedBy }: Approval): boolean {
  return mine ? approvedBy !== undefined : approvedBy === undefined && refusedBy === undefined;
}

function Search() {
  const [text, setText] = useState('');
  const input = useRef<HTMLInputElement>(null);
  const navigate = useNavigate();
  /** Where only one message fits, or only one that needs a person, its journey is what was wanted. */
  const open = async (sought: string): Promise<void> => {
    const { rows } = await api.find(sought).catch(() => ({ rows: [] }));
    const rootsOf = (found: typeof rows): ReadonlySet<string> => new Set(found.map(({ message }) => message.root));
    const inNeed = rootsOf(rows.filter(({ delivery }) => failedStates.has(delivery.state)));
    const wanted = inNeed.size > 0 ? inNeed : rootsOf(rows);
    const [root] = wanted;
    if (root !== undefined && wanted.size === 1) await navigate({ to: '/messages/$id', params: { id: root }, search: {} });
    else await navigate({ to: '/messages', search: { text: sought, range: 'all' } });
  };
  useHotkeys([['/', () => input.current?.focus()]]);
  return (
    <form
      className="search"
      role="search"
      onSubmit={(event) => {
        event.preventDefault();
        const sought = text.trim();
        if (sought !== '') void open(sought);
      }}
    >
      <TextInput
        ref={input}
        aria-label={bar.searchLabel}
        placeholder={bar.search}
        leftSection={<Icon name="search" size={14} />}
        rightSection={<span className="kbd only-wide">/</span>}
        value={text}
        onChange={(event) => setText(event.target.value)}
      />
    </form>
  );
}

function Live() {
  const live = useLive();
  const isLost = useIsLost();
  if (!live) return isLost && <span className="live tone-none">{bar.noAnswer}</span>;
  const tone = live.state === 'ready' ? 'good' : 'warn';
  return (
    <span className="live">
      <span className={`tag tone-${tone}`}>{bar.states[live.state]}</span>
      <span className="only-wide">
        <b className="num">{rate(live.perSecond)}</b> {bar.perSecond}
      </span>
    </span>
  );
}

function ThemeSwitch() {
  const { setColorScheme } = useMantineColorScheme();
  const isDark = useComputedColorScheme('light') === 'dark';
  return (
    <ActionIcon aria-label={isDark ? bar.toLight : bar.toDark} onClick={() => setColorScheme(isDark ? 'light' : 'dark')}>
      <Icon name={isDark ? 'sun' : 'moon'} />
    </ActionIcon>
  );
}

function Account() {
  const who = useWho();
  const label = who ? `${nav.account}: ${who.user}` : nav.account;
  return (
    <LinkIcon to="/account" aria-label={label} title={label}>
      <Icon name="account" />
    </LinkIcon>
  );
}

/**
 * As long as the engine lets a session live without a request. A page that is open asks all the time: so it is the page that has to see
 * that nobody is there.
 */
const idleMsMax = 30 * 60_000;

/** The next call is answered 401, which leads to the login. */
function SignOut() {
  const queries = useQueryClient();
  const signOut = useMutation({ mutationFn: people.logout, onSuccess: () => queries.invalidateQueries() });
  const isIdle = useIdle(idleMsMax, { initialState: false });
  const { mutate } = signOut;
  useEffect(() => {
    if (isIdle) mutate();
  }, [isIdle, mutate]);
  return (
    <ActionIcon aria-label={bar.signOut} title={bar.signOut} loading={signOut.isPending} onClick={() => signOut.mutate()}>
      <Icon name="out" />
    </ActionIcon>
  );
}
