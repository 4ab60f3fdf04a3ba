// Roles, what each may do, and whether what was granted covers what is asked for: the whole of who may do what.

/** What a request needs. Each is given for everything, or for named systems and flows. */
export const rights = ['see', 'see-bodies', 'operate', 'develop', 'partners', 'administer', 'audit'] as const;
export type Right = (typeof rights)[number];

export const roles = ['viewer', 'operator', 'developer', 'admin', 'partner-coordinator', 'auditor', 'body-reader'] as const;
export type Role = (typeof roles)[number];

/** An administrator does not see bodies without being granted that, which the audit then tells. */
export const rightsOf: Readonly<Record<Role, readonly Right[]>> = {
  viewer: ['see'],
  operator: ['see', 'operate'],
  developer: ['see', 'develop'],
  admin: ['see', 'operate', 'develop', 'partners', 'administer', 'audit'],
  'partner-coordinator': ['see', 'partners'],
  auditor: ['see', 'audit'],
  'body-reader': ['see-bodies'],
};

/** A role for the named flows and systems; for everything where both are absent. */
export interface Grant {
  readonly role: Role;
  readonly flows?: readonly string[];
  readonly systems?: readonly string[];
}

/** What a request is about: one of the flows or systems has to be granted. Where none is named it is everything. */
export interface AccessObject {
  readonly flows: readonly string[];
  readonly systems: readonly string[];
}

export const everything: AccessObject = { flows: [], systems: [] };

/** Who asks. */
export interface Principal {
  readonly kind: 'session' | 'token' | 'key';
  /** The user, or `localName`. */
  readonly name: string;
  readonly grants: readonly Grant[];
  /** Of a token: it may do only what these allow as well. */
  readonly scope?: readonly Grant[];
  /** The public id of the session or token. */
  readonly id?: string;
  /** Of a session: what its page sends along with changes. */
  readonly csrf?: string;
}

/** Whoever reads the key file of the data folder: who can do that can read all that is stored, so it is granted everything. */
export const localName = 'local';
export const localGrants: readonly Grant[] = [{ role: 'admin' }, { role: 'body-reader' }];

/** Where a right is held: for everything, or for these flows and systems. */
export interface Reach {
  readonly right: Right;
  readonly everything: boolean;
  readonly flows: readonly string[];
  readonly systems: readonly string[];
}

/** What grants come to, right by right; those that are not held are left out. */
export function reachOf(grants: readonly Grant[]): readonly Reach[] {
  return rights.flatMap((right) => {
    const giving = grants.filter(({ role }) => rightsOf[role].includes(right));
    if (giving.length === 0) return [];
    const everything = giving.some(({ flows, systems }) => flows === undefined && systems === undefined);
    const named = (of: 'flows' | 'systems') => [...new Set(giving.flatMap((grant) => grant[of] ?? []))];
    return [{ right, everything, flows: named('flows'), systems: named('systems') }];
  });
}

/** Whether it has the right for anything at all. */
export function hasRight({ grants, scope }: Principal, right: Right): boolean {
  return [grants, scope].every((given) => given === undefined || given.some(({ role }) => rightsOf[role].includes(right)));
}

export function covers({ grants, scope }: Principal, right: Right, object: AccessObject): boolean {
  return [grants, scope].every((given) => given === undefined || given.some((grant) => grantCovers(grant, right, object)));
}

function grantCovers({ role, flows, systems }: Grant, right: Right, object: AccessObject): boolean {
  if (!rightsOf[role].includes(right)) return false;
  if (flows === undefined && systems === undefined) return true;
  return object.flows.some((flow) => flows?.includes(flow)) || object.systems.some((system) => systems?.includes(system));
}
