// SPDX-License-Identifier: GPL-3.0-or-later
// What a person's role in a workspace lets them do, and the words for it. The runner decides; here nobody is led to ask in vain.
import type { WorkspaceConnection } from '../connection/workspace_connection';

export const looks_only = 'You may look at this workspace but not change it.';

/** False for a viewer: every action that changes files, texts or terminals is greyed then. */
export function may_change({ hello }: Pick<WorkspaceConnection, 'hello'>): boolean {
  return hello?.role !== 'viewer';
}
