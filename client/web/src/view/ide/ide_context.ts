// SPDX-License-Identifier: GPL-3.0-or-later
import { createContext, useContext } from 'react';
import { may_change } from '../../model/roles';
import type { WorkspaceSession } from '../../model/workspace_session';
import { useChanges } from '../application';

export const SessionContext = createContext<WorkspaceSession | undefined>(undefined);

export function useSession(): WorkspaceSession {
  const session = useContext(SessionContext);
  if (!session) throw new Error('no workspace session above this view');
  return session;
}

/** False for a person who may only look. */
export function useMayChange(): boolean {
  const { connection } = useSession();
  useChanges(connection);
  return may_change(connection);
}
