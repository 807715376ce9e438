// SPDX-License-Identifier: GPL-3.0-or-later
// The keys of the whole page, also while the editor or a terminal has the focus.
import { useEffect } from 'react';
import { sentence_of } from '../../connection/berth_error';
import { looks_only, may_change } from '../../model/roles';
import type { WorkspaceSession } from '../../model/workspace_session';
import { useApplication, type Application } from '../application';

/** True when the page itself answers this key: terminals must leave it alone. */
export function is_page_key(event: KeyboardEvent): boolean {
  return action_of(event) !== undefined;
}

type Action = 'quick_open' | 'save' | 'tree' | 'focus_tree' | 'terminal' | 'new_terminal' | 'next_tab' | 'previous_tab';

function action_of(event: KeyboardEvent): Action | undefined {
  const control = event.ctrlKey || event.metaKey;
  if (!control || event.altKey) return undefined;
  if (event.code === 'Backquote') return event.shiftKey ? 'new_terminal' : 'terminal';
  if (event.key === 'PageDown' && !event.shiftKey) return 'next_tab';
  if (event.key === 'PageUp' && !event.shiftKey) return 'previous_tab';
  if (event.shiftKey) return event.code === 'KeyE' ? 'focus_tree' : undefined;
  const in_terminal = event.target instanceof Element && event.target.closest('.terminal-host') !== null;
  if (in_terminal) return undefined; // Ctrl+S, Ctrl+B and Ctrl+P mean something to programs
  const letter = event.key.toLowerCase(); // Caps Lock changes no command
  if (letter === 'p') return 'quick_open';
  if (letter === 's') return 'save';
  if (letter === 'b') return 'tree';
  return undefined;
}

export function useIdeKeys(session: WorkspaceSession): void {
  const application = useApplication();
  useEffect(() => {
    const on_key = (event: KeyboardEvent) => {
      const action = action_of(event);
      if (!action) return;
      event.preventDefault();
      event.stopPropagation();
      run(action, session, application);
    };
    addEventListener('keydown', on_key, true);
    return () => removeEventListener('keydown', on_key, true);
  }, [session, application]);
}

function run(action: Action, session: WorkspaceSession, { preferences, notices }: Application): void {
  const { tabs, terminals } = session;
  switch (action) {
    case 'quick_open':
      session.index.choose();
      break;
    case 'focus_tree':
      preferences.set_panel('tree', true);
      requestAnimationFrame(() => document.querySelector<HTMLElement>('.tree')?.focus());
      break;
    case 'save':
      if (tabs.active?.document && may_change(session.connection))
        void session.documents.save_now(tabs.active.document);
      break;
    case 'tree':
      preferences.set_panel('tree', !preferences.panels.tree);
      break;
    case 'terminal':
      toggle_terminal(session, preferences.panels.terminal, (open) => preferences.set_panel('terminal', open));
      break;
    case 'new_terminal':
      if (!may_change(session.connection)) return notices.problem(looks_only);
      preferences.set_panel('terminal', true);
      terminals.open().catch((error: unknown) => notices.problem(sentence_of(error)));
      break;
    case 'next_tab':
      tabs.step(1);
      break;
    case 'previous_tab':
      tabs.step(-1);
      break;
  }
}

/** Shows and focuses it; when it has the focus already, hides it and gives the keys back to the editor. */
function toggle_terminal(session: WorkspaceSession, open: boolean, set_open: (open: boolean) => void): void {
  const focused =
    document.activeElement?.closest('.terminal-host') !== null && document.activeElement !== document.body;
  if (open && focused) {
    set_open(false);
    document.querySelector<HTMLElement>('.editor-host .native-edit-context, .editor-host textarea')?.focus();
    return;
  }
  set_open(true);
  if (session.terminals.active) session.terminals.focus();
}
