// The editor: YAML, JSON or plain text, with problems beside their lines and completion by a schema.

import { autocompletion } from '@codemirror/autocomplete';
import { json } from '@codemirror/lang-json';
import { yaml } from '@codemirror/lang-yaml';
import { HighlightStyle, syntaxHighlighting } from '@codemirror/language';
import { lintGutter, setDiagnostics } from '@codemirror/lint';
import { Compartment, EditorState } from '@codemirror/state';
import { EditorView } from '@codemirror/view';
import { tags } from '@lezer/highlight';
import { basicSetup } from 'codemirror';
import { useEffect, useRef } from 'react';
import type { ProjectProblem } from '../api/types.ts';
import { completionsOf } from './completion.ts';

interface EditorProps {
  readonly value: string;
  readonly language: 'yaml' | 'json' | 'text';
  readonly label: string;
  readonly onChange?: (text: string) => void;
  readonly problems?: readonly ProjectProblem[];
  readonly schema?: unknown;
  /** Shown, when it changes. */
  readonly line?: number | undefined;
  readonly height?: string;
}

const nonce = document.querySelector<HTMLMetaElement>('meta[property="csp-nonce"]')?.nonce ?? '';

const look = EditorView.theme({
  '&': { fontSize: '12.5px', backgroundColor: 'var(--panel)', color: 'var(--text)', height: '100%' },
  '.cm-content': { fontFamily: 'var(--mono)', caretColor: 'var(--text)', padding: '8px 0' },
  '.cm-gutters': { backgroundColor: 'var(--panel)', color: 'var(--text-2)', border: 'none' },
  '.cm-activeLine': { backgroundColor: 'color-mix(in srgb, var(--mute-soft) 55%, transparent)' },
  '.cm-activeLineGutter': { backgroundColor: 'var(--mute-soft)' },
  '&.cm-focused': { outline: '2px solid var(--focus)', outlineOffset: '-2px' },
  '&.cm-focused .cm-selectionBackground, .cm-selectionBackground': { backgroundColor: 'var(--accent-soft) !important' },
  '.cm-cursor': { borderLeftColor: 'var(--text)' },
  '.cm-tooltip': {
    backgroundColor: 'var(--panel)',
    border: '1px solid var(--line-strong)',
    borderRadius: '6px',
    color: 'var(--text)',
  },
  '.cm-tooltip-autocomplete ul li[aria-selected]': { backgroundColor: 'var(--accent-soft)', color: 'var(--text)' },
  '.cm-diagnostic': { fontFamily: 'var(--font)', fontSize: '12.5px', padding: '5px 10px' },
});

const colours = HighlightStyle.define([
  { tag: [tags.propertyName, tags.definition(tags.propertyName)], color: 'var(--accent)' },
  { tag: [tags.string, tags.content], color: 'var(--text)' },
  { tag: [tags.number, tags.bool, tags.null], color: 'var(--busy)' },
  { tag: tags.comment, color: 'var(--text-2)', fontStyle: 'italic' },
  { tag: [tags.keyword, tags.meta], color: 'var(--hold)' },
]);

/**
 * What is typed over a selection is put in place by the editor: the browser would keep the looks of the replaced text in a style
 * attribute, which the content security policy refuses.
 */
const typing = EditorView.domEventHandlers({
  beforeinput(event, view) {
    const { data, inputType } = event;
    const { state } = view;
    const { from, to, empty } = state.selection.main;
    if (inputType !== 'insertText' || data === null || empty || state.readOnly) return false;
    event.preventDefault();
    const insert = () => state.update(state.replaceSelection(data), { userEvent: 'input.type', scrollIntoView: true });
    const isHandled = state.facet(EditorView.inputHandler).some((handle) => handle(view, from, to, data, insert));
    if (!isHandled) view.dispatch(insert());
    return true;
  },
});

const languages = { yaml: () => yaml(), json: () => json(), text: () => [] };

export function Editor({ value, language, label, onChange, problems = [], schema, line, height = '420px' }: EditorProps) {
  const place = useRef<HTMLDivElement>(null);
  const view = useRef<EditorView>(undefined);
  const tell = useRef(onChange);
  const known = useRef(schema);
  tell.current = onChange;
  known.current = schema;
  useEffect(() => {
    if (!place.current) return undefined;
    const writing = new Compartment();
    const made = new EditorView({
      parent: place.current,
      state: EditorState.create({
        doc: value,
        extensions: [
          basicSetup,
          languages[language](),
          autocompletion({ override: [completionsOf(() => known.current as Readonly<Record<string, unknown>> | undefined)] }),
          typing,
          lintGutter(),
          EditorView.lineWrapping,
          look,
          syntaxHighlighting(colours),
          EditorView.cspNonce.of(nonce),
          // Also where it cannot be written, so that the keyboard can scroll it.
          EditorView.contentAttributes.of({ 'aria-label': label, tabindex: '0' }),
          writing.of(EditorState.readOnly.of(onChange === undefined)),
          EditorView.updateListener.of((update) => {
            if (update.docChanged) tell.current?.(update.state.doc.toString());
          }),
        ],
      }),
    });
    view.current = made;
    return () => made.destroy();
    // Made once; what changes later is dispatched below.
  }, [language, label]);
  useEffect(() => replaceText(view.current, value), [value]);
  useEffect(() => showProblems(view.current, problems), [problems]);
  useEffect(() => showLine(view.current, line), [line]);
  return <div ref={place} className="editor" style={{ height }} />;
}

function replaceText(view: EditorView | undefined, text: string): void {
  if (!view || view.state.doc.toString() === text) return;
  view.dispatch({ changes: { from: 0, to: view.state.doc.length, insert: text } });
}

function showProblems(view: EditorView | undefined, problems: readonly ProjectProblem[]): void {
  if (!view) return;
  const { doc } = view.state;
  const shown = problems.map(({ line, column, severity, message, remedy }) => {
    const at = doc.line(Math.min(Math.max(1, line), doc.lines));
    const from = Math.min(at.from + Math.max(0, column - 1), at.to);
    return { from, to: at.to, severity, message: remedy ? `${message}\n${remedy}` : message };
  });
  view.dispatch(setDiagnostics(view.state, shown));
}

function showLine(view: EditorView | undefined, line: number | undefined): void {
  if (!view || line === undefined || line > view.state.doc.lines) return;
  const { from } = view.state.doc.line(line);
  view.dispatch({ selection: { anchor: from }, effects: EditorView.scrollIntoView(from, { y: 'start', yMargin: 40 }) });
}
