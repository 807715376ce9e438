// SPDX-License-Identifier: GPL-3.0-or-later
// A team's workspaces, as cards.
import { useEffect, useState } from 'react';
import type { TeamDetails } from '../../model/team_details';
import { Workspaces } from '../../model/workspaces';
import { useApplication, useChanges } from '../application';
import { Problem } from '../controls/form';
import { Icon } from '../controls/icon';
import { CreateDialog } from '../pages/create_dialog';
import { WorkspaceCards } from '../pages/workspace_cards';
import { t } from '../../model/translation';

/** Why the person makes no workspace in the team; undefined when they may. */
function refused(details: TeamDetails): string | undefined {
  if (details.team?.disabled) return t('The team is disabled.');
  return details.may_edit() ? undefined : t('Only people who may edit make workspaces in a team.');
}

export function NewTeamWorkspace({ details }: { details: TeamDetails }) {
  const [creating, set_creating] = useState(false);
  const why = refused(details);
  return (
    <>
      <button
        type="button"
        className="button primary"
        disabled={why !== undefined}
        title={why}
        onClick={() => set_creating(true)}
      >
        <Icon name="add" /> {t('New workspace')}
      </button>
      {creating && <CreateDialog team={details.id} on_close={() => set_creating(false)} />}
    </>
  );
}

export function TeamWorkspaces({ details }: { details: TeamDetails }) {
  const { rest, teams } = useApplication();
  const [workspaces] = useState(() => new Workspaces(rest, { query: '', owner: details.id }));
  useChanges(workspaces);
  useEffect(() => workspaces.watch(), [workspaces]);
  useEffect(() => void teams.load(), [teams]); // whose members' cards differ
  const figures = workspaces.list.map(({ id, state }) => `${id} ${state}`).join(' ');
  useEffect(() => {
    if (figures) void details.look_at_use();
  }, [details, figures]);
  return (
    <>
      <Problem text={workspaces.state === 'ready' ? workspaces.problem : ''} />
      <WorkspaceCards
        workspaces={workspaces}
        shown={workspaces.list}
        empty={
          <div className="empty-state card">
            <img src="/berth.svg" width={64} height={64} alt="" />
            <h2>{t('The team has no workspaces yet')}</h2>
            <p>
              {refused(details) ??
                t(
                  'Make one here, or hand one of yours over to the team where you share it: everybody in it comes to them.',
                )}
            </p>
          </div>
        }
      />
    </>
  );
}
