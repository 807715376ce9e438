// SPDX-License-Identifier: GPL-3.0-or-later
// The Monaco editors of a workspace: one for each group, which outlives tab changes and moves between layouts, and one model for
// each document, whichever groups show it. Cursor and scroll position are a group's own.
import type { Document } from '../../../model/document';
import type { EditorTab } from '../../../model/editor_tabs';
import { base_name } from '../../../model/paths';
import type { Preferences } from '../../../model/preferences';
import type { WorkspaceSession } from '../../../model/workspace_session';
import { editor_actions } from '../editor_actions';
import { editor_status, type EditorControls } from '../editor_status';
import { EditorPresence } from '../presence/editor_presence';
import { DocumentBinding } from './document_binding';
import { chosen_options, fixed_options } from './editor_options';
import { follow_emmet, language_name, language_of, monaco } from './monaco';
import { t } from '../../../model/translation';

const formatter_patience = 3000; // ms; a save waits no longer

class GroupEditor implements EditorControls {
  readonly host = document.createElement('div');
  readonly editor: monaco.editor.IStandaloneCodeEditor;
  shown: DocumentBinding | undefined;
  private readonly presence_: EditorPresence;
  private readonly view_states_ = new WeakMap<DocumentBinding, monaco.editor.ICodeEditorViewState>();
  private width_ = 1000;

  constructor(
    readonly group: number,
    private readonly session_: WorkspaceSession,
    private readonly preferences_: Preferences,
  ) {
    this.host.className = 'editor-host';
    this.host.dataset['group'] = `${group}`;
    this.editor = monaco.editor.create(this.host, {
      model: null,
      ...fixed_options,
      ariaLabel: t('Text editor'),
      fontFamily: getComputedStyle(document.documentElement).getPropertyValue('--font-mono'),
      ...chosen_options(preferences_.settings, this.width_),
    });
    this.editor.onDidChangeCursorSelection(({ selection, secondarySelections }) => {
      if (this.is_used()) this.shown?.selected([selection, ...secondarySelections]);
      this.tell_position();
    });
    this.editor.onDidCompositionStart(() => this.shown?.composing(true));
    this.editor.onDidCompositionEnd(() => this.shown?.composing(false));
    this.editor.onDidFocusEditorText(() => session_.tabs.use_group(group));
    this.editor.onDidChangeModelOptions(() => this.tell_indentation());
    this.editor.onDidLayoutChange(({ width }) => {
      if (width === this.width_) return;
      this.width_ = width;
      this.follow_settings();
    });
    this.presence_ = new EditorPresence(this.editor, session_, this.host);
  }

  follow_settings(): void {
    this.editor.updateOptions(chosen_options(this.preferences_.settings, this.width_));
  }

  show(binding: DocumentBinding): void {
    if (this.shown === binding) return;
    this.keep_view();
    this.shown = binding;
    this.editor.setModel(binding.model);
    const state = this.view_states_.get(binding);
    if (state) this.editor.restoreViewState(state);
    this.presence_.show(binding.document);
  }
  show_nothing(): void {
    this.keep_view();
    this.shown = undefined;
    this.editor.setModel(null);
    this.presence_.show();
  }

  /** The keys go here: what is told of the editor is told of this one. */
  use(): void {
    this.presence_.use();
    editor_status.controls = this;
    editor_actions.source = () => this.actions();
    const { shown } = this;
    if (shown) shown.selected(this.editor.getSelections() ?? []);
    this.tell_position();
    this.tell_indentation();
    this.tell_language();
  }

  read_only(read_only: boolean): void {
    this.editor.updateOptions({ readOnly: read_only, domReadOnly: read_only });
  }

  /** To where the tab wants the cursor, once. */
  go_to_wanted(tab: EditorTab): void {
    const { wanted } = tab;
    const model = this.editor.getModel();
    if (!wanted || !model) return;
    delete tab.wanted;
    if (wanted.line !== undefined) {
      const place = model.validatePosition({ lineNumber: wanted.line, column: wanted.column ?? 1 });
      const end = model.validatePosition({ ...place, column: place.column + (wanted.length ?? 0) });
      this.editor.setSelection(monaco.Range.fromPositions(place, end));
      this.editor.revealPositionInCenterIfOutsideViewport(place);
    }
    if (!wanted.keep_keys) this.editor.focus();
  }
  async format(): Promise<void> {
    const action = this.editor.getAction('editor.action.formatDocument');
    if (!action?.isSupported()) return;
    const too_long = new Promise<void>((resolve) => setTimeout(resolve, formatter_patience));
    // A formatter that fails leaves the text as it is.
    await Promise.race([action.run().catch(() => {}), too_long]);
  }
  /** Within one line; empty when nothing is, or more. */
  selected_text(): string {
    const selection = this.editor.getSelection();
    if (!selection || selection.startLineNumber !== selection.endLineNumber) return '';
    return this.editor.getModel()?.getValueInRange(selection) ?? '';
  }

  languages() {
    const all = monaco.languages.getLanguages().map(({ id }) => ({ id, name: language_name(id) }));
    const named = new Map(all.map((language) => [language.id, language]));
    return [...named.values()].sort((a, b) => a.name.localeCompare(b.name));
  }
  choose_language(id: string | undefined): void {
    if (!this.shown) return;
    this.shown.language = id;
    this.follow_language();
  }
  choose_indentation({ spaces, size }: { spaces: boolean; size: number }): void {
    this.editor.getModel()?.updateOptions({ insertSpaces: spaces, tabSize: size, indentSize: size });
    this.tell_indentation();
  }
  /** As the person chose, or by the file's name, which may have changed. */
  follow_language(): void {
    if (!this.shown) return;
    const language = this.shown.language ?? language_of(base_name(this.shown.document.path));
    if (this.shown.model.getLanguageId() !== language) monaco.editor.setModelLanguage(this.shown.model, language);
    this.tell_language();
  }

  dispose(): void {
    if (editor_status.controls === this) {
      editor_status.controls = undefined;
      editor_actions.source = undefined;
    }
    this.presence_.dispose();
    this.editor.dispose();
    this.host.remove();
  }

  private is_used(): boolean {
    return this.session_.tabs.groups.active === this.group;
  }

  private keep_view(): void {
    const state = this.shown && this.editor.saveViewState();
    if (this.shown && state) this.view_states_.set(this.shown, state);
  }

  /** For the palette. */
  private actions() {
    if (!this.shown || !this.host.isConnected) return [];
    return this.editor.getSupportedActions().map(({ id, label }) => ({
      id,
      title: t`Editor: ${label}`,
      run: () => {
        this.editor.focus();
        this.editor.trigger('palette', id, null);
      },
    }));
  }

  private tell_position(): void {
    const selections = this.editor.getSelections();
    const model = this.editor.getModel();
    const first = selections?.[0];
    if (!this.is_used() || !first || !model) return;
    const selected = selections.reduce((sum, one) => sum + model.getValueLengthInRange(one), 0);
    editor_status.set(first.positionLineNumber, first.positionColumn, selected, selections.length);
  }
  private tell_indentation(): void {
    const model = this.editor.getModel();
    if (!this.is_used() || !model) return;
    const { insertSpaces, tabSize } = model.getOptions();
    editor_status.set_indentation({ spaces: insertSpaces, size: tabSize });
  }
  private tell_language(): void {
    const model = this.editor.getModel();
    if (this.is_used() && model) editor_status.set_language(language_name(model.getLanguageId()));
  }
}

class Editors {
  private readonly bindings_ = new Map<Document, DocumentBinding>();
  private readonly groups_ = new Map<number, GroupEditor>();
  private used_: GroupEditor | undefined;

  constructor(
    private readonly session_: WorkspaceSession,
    private readonly preferences_: Preferences,
  ) {
    // A closed tab's document gives its model back.
    session_.documents.subscribe(() => {
      const open = new Set(session_.documents.all.values());
      for (const [document, binding] of this.bindings_) {
        if (open.has(document)) continue;
        for (const editor of this.groups_.values()) if (editor.shown === binding) editor.show_nothing();
        binding.dispose();
        this.bindings_.delete(document);
      }
    });
    session_.tabs.subscribe(() => {
      for (const [group, editor] of this.groups_) {
        if (session_.tabs.groups.has(group)) continue;
        this.groups_.delete(group);
        editor.dispose();
      }
      this.use_active();
    });
    follow_emmet(() => preferences_.settings['editor.emmet']);
    preferences_.subscribe(() => {
      for (const editor of this.groups_.values()) editor.follow_settings();
    });
  }

  of(group: number): GroupEditor {
    let editor = this.groups_.get(group);
    if (!editor) this.groups_.set(group, (editor = new GroupEditor(group, this.session_, this.preferences_)));
    return editor;
  }

  show(group: number, document: Document): GroupEditor {
    let binding = this.bindings_.get(document);
    if (!binding) {
      const made: DocumentBinding = new DocumentBinding(document, (selections) => this.select(made, selections));
      this.bindings_.set(document, (binding = made));
    }
    const editor = this.of(group);
    editor.show(binding);
    editor.follow_language();
    this.used_ = undefined; // what it shows is told anew
    this.use_active();
    return editor;
  }

  private use_active(): void {
    const editor = this.groups_.get(this.session_.tabs.groups.active);
    if (editor === this.used_) return;
    this.used_ = editor;
    editor?.use();
  }

  /** Where an undone step leads: in the group that has the keys, else in one that shows the text. */
  private select(binding: DocumentBinding, selections: monaco.Selection[]): void {
    const [first] = selections;
    const showing = [...this.groups_.values()].filter(({ shown }) => shown === binding);
    const active = this.session_.tabs.groups.active;
    const editor = (showing.find(({ group }) => group === active) ?? showing[0])?.editor;
    if (!editor || !first) return;
    editor.setSelections(selections);
    editor.revealRangeInCenterIfOutsideViewport(first);
  }
}

const editors = new WeakMap<WorkspaceSession, Editors>();

export function editors_of(session: WorkspaceSession, preferences: Preferences): Editors {
  let all = editors.get(session);
  if (!all) editors.set(session, (all = new Editors(session, preferences)));
  return all;
}
