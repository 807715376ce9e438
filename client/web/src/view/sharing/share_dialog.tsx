// SPDX-License-Identifier: GPL-3.0-or-later
// Whom a workspace is shared with. Its owner invites, changes roles, makes links, hands it over; the others see who is in it and
// may leave.
import { useEffect, useState } from 'react';
import '../../styles/sharing.css';
import { is_owner, role_of } from '../../model/roles';
import { Sharing } from '../../model/sharing';
import type { Workspace } from '../../protocol/messages';
import { useApplication, useChanges } from '../application';
import { Dialog } from '../controls/dialog';
import { Problem } from '../controls/form';
import { InviteForm } from './invitations';
import { workspace_roles } from './role_choice';
import { ShareLinks } from './share_links';
import { ShareOwner, type Heir } from './share_owner';
import { SharePeople } from './share_people';
import { SharePublic } from './share_public';
import { t } from '../../model/translation';

/** `on_left`: the person is in it no longer. */
export default function ShareDialog({
  workspace,
  on_close,
  on_left,
}: {
  workspace: Workspace;
  on_close: () => void;
  on_left: () => void;
}) {
  const { rest, workspaces } = useApplication();
  const [sharing] = useState(() => new Sharing(workspace, rest));
  useChanges(sharing);
  useEffect(() => {
    void sharing.load();
    return () => void workspaces.refresh(); // its card tells whether it is shared
  }, [sharing, workspaces]);
  const [heir, set_heir] = useState<Heir>();
  const owns = is_owner(role_of(workspace));
  return (
    <Dialog title={owns ? t`Share “${workspace.name}”` : t`People in “${workspace.name}”`} wide on_close={on_close}>
      <div className="share">
        {owns && (
          <InviteForm
            of={workspace_roles}
            first="editor"
            yes={t('Share')}
            meanwhile={t('Sharing…')}
            add={(email, role) => sharing.add(email, role)}
          />
        )}
        <Problem text={sharing.problem} />
        {sharing.problem && (
          <div className="row">
            <button type="button" className="button small" onClick={() => void sharing.load()}>
              {t('Try again')}
            </button>
          </div>
        )}
        {sharing.state === 'loading' && <span className="spinner" role="status" aria-label={t('Loading')} />}
        {sharing.state === 'ready' && (
          <>
            <SharePeople
              sharing={sharing}
              owns={owns}
              on_left={on_left}
              on_hand_over={({ account, name }) => set_heir({ id: account, name, team: false })}
            />
            {owns && <ShareOwner sharing={sharing} heir={heir} choose={set_heir} on_done={on_close} />}
            {owns && <ShareLinks sharing={sharing} />}
            {owns && <SharePublic sharing={sharing} />}
          </>
        )}
      </div>
      <div className="row end">
        <button type="button" className="button primary" onClick={on_close}>
          {t('Done')}
        </button>
      </div>
    </Dialog>
  );
}
