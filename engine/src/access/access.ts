// Who may ask an engine: finds the principal behind what a request carries, and lets people in.

import type { DatabaseSync } from 'node:sqlite';
import type { Clock } from '@mortise/sdk';
import { AlertRecord } from './alert-record.ts';
import { Approvals } from './approvals.ts';
import { Audit } from './audit.ts';
import { Codes } from './codes.ts';
import { openAccessDatabase } from './database.ts';
import { accessError } from './errors.ts';
import { writeKeyFile } from './key-file.ts';
import type { KeyFile } from './key-file.ts';
import { Invitations } from './invitations.ts';
import { refuseWeak } from './password.ts';
import { localGrants, localName } from './rights.ts';
import type { Principal } from './rights.ts';
import { SecondFactor } from './second-factor.ts';
import { csrfOf, Sessions } from './sessions.ts';
import { openSigningKey } from './signing-key.ts';
import { Throttle } from './throttle.ts';
import { Tokens } from './tokens.ts';
import { Users } from './users.ts';
import type { User } from './users.ts';
import { Vault } from './vault.ts';

/** What a request carries. */
export interface Credentials {
  /** Of `authorization: Bearer`. */
  readonly bearer?: string;
  /** Of the cookie. */
  readonly session?: string;
}

/** Where somebody logs in from. */
export interface LoginPlace {
  readonly address: string;
  readonly browser: string;
}

/** A session that was opened: the secret goes into the cookie, and nowhere else. */
export interface OpenedSession {
  readonly secret: string;
  readonly principal: Principal;
}

/** Ten wrong passwords at once, then three a minute: a person hardly notices, and guessing takes years. */
const loginThrottle = { burst: 10, perSecond: 0.05 };

export class Access {
  readonly users: Users;
  readonly sessions: Sessions;
  readonly tokens: Tokens;
  readonly audit: Audit;
  readonly alerts: AlertRecord;
  readonly vault: Vault;
  readonly approvals: Approvals;
  readonly secondFactor: SecondFactor;
  readonly invitations: Invitations;
  readonly codes = new Codes();
  private readonly database: DatabaseSync;
  private readonly clock: Pick<Clock, 'nowMs'>;
  private readonly folder: string;
  private readonly logins = new Throttle(loginThrottle);
  private key: KeyFile | undefined;

  /** `folder`: the data folder, or `:memory:`. Throws MORTISE_ACCESS_DAMAGED. */
  constructor(folder: string, clock: Pick<Clock, 'nowMs'>) {
    this.database = openAccessDatabase(folder);
    this.folder = folder;
    this.clock = clock;
    this.users = new Users(this.database);
    this.sessions = new Sessions(this.database);
    this.tokens = new Tokens(this.database);
    this.audit = new Audit(this.database, openSigningKey(folder), () => clock.nowMs());
    this.audit.recover();
    this.vault = new Vault(this.database, folder);
    this.alerts = new AlertRecord(this.database);
    this.approvals = new Approvals(this.database);
    this.secondFactor = new SecondFactor(this.database, this.vault);
    this.invitations = new Invitations(this.database);
  }

  /** Writes the key file, once it is known where the listener is. */
  openKey(port: number): void {
    if (this.folder !== ':memory:') this.key = writeKeyFile(this.folder, port);
  }

  /** Where the key file is. */
  get keyPath(): string | undefined {
    return this.key?.path;
  }

  /** As things are at this moment: what was revoked is gone. */
  principalOf({ bearer, session }: Credentials): Principal | undefined {
    if (bearer !== undefined) return this.ofBearer(bearer);
    return session === undefined ? undefined : this.ofSession(session);
  }

  /** `totp`: the code of the second factor. Throws MORTISE_ACCESS_WRONG_LOGIN, MORTISE_ACCESS_SECOND_FACTOR, MORTISE_ACCESS_THROTTLED. */
  async logIn(name: string, password: string, place: LoginPlace, totp?: string): Promise<OpenedSession> {
    this.throttle(name, place);
    const user = await this.users.withPassword(name, password);
    if (!user) throw accessError('MORTISE_ACCESS_WRONG_LOGIN', `There is no user "${name}" with this password.`);
    this.secondFactor.require(user.name, totp, this.clock.nowMs());
    this.logins.forget(`user ${name}`);
    this.logins.forget(`address ${place.address}`);
    return this.open(user.name, place);
  }

  /** Whoever has the link that was printed on the machine is as good as one who reads its key file. Throws MORTISE_ACCESS_CODE_VOID. */
  logInByCode(code: string, place: LoginPlace): OpenedSession {
    this.throttle('', place);
    if (!this.codes.take(code, 'login', this.clock.nowMs())) throw codeVoid();
    this.logins.forget(`address ${place.address}`);
    return this.open(localName, place);
  }

  /** Makes the first administrator. Throws MORTISE_ACCESS_CODE_VOID, MORTISE_ACCESS_TAKEN, MORTISE_ACCESS_PASSWORD_WEAK. */
  async setUp(code: string, name: string, password: string, place: LoginPlace): Promise<OpenedSession> {
    this.throttle('', place);
    const nowMs = this.clock.nowMs();
    if (this.users.count() > 0 || !this.codes.knows(code, 'setup', nowMs)) throw codeVoid();
    // What is only mistyped leaves the code good; of two requests at once one gets it.
    refuseWeak(password, name);
    if (!this.codes.take(code, 'setup', nowMs)) throw codeVoid();
    await this.users.add(name, { password, grants: localGrants }, nowMs);
    this.codes.revoke('setup');
    this.logins.forget(`address ${place.address}`);
    return this.open(name, place);
  }

  /**
   * Sets the password of whoever was invited. A second factor stands: who has one shows it. Throws MORTISE_ACCESS_CODE_VOID,
   * MORTISE_ACCESS_PASSWORD_WEAK, MORTISE_ACCESS_SECOND_FACTOR, MORTISE_ACCESS_WRONG_LOGIN, MORTISE_ACCESS_THROTTLED.
   */
  async acceptInvitation(code: string, password: string, place: LoginPlace, totp?: string): Promise<OpenedSession> {
    this.throttle('', place);
    const nowMs = this.clock.nowMs();
    const name = this.invitations.userOf(code, nowMs);
    if (name === undefined || this.users.find(name)?.disabled !== false) throw codeVoid();
    // What is only mistyped leaves the code good; of two requests at once one gets it.
    refuseWeak(password, name);
    this.secondFactor.require(name, totp, nowMs);
    if (!this.invitations.take(code, nowMs)) throw codeVoid();
    await this.users.change(name, { password });
    this.sessions.endAllOf(name);
    this.logins.forget(`address ${place.address}`);
    return this.open(name, place);
  }

  /** Whoever a provider vouches for. Throws MORTISE_ACCESS_TAKEN, MORTISE_ACCESS_WRONG_LOGIN. */
  signOn(subject: string, name: string, grants: User['grants'], place: LoginPlace): OpenedSession {
    const user = this.users.signOn(subject, name, grants, this.clock.nowMs());
    if (!user) throw accessError('MORTISE_ACCESS_WRONG_LOGIN', `User "${name}" is disabled.`);
    return this.open(user.name, place);
  }

  /** Of the first start, as long as there is no user. */
  setupCode(): string | undefined {
    return this.users.count() === 0 ? this.codes.make('setup', this.clock.nowMs()) : undefined;
  }

  /** Of a link that logs in at once. */
  loginCode(): string {
    return this.codes.make('login', this.clock.nowMs());
  }

  close(): void {
    this.key?.remove();
    this.audit.checkpoint();
    this.database.close();
  }

  /** Counted before the password is looked at, so that many at once are no way around. */
  private throttle(name: string, { address }: LoginPlace): void {
    const nowMs = this.clock.nowMs();
    const places = [`address ${address}`, ...(name === '' ? [] : [`user ${name}`])];
    const waitMs = Math.max(...places.map((place) => this.logins.take(place, nowMs)));
    if (waitMs > 0) throw throttled('Too many logins failed.', waitMs);
  }

  private open(user: string, place: LoginPlace): OpenedSession {
    const nowMs = this.clock.nowMs();
    const { secret } = this.sessions.open(user, place, nowMs);
    this.users.seen(user, nowMs);
    const principal = this.ofSession(secret);
    if (!principal) throw accessError('MORTISE_ACCESS_LOGIN_NEEDED', `User "${user}" was removed meanwhile.`);
    return { secret, principal };
  }

  private ofSession(secret: string): Principal | undefined {
    const session = this.sessions.use(secret, this.clock.nowMs());
    const grants = session && this.grantsOf(session.user);
    return grants && { kind: 'session', name: session.user, grants, id: session.id, csrf: csrfOf(secret) };
  }

  private ofBearer(text: string): Principal | undefined {
    if (this.key?.is(text)) return { kind: 'key', name: localName, grants: localGrants };
    const token = this.tokens.use(text, this.clock.nowMs());
    const grants = token && this.grantsOf(token.user);
    return grants && { kind: 'token', name: token.user, grants, id: token.id, ...(token.grants ? { scope: token.grants } : {}) };
  }

  private grantsOf(name: string): User['grants'] | undefined {
    if (name === localName) return localGrants;
    const user = this.users.find(name);
    return user?.disabled === false ? user.grants : undefined;
  }
}

export function throttled(what: string, waitMs: number): Error {
  const seconds = Math.max(1, Math.ceil(waitMs / 1000));
  const remedy = `Wait for ${seconds} s.`;
  return accessError('MORTISE_ACCESS_THROTTLED', what, { remedy, details: { retryAfterSeconds: seconds } });
}

function codeVoid(): Error {
  return accessError('MORTISE_ACCESS_CODE_VOID', 'The one-time code is wrong, used, or too old.');
}
