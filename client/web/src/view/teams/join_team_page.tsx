// SPDX-License-Identifier: GPL-3.0-or-later
// An invitation to a team.
import { useApplication } from '../application';
import { InvitationFrame, type Invitation } from '../pages/invitation_frame';
import { navigate } from '../router';
import { t } from '../../model/translation';

const invitation = (): Invitation => ({
  title: t('You are invited to a team'),
  lead: t('Its people share workspaces and templates.'),
  join: t('Join the team'),
  joining: t('Joining…'),
  over_title: t('This invitation does not work any more'),
  back: { href: '/teams', label: t('To your teams') },
  over: ['not_found', 'invalid_argument'],
});

export default function JoinTeamPage({ token }: { token: string }) {
  const { teams, notices } = useApplication();
  const join = async () => {
    const team = await teams.join(token);
    notices.show(t`You are in “${team.name}” now.`, { kind: 'success' });
    navigate(`/teams/${team.id}`, true);
  };
  return <InvitationFrame token={token} invitation={invitation()} on_join={join} />;
}
