// SPDX-License-Identifier: GPL-3.0-or-later
// Finding in xterm.js's buffer: every place is marked, the selected one more.
import { SearchAddon } from '@xterm/addon-search';
import type { Terminal as Xterm } from '@xterm/xterm';
import type { FindChoice, Finder } from './terminal_find';

/** A colour variable of theme.css, as the addon wants it. */
function colour(name: string): string {
  const value = getComputedStyle(document.documentElement).getPropertyValue(name).trim();
  return /^#[0-9a-f]{3}$/i.test(value) ? value.replace(/[0-9a-f]/gi, '$&$&') : value;
}

export function add_finder(xterm: Xterm): Finder {
  const addon = new SearchAddon({ highlightLimit: 2000 });
  xterm.loadAddon(addon);
  const listeners = new Set<(found: { at: number; count: number }) => void>();
  const tell = (found: { at: number; count: number }) => {
    for (const listener of listeners) listener(found);
  };
  addon.onDidChangeResults(({ resultIndex, resultCount }) => tell({ at: resultIndex, count: resultCount }));
  return {
    find(text: string, choice: FindChoice, forwards: boolean, typing: boolean): boolean {
      if (choice.regex && !is_regex(text)) {
        tell({ at: -1, count: 0 });
        return false;
      }
      const options = {
        caseSensitive: choice.case_sensitive,
        regex: choice.regex,
        wholeWord: choice.whole_word,
        incremental: typing && forwards,
        decorations: {
          matchBackground: colour('--accent-soft'),
          matchOverviewRuler: colour('--accent'),
          activeMatchBackground: colour('--warning-soft'),
          activeMatchColorOverviewRuler: colour('--warning'),
          activeMatchBorder: colour('--warning'),
        },
      };
      return forwards ? addon.findNext(text, options) : addon.findPrevious(text, options);
    },
    on_found(listener) {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    clear() {
      addon.clearDecorations();
      xterm.clearSelection();
    },
  };
}

function is_regex(text: string): boolean {
  try {
    new RegExp(text);
    return true;
  } catch {
    return false; // half typed
  }
}
