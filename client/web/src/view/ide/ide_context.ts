// SPDX-License-Identifier: GPL-3.0-or-later
import { createContext, useContext } from 'react';
import type { WorkspaceSession } from '../../model/workspace_session';

export const SessionContext = createContext<WorkspaceSession | undefined>(undefined);

export function useSession(): WorkspaceSession {
  const session = useContext(SessionContext);
  if (!session) throw new Error('no workspace session above this view');
  return session;
}
