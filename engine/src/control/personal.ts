// Personal data: what a model marks with `x-personal: true` is masked in lists and journeys for whoever may not see bodies.

import type { Project } from '../project/load.ts';
import type { Asker } from './authentication.ts';
import type { AccessObject } from '../access/rights.ts';
import type { DeliveryView, MessageView } from './views.ts';

export const maskedText = '[personal]';

/** What of messages may be told to everybody; undefined where no model marks anything: then all may. */
type PublicKeys = ReadonlySet<string> | undefined;

const known = new WeakMap<Project, { readonly keys: PublicKeys }>();

/** The view without what may be personal, unless who asks may see bodies. */
export function withoutPersonal<View extends MessageView & { readonly headers?: Readonly<Record<string, string>> }>(
  view: View,
  object: AccessObject,
  asker: Asker,
  project: Project,
): View {
  const keys = publicKeysOf(project);
  if (!keys || asker.has('see-bodies', object)) return view;
  return {
    ...view,
    keys: mapValues(view.keys, (value, name) => (keys.has(name) ? value : maskedText)),
    ...(view.subject === undefined ? {} : { subject: maskedText }),
    ...(view.headers ? { headers: mapValues(view.headers, () => maskedText) } : {}),
  };
}

/** Errors quote what a body holds, systems answer with it, lanes are made of it: of these the codes are told. */
export function withoutPersonalTexts<View extends DeliveryView>(
  view: View,
  object: AccessObject,
  asker: Asker,
  project: Project,
): View {
  if (!hidesPersonal(object, asker, project)) return view;
  const { error, detail, lane, journal } = view;
  return {
    ...view,
    ...(error ? { error: { code: error.code, message: maskedText, remedy: error.remedy } } : {}),
    ...(detail === undefined ? {} : { detail: maskedText }),
    ...(lane === undefined ? {} : { lane: maskedText }),
    ...(journal === undefined ? {} : { journal: withoutMessages(journal) }),
  };
}

/** Whether a text that may quote a body is masked for who asks. */
export function hidesPersonal(object: AccessObject, asker: Asker, project: Project): boolean {
  return publicKeysOf(project) !== undefined && !asker.has('see-bodies', object);
}

/** Of the attempts that failed, when and with which code. */
function withoutMessages(journal: unknown): unknown {
  const { failures, ...rest } = { ...(journal as { readonly failures?: unknown }) };
  if (!Array.isArray(failures)) return rest;
  return { ...rest, failures: failures.map((failure: object) => ({ ...failure, message: maskedText })) };
}

/**
 * Business keys that are surely not personal: every flow that sets one makes it of fields that no model marks. What is computed
 * by code, or of the whole body, may be anything.
 */
function publicKeysOf(project: Project): PublicKeys {
  const found = known.get(project);
  if (found) return found.keys;
  const names = new Set([...project.definitions.models.values()].flatMap(({ schema }) => personalNames(schema)));
  const keys = names.size === 0 ? undefined : safeKeys(project, names);
  known.set(project, { keys });
  return keys;
}

function safeKeys({ flows }: Project, names: ReadonlySet<string>): ReadonlySet<string> {
  const tracked = flows.flatMap(({ source }) => trackedIn(source.value));
  const isPersonal = (expression: unknown): boolean => {
    if (typeof expression !== 'string') return true;
    // `$` alone is the whole body, `*` and `**` are any field of it.
    if (/\*|(^|[^\w$])\$(?![\w$])/.test(expression)) return true;
    return (expression.match(/[\p{L}_][\p{L}\d_]*|`[^`]*`/gu) ?? []).some((word) => names.has(word.replaceAll('`', '')));
  };
  const personal = new Set(tracked.filter(([, expression]) => isPersonal(expression)).map(([name]) => name));
  return new Set(tracked.map(([name]) => name).filter((name) => !personal.has(name)));
}

/** The names of properties that are marked, anywhere in a schema. */
function personalNames(schema: unknown): string[] {
  if (typeof schema !== 'object' || schema === null) return [];
  const { properties } = schema as { readonly properties?: Readonly<Record<string, unknown>> };
  const own = Object.entries(properties ?? {}).flatMap(([name, part]) =>
    typeof part === 'object' && part !== null && 'x-personal' in part && part['x-personal'] === true ? [name] : [],
  );
  return [...own, ...Object.values(schema).flatMap(personalNames)];
}

/** All `track` steps, at any depth: each key with its expression. */
function trackedIn(value: unknown): (readonly [string, unknown])[] {
  if (typeof value !== 'object' || value === null) return [];
  return Object.entries(value).flatMap(([name, part]) => {
    const isTrack = name === 'track' && typeof part === 'object' && part !== null;
    return [...(isTrack ? Object.entries(part as object) : []), ...trackedIn(part)];
  });
}

function mapValues(
  values: Readonly<Record<string, string>>,
  change: (value: string, name: string) => string,
): Record<string, string> {
  return Object.fromEntries(Object.entries(values).map(([name, value]) => [name, change(value, name)]));
}
