// SPDX-License-Identifier: GPL-3.0-or-later
// Workspaces as cards with what can be done to each, on the dashboard and a team's page.
import { lazy, useCallback, useState, type ReactNode } from 'react';
import type { Workspaces } from '../../model/workspaces';
import type { Workspace } from '../../protocol/messages';
import { useChanges } from '../application';
import { Chunk } from '../controls/chunk';
import { Icon } from '../controls/icon';
import { ShareDialog } from '../sharing/share_dialog_chunk';
import { TeamTemplateDialog } from './team_template_dialog';
import { WorkspaceCard } from './workspace_card';
import { DeleteDialog, LeaveDialog, RenameDialog } from './workspace_dialogs';
import { t } from '../../model/translation';

const WorkspaceLogDialog = lazy(() => import('../controls/workspace_log'));

function WorkspaceLog({
  workspace,
  workspaces,
  on_close,
}: {
  workspace: Workspace;
  workspaces: Workspaces;
  on_close: () => void;
}) {
  const load = useCallback(() => workspaces.log(workspace.id), [workspaces, workspace.id]);
  return <WorkspaceLogDialog name={workspace.name} load={load} on_close={on_close} />;
}

export interface CardDeed {
  kind: 'rename' | 'delete' | 'share' | 'leave' | 'template' | 'log';
  workspace: Workspace;
}

export function WorkspaceCards({
  workspaces,
  shown,
  first,
  empty,
}: {
  workspaces: Workspaces;
  /** Those of the list that have cards. */
  shown: Workspace[];
  /** Other cards before them. */
  first?: ReactNode[];
  /** Instead of no card at all. */
  empty: ReactNode;
}) {
  useChanges(workspaces);
  const [deed, set_deed] = useState<CardDeed>();
  const close = () => set_deed(undefined);
  const { kind, workspace } = deed ?? {};
  const asked = workspace && { workspace, workspaces, on_close: close };
  return (
    <>
      <Cards workspaces={workspaces} shown={shown} first={first ?? []} empty={empty} choose={set_deed} />
      {asked && kind === 'rename' && <RenameDialog {...asked} />}
      {asked && kind === 'delete' && <DeleteDialog {...asked} />}
      {asked && kind === 'leave' && <LeaveDialog {...asked} />}
      {asked && kind === 'template' && <TeamTemplateDialog {...asked} on_changed={() => void workspaces.refresh()} />}
      {workspace && kind === 'log' && (
        <Chunk meanwhile={null} failed={null}>
          <WorkspaceLog workspace={workspace} workspaces={workspaces} on_close={close} />
        </Chunk>
      )}
      {workspace && kind === 'share' && (
        <ShareDialog
          workspace={workspace}
          on_close={() => {
            close();
            void workspaces.refresh(); // the card tells whether it is shared
          }}
          on_left={close}
        />
      )}
    </>
  );
}

function Cards({
  workspaces,
  shown,
  first,
  empty,
  choose,
}: {
  workspaces: Workspaces;
  shown: Workspace[];
  first: ReactNode[];
  empty: ReactNode;
  choose: (deed: CardDeed) => void;
}) {
  const { state, problem, more, asking } = workspaces;
  if (state === 'failed') {
    return (
      <div className="empty-state card">
        <Icon name="warning" size={32} />
        <h2>{t('Your workspaces can’t be shown')}</h2>
        <p>{problem}</p>
        <button type="button" className="button" onClick={() => void workspaces.refresh()}>
          {t('Try again')}
        </button>
      </div>
    );
  }
  if (state === 'loading') {
    return (
      <div className="workspace-grid" aria-busy="true">
        <div className="skeleton" />
        <div className="skeleton" />
      </div>
    );
  }
  if (shown.length + first.length === 0) return empty;
  return (
    <>
      <ul className="workspace-grid" aria-busy={asking}>
        {first}
        {shown.map((workspace) => (
          <li key={workspace.id}>
            <WorkspaceCard workspace={workspace} workspaces={workspaces} choose={choose} />
          </li>
        ))}
      </ul>
      {more && (
        <div className="row more-cards">
          <button type="button" className="button" disabled={asking} onClick={() => void workspaces.load_more()}>
            {asking ? t('Loading…') : t('Show more')}
          </button>
        </div>
      )}
    </>
  );
}
