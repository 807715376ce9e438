// SPDX-License-Identifier: GPL-3.0-or-later
// The person's settings as Monaco wants them.
import type { Settings } from '../../../model/settings';
import type { monaco } from './monaco';

const line_height = 1.54; // of the font's size: 20 px for 13
const least_for_minimap = 560; // px; below it the text needs the room

/** What the settings leave open: how Berth's editor is. */
export const fixed_options = {
  automaticLayout: true,
  fixedOverflowWidgets: true,
  scrollBeyondLastLine: false,
  padding: { top: 8, bottom: 8 },
  wordBasedSuggestions: 'currentDocument',
  overviewRulerBorder: false,
  unusualLineTerminators: 'off', // U+2028 is text like any other
  dropIntoEditor: { enabled: false },
  unicodeHighlight: { ambiguousCharacters: false },
} as const satisfies monaco.editor.IStandaloneEditorConstructionOptions;

/** `width` of the editor in px. */
export function chosen_options(
  settings: Settings,
  width: number,
): monaco.editor.IEditorOptions & monaco.editor.IGlobalEditorOptions {
  const size = settings['editor.font_size'];
  const ruler = settings['editor.ruler'];
  return {
    fontSize: size,
    lineHeight: Math.round(size * line_height),
    fontLigatures: settings['editor.font_ligatures'],
    tabSize: settings['editor.tab_size'],
    insertSpaces: settings['editor.insert_spaces'],
    detectIndentation: settings['editor.detect_indentation'],
    wordWrap: settings['editor.word_wrap'],
    lineNumbers: settings['editor.line_numbers'],
    minimap: {
      enabled: settings['editor.minimap'] && width >= least_for_minimap,
      renderCharacters: false,
      maxColumn: 80,
    },
    stickyScroll: { enabled: settings['editor.sticky_scroll'] },
    renderWhitespace: settings['editor.render_whitespace'],
    bracketPairColorization: { enabled: settings['editor.bracket_pairs'] },
    rulers: ruler > 0 ? [ruler] : [],
    cursorStyle: settings['editor.cursor_style'],
    quickSuggestions: settings['editor.completion'] && { other: true, comments: false, strings: false },
    suggestOnTriggerCharacters: settings['editor.completion'],
  };
}
