// SPDX-License-Identifier: GPL-3.0-or-later
// One Monaco editor for all tabs: it outlives tab changes and moves between layouts; each document keeps its model (with
// its undo history), cursor and scroll position until its tab is closed.
import { useEffect, useRef } from 'react';
import type { Document } from '../../../model/document';
import { base_name } from '../../../model/paths';
import type { WorkspaceSession } from '../../../model/workspace_session';
import { useApplication, useChanges } from '../../application';
import { editor_status } from '../editor_status';
import { useSession } from '../ide_context';
import { EditorPresence } from '../presence/editor_presence';
import { DocumentBinding } from './document_binding';
import { apply_theme, language_name, language_of, monaco } from './monaco';

const minimap = { renderCharacters: false, maxColumn: 80 };
const least_for_minimap = 560; // px; below it the text needs the room

class SharedEditor {
  readonly host = document.createElement('div');
  private readonly editor_: monaco.editor.IStandaloneCodeEditor;
  private readonly bindings_ = new Map<Document, DocumentBinding>();
  private readonly presence_: EditorPresence;
  private shown_: DocumentBinding | undefined;
  private wide_ = true;

  constructor(session: WorkspaceSession) {
    this.host.className = 'editor-host';
    this.editor_ = monaco.editor.create(this.host, {
      model: null,
      automaticLayout: true,
      fontFamily: getComputedStyle(document.documentElement).getPropertyValue('--font-mono'),
      fontSize: 13,
      lineHeight: 20,
      fixedOverflowWidgets: true,
      scrollBeyondLastLine: false,
      padding: { top: 8, bottom: 8 },
      minimap,
      renderWhitespace: 'selection',
      bracketPairColorization: { enabled: true },
      wordBasedSuggestions: 'currentDocument',
      overviewRulerBorder: false,
      unusualLineTerminators: 'off', // U+2028 is text like any other
      dropIntoEditor: { enabled: false },
      unicodeHighlight: { ambiguousCharacters: false },
      ariaLabel: 'Text editor',
    });
    this.editor_.onDidChangeCursorSelection(({ selection, secondarySelections }) => {
      this.shown_?.selected([selection, ...secondarySelections]);
      this.tell_position();
    });
    this.editor_.onDidCompositionStart(() => this.shown_?.composing(true));
    this.editor_.onDidCompositionEnd(() => this.shown_?.composing(false));
    this.editor_.onDidLayoutChange(({ width }) => {
      const wide = width >= least_for_minimap;
      if (wide === this.wide_) return;
      this.wide_ = wide;
      this.editor_.updateOptions({ minimap: { ...minimap, enabled: wide } });
    });
    this.presence_ = new EditorPresence(this.editor_, session, this.host);
    // A closed tab's document gives its model back.
    session.documents.subscribe(() => {
      const open = new Set(session.documents.all.values());
      for (const [document, binding] of this.bindings_) {
        if (open.has(document)) continue;
        if (this.shown_ === binding) this.show_nothing();
        binding.dispose();
        this.bindings_.delete(document);
      }
    });
  }

  show(document: Document): void {
    let binding = this.bindings_.get(document);
    if (!binding) {
      const made: DocumentBinding = new DocumentBinding(document, (selections) => this.select(made, selections));
      this.bindings_.set(document, (binding = made));
    }
    if (this.shown_ === binding) return;
    if (this.shown_) this.shown_.view_state = this.editor_.saveViewState();
    this.shown_ = binding;
    this.editor_.setModel(binding.model);
    if (binding.view_state) this.editor_.restoreViewState(binding.view_state);
    this.presence_.show(document);
    this.tell_position();
  }

  follow(document: Document): void {
    this.editor_.updateOptions({ readOnly: document.read_only, domReadOnly: document.read_only });
    const language = language_of(base_name(document.path));
    const model = this.bindings_.get(document)?.model;
    if (model && model.getLanguageId() !== language) monaco.editor.setModelLanguage(model, language);
    editor_status.set_language(language_name(language));
  }

  focus(): void {
    this.editor_.focus();
  }

  dispose(): void {
    this.presence_.dispose();
    for (const binding of this.bindings_.values()) binding.dispose();
    this.bindings_.clear();
    this.editor_.dispose();
  }

  private select(binding: DocumentBinding, selections: monaco.Selection[]): void {
    const [first] = selections;
    if (this.shown_ !== binding || !first) return;
    this.editor_.setSelections(selections);
    this.editor_.revealRangeInCenterIfOutsideViewport(first);
  }

  private show_nothing(): void {
    this.shown_ = undefined;
    this.editor_.setModel(null);
    this.presence_.show();
  }

  private tell_position(): void {
    const selection = this.editor_.getSelection();
    const model = this.editor_.getModel();
    if (!selection || !model) return;
    editor_status.set(selection.positionLineNumber, selection.positionColumn, model.getValueLengthInRange(selection));
  }
}

const editors = new WeakMap<WorkspaceSession, SharedEditor>();

function editor_of(session: WorkspaceSession): SharedEditor {
  let editor = editors.get(session);
  if (!editor) editors.set(session, (editor = new SharedEditor(session)));
  return editor;
}

export default function TextEditor({ document }: { document: Document }) {
  const session = useSession();
  const { preferences } = useApplication();
  useChanges(preferences);
  useChanges(document);
  const place = useRef<HTMLDivElement>(null);
  const dark = preferences.is_dark();
  const { read_only, path } = document;

  useEffect(() => apply_theme(dark), [dark]);
  useEffect(() => {
    const editor = editor_of(session);
    place.current?.append(editor.host);
    return () => editor.host.remove();
  }, [session]);
  useEffect(() => {
    const editor = editor_of(session);
    editor.show(document);
    const elsewhere = globalThis.document.activeElement?.closest('.terminal-host, .tree, input, [role="dialog"]');
    if (!elsewhere) editor.focus();
  }, [session, document]);
  useEffect(() => editor_of(session).follow(document), [session, document, read_only, path]);

  return <div ref={place} className="editor-place" />;
}
