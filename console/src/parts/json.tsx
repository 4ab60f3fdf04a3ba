// A value as indented JSON with quiet colours; and two values compared line by line.

import { Fragment } from 'react';
import { diffLines } from './diff.ts';

const token = /("(?:\\.|[^"\\])*")(\s*:)?|(-?\d+(?:\.\d+)?(?:[eE][+-]?\d+)?)|\b(true|false|null)\b/g;

export function Json({ value, label }: { readonly value: unknown; readonly label: string }) {
  return <JsonText text={pretty(value)} label={label} />;
}

/** What is no JSON is shown as it is. */
export function pretty(value: unknown): string {
  return typeof value === 'string' ? value : (JSON.stringify(value, null, 2) ?? '');
}

/** Text that may be JSON: numbers keep the digits that they have in it, and a text is shown without its quotes. */
export function prettyText(text: string): string {
  try {
    const value = parseExact(text);
    return typeof value === 'string' ? value : JSON.stringify(value, null, 2);
  } catch {
    return text;
  }
}

/** As `JSON.parse`, but that numbers keep their digits when it is written again. */
export function parseExact(text: string): unknown {
  return JSON.parse(text, (_name, inner: unknown, context?: { readonly source: string }) =>
    typeof inner === 'number' && context ? rawNumber(context.source) : inner,
  );
}

function rawNumber(source: string): unknown {
  const raw = (JSON as { rawJSON?: (text: string) => unknown }).rawJSON;
  return raw ? raw(source) : Number(source);
}

export function JsonText({ text, label }: { readonly text: string; readonly label: string }) {
  const isJson = /^\s*["{[\d-]/.test(text);
  return (
    <pre className="code" tabIndex={0} role="region" aria-label={label}>
      {isJson ? coloured(text) : text}
    </pre>
  );
}

function coloured(text: string) {
  const parts: React.ReactNode[] = [];
  let last = 0;
  for (const found of text.matchAll(token)) {
    const [whole, string, colon, number, literal] = found;
    parts.push(text.slice(last, found.index));
    const kind = string !== undefined ? (colon === undefined ? 's' : 'k') : number !== undefined ? 'n' : literal ? 'l' : '';
    parts.push(
      <Fragment key={found.index}>
        <span className={kind}>{string ?? whole}</span>
        {colon}
      </Fragment>,
    );
    last = found.index + whole.length;
  }
  parts.push(text.slice(last));
  return parts;
}

/** The lines that differ, with some of those around them. */
export function Diff({ before, after, label }: { readonly before: unknown; readonly after: unknown; readonly label: string }) {
  const lines = diffLines(pretty(before), pretty(after));
  return (
    <div className="diff" role="region" aria-label={label} tabIndex={0}>
      {lines.map(({ kind, text }, index) => (
        <div key={index} className={kind}>
          {kind === 'add' ? '+ ' : kind === 'del' ? '− ' : '  '}
          {text}
        </div>
      ))}
    </div>
  );
}
