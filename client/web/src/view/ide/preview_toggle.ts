// SPDX-License-Identifier: GPL-3.0-or-later
import type { WorkspaceSession } from '../../model/workspace_session';

/** Opens or closes the preview; opened for the first time it goes to the workspace's port. */
export function toggle_preview(session: WorkspaceSession): void {
  const open = !session.layout.preview || session.layout.zen;
  session.layout.show('preview', open);
  const port = session.workspace?.port ?? session.ports.all[0]?.port;
  if (open && session.preview.state === 'empty' && port !== undefined) void session.preview.go(port);
}
