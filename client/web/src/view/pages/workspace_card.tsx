// SPDX-License-Identifier: GPL-3.0-or-later
// One workspace on the dashboard: its state with the reason, and what can be done with it.
import { sentence_of } from '../../connection/berth_error';
import { editors_start, is_owner, may_start, owners_only, role_words } from '../../model/roles';
import type { Workspace } from '../../protocol/messages';
import { useApplication } from '../application';
import { Icon } from '../controls/icon';
import { MenuButton, type MenuEntry } from '../controls/menu';
import { Link, navigate } from '../router';
import type { OpenDialog } from './dashboard';
import { ago, TemplateMark } from './workspace_words';

export function WorkspaceCard({ workspace, on_open }: { workspace: Workspace; on_open: (open: OpenDialog) => void }) {
  const { workspaces, notices } = useApplication();
  const template = workspaces.template(workspace.template_id);
  const { state } = workspace;
  const deleting = state === 'deleting';
  const owns = is_owner(workspace.role);
  const refused = owns ? undefined : owners_only;
  const startable = may_start(workspace.role);
  const can_start = state === 'stopped' || state === 'failed';
  const not_stopped = workspaces.not_stopped.has(workspace.id);
  const report = (error: unknown) => notices.problem(sentence_of(error));
  const download = () => {
    const link = document.createElement('a');
    link.href = workspaces.archive_address(workspace.id);
    link.download = '';
    link.click();
  };
  const menu = (): MenuEntry[] => [
    { kind: 'item', label: 'Open', icon: 'folder_open', run: () => navigate(`/w/${workspace.id}`) },
    {
      kind: 'item',
      label: owns ? 'Share…' : 'People…',
      icon: 'share',
      run: () => on_open({ kind: 'share', workspace }),
    },
    { kind: 'item', label: 'Rename…', icon: 'pencil', refused, run: () => on_open({ kind: 'rename', workspace }) },
    { kind: 'item', label: 'History', icon: 'history', run: () => navigate(`/w/${workspace.id}/history`) },
    { kind: 'item', label: 'Download all', icon: 'download', run: download },
    { kind: 'separator' },
    owns
      ? {
          kind: 'item',
          label: 'Delete…',
          icon: 'trash',
          danger: true,
          run: () => on_open({ kind: 'delete', workspace }),
        }
      : {
          kind: 'item',
          label: 'Leave…',
          icon: 'sign_out',
          danger: true,
          run: () => on_open({ kind: 'leave', workspace }),
        },
  ];
  return (
    <article className="card workspace-card" aria-label={workspace.name}>
      <div className="head">
        <TemplateMark id={workspace.template_id} />
        <div className="names">
          <h2 title={workspace.name}>
            {deleting ? workspace.name : <Link href={`/w/${workspace.id}`}>{workspace.name}</Link>}
          </h2>
          <p className="muted">
            {owns
              ? [
                  template?.name ?? workspace.template_id,
                  workspace.shared ? 'shared' : '',
                  workspace.public_link ? 'public' : '',
                ]
                  .filter(Boolean)
                  .join(' · ')
              : `${workspace.owner.name} · ${(role_words[workspace.role]?.may ?? '').toLowerCase()}`}
          </p>
        </div>
        <span className={`pill ${state}`}>{state}</span>
      </div>
      {workspace.reason && (
        <p className={`reason ${state}`} role={not_stopped ? 'alert' : undefined}>
          {state === 'running' && <Icon name="warning" size={14} />}
          {workspace.reason}
        </p>
      )}
      <div className="foot">
        <span className="muted">Used {ago(workspace.last_used)}</span>
        <span className="spread" />
        {can_start && (
          <button
            type="button"
            className="button small"
            disabled={!startable}
            title={startable ? undefined : editors_start}
            onClick={() => void workspaces.start(workspace.id).catch(report)}
          >
            <Icon name="play" size={12} /> Start
          </button>
        )}
        {state === 'running' && (
          <button
            type="button"
            className="button small"
            disabled={!startable}
            title={startable ? undefined : editors_start}
            onClick={() => void workspaces.stop(workspace.id).catch(report)}
          >
            <Icon name={not_stopped ? 'reload' : 'stop'} size={12} /> {not_stopped ? 'Try to stop again' : 'Stop'}
          </button>
        )}
        {!deleting && (
          <MenuButton label={`More for ${workspace.name}`} entries={menu}>
            <Icon name="more" />
          </MenuButton>
        )}
      </div>
    </article>
  );
}
