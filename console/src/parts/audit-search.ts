// What the audit is searched by, as the address of its page says.

const names = ['who', 'action', 'result', 'text', 'since', 'until'] as const;

export type AuditSearch = { readonly [Name in (typeof names)[number]]?: string | undefined };

export function auditSearch(given: Readonly<Record<string, unknown>>, text: (value: unknown) => string | undefined): AuditSearch {
  return Object.fromEntries(names.flatMap((name) => (text(given[name]) ? [[name, text(given[name])]] : [])));
}
