// SPDX-License-Identifier: GPL-3.0-or-later
// Whose history the views show: an open workspace's over its IDE, or any workspace's on a page of its own.
import { createContext, useContext, type ReactNode } from 'react';
import type { History } from '../../model/history';
import type { Workspace } from '../../protocol/messages';

export interface ShownHistory {
  history: History;
  workspace: Workspace | undefined;
  on_close: () => void;
  /** Why this person may bring nothing back and name nothing; undefined when they may. */
  refused?: string | undefined;
  /** Before the heading, and beside closing: where nothing else on the page says whose history it is. */
  lead?: ReactNode;
  actions?: ReactNode;
}

export const HistoryContext = createContext<ShownHistory | undefined>(undefined);

export function useHistory(): ShownHistory {
  const shown = useContext(HistoryContext);
  if (!shown) throw new Error('no history above this view');
  return shown;
}
