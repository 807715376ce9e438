// SPDX-License-Identifier: GPL-3.0-or-later
// Monaco as Berth uses it: editor, highlighting, its own services for a few languages (language_services.ts), own themes.
import 'monaco-editor/features/register.all.js';
import 'monaco-editor/languages/definitions/register.all.js';
import * as monaco from 'monaco-editor/editor/editor.api.js';
import EditorWorker from 'monaco-editor/editor/editor.worker.js?worker';
import { register_emmet } from './emmet_completion';
import { register_json } from './json_language';
import { language_worker, set_up_languages } from './language_services';
import { t } from '../../../model/translation';

globalThis.MonacoEnvironment = { getWorker: (_, label) => language_worker(label) ?? new EditorWorker() };

set_up_languages();
register_json(monaco);

let wants_emmet = () => true;
/** Whether abbreviations are offered, asked each time. */
export function follow_emmet(wanted: () => boolean): void {
  wants_emmet = wanted;
}
register_emmet(monaco, () => wants_emmet());

/** The value of a colour variable of theme.css as Monaco wants it: six digits, also where the build shortened them. */
function colour(name: string): string {
  const value = getComputedStyle(document.documentElement).getPropertyValue(name).trim();
  return /^#[0-9a-f]{3}$/i.test(value) ? value.replace(/[0-9a-f]/gi, '$&$&') : value;
}

/** Takes the page's colours; called again when the theme changes. */
export function apply_theme(dark: boolean, high_contrast: boolean): void {
  const name = `berth-${dark ? 'dark' : 'light'}${high_contrast ? '-contrast' : ''}`;
  monaco.editor.defineTheme(name, {
    base: high_contrast ? (dark ? 'hc-black' : 'hc-light') : dark ? 'vs-dark' : 'vs',
    inherit: true,
    rules: [],
    colors: {
      'editor.background': colour('--surface'),
      'editor.foreground': colour('--text-1'),
      'editorLineNumber.foreground': colour('--border-strong'),
      'editorLineNumber.activeForeground': colour('--text-1'),
      'editorCursor.foreground': colour('--accent'),
      'editor.lineHighlightBackground': colour('--ground'),
      'editor.lineHighlightBorder': high_contrast ? colour('--border-strong') : '#00000000',
      // Fainter than Monaco's: the text's own colours have to be read on them.
      'diffEditor.insertedLineBackground': `${colour('--success')}18`,
      'diffEditor.insertedTextBackground': `${colour('--success')}2e`,
      'diffEditor.removedLineBackground': `${colour('--danger')}18`,
      'diffEditor.removedTextBackground': `${colour('--danger')}2e`,
      'editorWidget.background': colour('--raised'),
      'editorWidget.border': colour('--border'),
      'editorStickyScroll.background': colour('--surface'),
      'editorGutter.background': colour('--surface'),
      'input.background': colour('--surface'),
      'input.border': colour('--border-strong'),
      focusBorder: colour('--focus'),
      'quickInput.background': colour('--raised'),
      'quickInputList.focusBackground': colour('--accent-soft'),
      'quickInputList.focusForeground': colour('--text-1'),
      'list.hoverBackground': colour('--hover'),
      'list.highlightForeground': colour('--accent'),
      'list.focusHighlightForeground': colour('--accent'),
      'editorSuggestWidget.selectedBackground': colour('--accent-soft'),
      'editorSuggestWidget.selectedForeground': colour('--text-1'),
      'widget.shadow': '#00000022',
    },
  });
  monaco.editor.setTheme(name);
}

const by_name: Record<string, string> = {
  dockerfile: 'dockerfile',
  containerfile: 'dockerfile',
  makefile: 'shell',
  '.bashrc': 'shell',
  '.profile': 'shell',
  '.gitignore': 'ini',
  '.editorconfig': 'ini',
};
const by_extension: Record<string, string> = {
  toml: 'ini',
  cfg: 'ini',
  conf: 'ini',
  env: 'ini',
  service: 'ini',
  jsonc: 'json',
  mts: 'typescript',
  cts: 'typescript',
};

/** Monaco's language id for a file, by its name. */
export function language_of(name: string): string {
  const lower = name.toLowerCase();
  const known = by_name[lower];
  if (known) return known;
  const extension = lower.slice(lower.lastIndexOf('.') + 1);
  const mapped = by_extension[extension];
  if (mapped) return mapped;
  const found = monaco.languages
    .getLanguages()
    .find((language) => language.extensions?.some((ending) => lower.endsWith(ending)));
  return found?.id ?? 'plaintext';
}

let made = 0; // a file that is closed and opened again is another model

/** A model of a file's text. Its address ends in the path: it says to TypeScript's service whether there may be JSX. */
export function text_model(text: string, path: string): monaco.editor.ITextModel {
  const uri = monaco.Uri.from({ scheme: 'berth', path: `/${++made}/${path}` });
  return monaco.editor.createModel(text, language_of(path.slice(path.lastIndexOf('/') + 1)), uri);
}

export function language_name(id: string): string {
  const language = monaco.languages.getLanguages().find((known) => known.id === id);
  return language?.aliases?.[0] ?? (id === 'plaintext' ? t('Plain text') : id);
}

export { monaco };

/** Shows two texts beside each other; neither can be changed. */
export function create_diff_editor(
  place: HTMLElement,
  options: monaco.editor.IStandaloneDiffEditorConstructionOptions = {},
): monaco.editor.IStandaloneDiffEditor {
  const editor = monaco.editor.createDiffEditor(place, {
    automaticLayout: true,
    readOnly: true,
    originalEditable: false,
    renderOverviewRuler: false,
    minimap: { enabled: false },
    fontSize: 13,
    fontFamily: getComputedStyle(document.documentElement).getPropertyValue('--font-mono'),
    scrollBeyondLastLine: false,
    ...options,
  });
  // Whichever text editor was made last makes the hovers of all of them: where that is half of a diff editor they throw once
  // it is gone. A plain one's can always.
  monaco.editor.create(document.createElement('div')).dispose();
  return editor;
}
