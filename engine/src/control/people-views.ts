// What the API shows and takes of users, sessions and tokens.

import { Type } from './schema.ts';
import type { Static } from './schema.ts';
import { localName, reachOf, rights, roles } from '../access/rights.ts';
import type { Grant, Principal } from '../access/rights.ts';
import type { Session } from '../access/sessions.ts';
import type { Token } from '../access/tokens.ts';
import type { User } from '../access/users.ts';
import { isoTime } from '../store/iso-time.ts';

export const Name = Type.String({
  pattern: '^[a-z0-9][a-z0-9._@-]{0,99}$',
  description: 'Of a user: small letters, digits, and . _ @ - between them.',
});
export const Password = Type.String({ maxLength: 1000, format: 'password' });
export const Totp = Type.String({ pattern: '^[0-9]{6}$', description: 'The code that the authenticator program shows.' });
const Time = Type.String({ format: 'date-time' });
const Names = Type.Array(Type.String({ minLength: 1, maxLength: 200 }), { maxItems: 1000 });

export const NoBody = Type.Object({}, { additionalProperties: false });
export const Done = Type.Object({ done: Type.Literal(true) });
export const done = { done: true as const };

export const GrantView = Type.Object(
  { role: Type.Enum([...roles]), flows: Type.Optional(Names), systems: Type.Optional(Names) },
  { additionalProperties: false, description: 'A role for the named flows and systems; for everything where none is named.' },
);
export type GrantView = Static<typeof GrantView>;

const ReachView = Type.Object(
  { right: Type.Enum([...rights]), everything: Type.Boolean(), flows: Names, systems: Names },
  { description: 'A right that is held for everything, or for these flows and systems.' },
);

export const WhoView = Type.Object({
  kind: Type.Enum(['session', 'token', 'key'], { description: 'By what the request says who it is.' }),
  user: Type.String({ description: `The name; "${localName}" for the key file of the data folder.` }),
  grants: Type.Array(GrantView, { description: 'What the user was granted.' }),
  rights: Type.Array(ReachView, { description: 'What the grants come to.' }),
  scope: Type.Optional(Type.Array(GrantView, { description: 'Of a token: it may do only what these allow as well.' })),
  id: Type.Optional(Type.String({ description: 'Of the session or token.' })),
  hasPassword: Type.Optional(Type.Boolean({ description: 'Of a user, where a login was asked for by GET.' })),
  hasSecondFactor: Type.Optional(Type.Boolean()),
  csrf: Type.Optional(Type.String({ description: 'Of a session: to be sent in x-mortise-csrf with everything but GET.' })),
});
export type WhoView = Static<typeof WhoView>;

export const SessionView = Type.Object({
  id: Type.String(),
  user: Type.String(),
  createdAt: Time,
  seenAt: Time,
  endsAt: Time,
  address: Type.String(),
  browser: Type.String({ description: 'What the browser says it is.' }),
  current: Type.Boolean({ description: 'Whether this request came with it.' }),
});

export const TokenView = Type.Object({
  id: Type.String(),
  user: Type.String(),
  label: Type.String(),
  grants: Type.Optional(Type.Array(GrantView)),
  createdAt: Time,
  endsAt: Time,
  seenAt: Type.Optional(Time),
});

export type TokenView = Static<typeof TokenView>;

export const UserView = Type.Object({
  name: Type.String(),
  version: Type.Integer({ description: 'Counts the changes: the ETag, which a change takes in If-Match.' }),
  hasPassword: Type.Boolean(),
  hasSecondFactor: Type.Boolean(),
  disabled: Type.Boolean(),
  grants: Type.Array(GrantView),
  createdAt: Time,
  seenAt: Type.Optional(Type.String({ format: 'date-time', description: 'The last login.' })),
});
export type UserView = Static<typeof UserView>;

export function whoView({ kind, name, grants, scope, id, csrf }: Principal): WhoView {
  return {
    kind,
    user: name,
    grants: grants.map(copyGrant),
    rights: reachOf(grants).map((reach) => ({ ...reach, flows: [...reach.flows], systems: [...reach.systems] })),
    ...(scope ? { scope: scope.map(copyGrant) } : {}),
    ...(id === undefined ? {} : { id }),
    ...(csrf === undefined ? {} : { csrf }),
  };
}

export function sessionView(session: Session, current?: string): Static<typeof SessionView> {
  const { id, user, createdAtMs, seenAtMs, endsAtMs, address, browser } = session;
  const [createdAt, seenAt, endsAt] = [isoTime(createdAtMs), isoTime(seenAtMs), isoTime(endsAtMs)];
  return { id, user, createdAt, seenAt, endsAt, address, browser, current: id === current };
}

export function tokenView({ id, user, label, grants, createdAtMs, endsAtMs, seenAtMs }: Token): Static<typeof TokenView> {
  return {
    id,
    user,
    label,
    ...(grants ? { grants: grants.map(copyGrant) } : {}),
    createdAt: isoTime(createdAtMs),
    endsAt: isoTime(endsAtMs),
    ...(seenAtMs === undefined ? {} : { seenAt: isoTime(seenAtMs) }),
  };
}

export function userView({ createdAtMs, seenAtMs, grants, ...rest }: User): UserView {
  return {
    ...rest,
    grants: grants.map(copyGrant),
    createdAt: isoTime(createdAtMs),
    ...(seenAtMs === undefined ? {} : { seenAt: isoTime(seenAtMs) }),
  };
}

/** The schemas' types can be changed, ours cannot. */
function copyGrant({ role, flows, systems }: Grant): GrantView {
  return { role, ...(flows ? { flows: [...flows] } : {}), ...(systems ? { systems: [...systems] } : {}) };
}
