// SPDX-License-Identifier: GPL-3.0-or-later
// A team: its workspaces, its people, what it offers as templates, and what can be done with the team itself.
import { useEffect, useState } from 'react';
import '../../styles/teams.css';
import { TeamDetails } from '../../model/team_details';
import { team_role_words } from '../../model/roles';
import { useApplication, useChanges } from '../application';
import { PageFrame } from '../pages/page_frame';
import { LoadingPage, MessagePage } from '../pages/plain_pages';
import { navigate } from '../router';
import { TeamMembers } from './team_members';
import { TeamSettings } from './team_settings';
import { TeamTemplates } from './team_templates';
import { TeamUseLine } from './team_use';
import { NewTeamWorkspace, TeamWorkspaces } from './team_workspaces';
import { message, t } from '../../model/translation';

const parts = [
  { part: '', label: message('Workspaces') },
  { part: 'members', label: message('Members') },
  { part: 'templates', label: message('Templates') },
  { part: 'settings', label: message('Settings') },
];

export default function TeamPage({ id, part }: { id: string; part: string }) {
  const { rest } = useApplication();
  const [details] = useState(() => new TeamDetails(id, rest));
  useChanges(details);
  useEffect(() => void details.load(), [details, part]); // others change it meanwhile
  const { state, problem, team, use } = details;
  if (state === 'missing' || state === 'failed') {
    return (
      <MessagePage title={t('This team can’t be shown')} text={problem}>
        {state === 'failed' && (
          <button type="button" className="button" onClick={() => void details.load()}>
            {t('Try again')}
          </button>
        )}
        <button type="button" className="button primary" onClick={() => navigate('/teams')}>
          {t('To your teams')}
        </button>
      </MessagePage>
    );
  }
  if (!team) return <LoadingPage />;
  const shown = parts.find((one) => one.part === part) ?? parts[0];
  const beside = (
    <span className="tag" title={t(team_role_words[team.role]?.about)}>
      {t(team_role_words[team.role]?.name)}
    </span>
  );
  return (
    <PageFrame
      title={`${shown?.part ? `${t(shown.label)} · ` : ''}${team.name}`}
      heading={team.name}
      beside={beside}
      actions={!shown?.part ? <NewTeamWorkspace details={details} /> : undefined}
      parts_of={team.name}
      parts={parts.map((one) => ({
        href: one.part ? `/teams/${id}/${one.part}` : `/teams/${id}`,
        label: t(one.label),
        current: one === shown,
      }))}
    >
      {team.disabled && (
        <p className="form-note team-note" role="status">
          {t('An administrator has disabled this team: nothing of it can be used until they enable it again.')}
        </p>
      )}
      {problem && (
        <p className="form-problem team-note" role="alert">
          {problem}
        </p>
      )}
      {!shown?.part && use && <TeamUseLine use={use} />}
      {!shown?.part && <TeamWorkspaces details={details} />}
      {shown?.part === 'members' && <TeamMembers details={details} />}
      {shown?.part === 'templates' && <TeamTemplates details={details} />}
      {shown?.part === 'settings' && <TeamSettings details={details} />}
    </PageFrame>
  );
}
