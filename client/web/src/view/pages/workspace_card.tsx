// SPDX-License-Identifier: GPL-3.0-or-later
// One workspace on the dashboard: its state with the reason, and what can be done with it.
import { sentence_of } from '../../connection/berth_error';
import { editors_start, is_owner, may_start, owners_only, role_words } from '../../model/roles';
import { state_word } from '../../model/state_words';
import type { Workspaces } from '../../model/workspaces';
import type { Workspace } from '../../protocol/messages';
import { useApplication, useChanges } from '../application';
import { Icon } from '../controls/icon';
import { StartProgress } from '../controls/start_progress';
import { MenuButton, type MenuEntry } from '../controls/menu';
import { Link, navigate } from '../router';
import type { CardDeed } from './workspace_cards';
import { ago, TemplateMark, UseWords } from './workspace_words';
import { rich } from '../controls/rich';
import { t, within } from '../../model/translation';

/** Whose it is where it is not the person's own, what it is made from, and who else comes to it. */
function words_of(workspace: Workspace, workspaces: Workspaces): string {
  const { owner, role, template_id, team_template, shared, public_link } = workspace;
  const owns = is_owner(role);
  const words = [
    (owns && !owner.team) || workspaces.choice.owner === owner.id ? '' : owner.name, // told where it is not clear
    owns ? (workspaces.template(template_id)?.name ?? template_id) : within(t(role_words[role]?.may)),
    team_template ? t('team template') : '',
    owns && shared ? t('shared') : '',
    owns && public_link ? t('public') : '',
  ];
  return words.filter(Boolean).join(' · ');
}

export function WorkspaceCard({
  workspace,
  workspaces,
  choose,
}: {
  workspace: Workspace;
  workspaces: Workspaces;
  choose: (deed: CardDeed) => void;
}) {
  const { notices, teams } = useApplication();
  useChanges(teams);
  const { state, owner } = workspace;
  const team = owner.team ? teams.find(owner.id) : undefined;
  const deleting = state === 'deleting';
  const owns = is_owner(workspace.role);
  const refused = owns ? undefined : t(owners_only);
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
    { kind: 'item', label: t('Open'), icon: 'folder_open', run: () => navigate(`/w/${workspace.id}`) },
    {
      kind: 'item',
      label: owns ? t('Share…') : t('People…'),
      icon: 'share',
      run: () => choose({ kind: 'share', workspace }),
    },
    { kind: 'item', label: t('Rename…'), icon: 'pencil', refused, run: () => choose({ kind: 'rename', workspace }) },
    { kind: 'item', label: t('History'), icon: 'history', run: () => navigate(`/w/${workspace.id}/history`) },
    { kind: 'item', label: t('Log…'), icon: 'file', refused, run: () => choose({ kind: 'log', workspace }) },
    { kind: 'item', label: t('Download all'), icon: 'download', run: download },
    ...(team?.role === 'owner' && !team.disabled
      ? [
          {
            kind: 'item' as const,
            label: workspace.team_template ? t('Team template…') : t('Use as team template…'),
            icon: 'copy' as const,
            run: () => choose({ kind: 'template', workspace }),
          },
        ]
      : []),
    { kind: 'separator' },
    owns
      ? {
          kind: 'item',
          label: t('Delete…'),
          icon: 'trash',
          danger: true,
          run: () => choose({ kind: 'delete', workspace }),
        }
      : {
          kind: 'item',
          label: t('Leave…'),
          icon: 'sign_out',
          danger: true,
          refused: team ? t`You are in it as a member of ${owner.name}.` : undefined,
          run: () => choose({ kind: 'leave', workspace }),
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
          <p className="muted">{words_of(workspace, workspaces)}</p>
        </div>
        <span className={`pill ${state}`}>{state_word(state)}</span>
      </div>
      {workspace.reason && (
        <p className={`reason ${state}`} role={not_stopped ? 'alert' : undefined}>
          {state === 'running' && <Icon name="warning" size={14} />}
          {workspace.reason}
        </p>
      )}
      {state === 'starting' && workspace.start_steps && (
        <StartProgress steps={workspace.start_steps} label={t`What the start of ${workspace.name} does`} />
      )}
      {state === 'running' && workspace.use && <UseWords use={workspace.use} />}
      <div className="foot">
        <span className="muted">{rich('Used {0}', ago(workspace.last_used))}</span>
        <span className="spread" />
        {can_start && (
          <button
            type="button"
            className="button small"
            disabled={!startable}
            title={startable ? undefined : t(editors_start)}
            onClick={() => void workspaces.start(workspace.id).catch(report)}
          >
            <Icon name="play" size={12} /> {t('Start')}
          </button>
        )}
        {state === 'running' && (
          <button
            type="button"
            className="button small"
            disabled={!startable}
            title={startable ? undefined : t(editors_start)}
            onClick={() => void workspaces.stop(workspace.id).catch(report)}
          >
            <Icon name={not_stopped ? 'reload' : 'stop'} size={12} /> {not_stopped ? t('Try to stop again') : t('Stop')}
          </button>
        )}
        {!deleting && (
          <MenuButton label={t`More for ${workspace.name}`} entries={menu}>
            <Icon name="more" />
          </MenuButton>
        )}
      </div>
    </article>
  );
}
