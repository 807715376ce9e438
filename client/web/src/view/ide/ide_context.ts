// SPDX-License-Identifier: GPL-3.0-or-later
import { createContext, useContext } from 'react';
import { may_change, role_of } from '../../model/roles';
import type { Role } from '../../protocol/messages';
import type { WorkspaceSession } from '../../model/workspace_session';
import { useChanges } from '../application';

export const SessionContext = createContext<WorkspaceSession | undefined>(undefined);

export function useSession(): WorkspaceSession {
  const session = useContext(SessionContext);
  if (!session) throw new Error('no workspace session above this view');
  return session;
}

/** What the person is in this workspace, as far as it is known. */
export function useRole(): Role {
  const session = useSession();
  useChanges(session);
  useChanges(session.connection);
  return role_of(session.workspace, session.connection);
}

/** False for a person who may only look. */
export function useMayChange(): boolean {
  const { connection } = useSession();
  useChanges(connection);
  return may_change(connection);
}
