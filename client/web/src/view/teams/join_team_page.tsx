// SPDX-License-Identifier: GPL-3.0-or-later
// An invitation to a team.
import { useApplication } from '../application';
import { InvitationFrame, type Invitation } from '../pages/invitation_frame';
import { navigate } from '../router';

const invitation: Invitation = {
  title: 'You are invited to a team',
  lead: 'Its people share workspaces and templates.',
  join: 'Join the team',
  joining: 'Joining…',
  over_title: 'This invitation does not work any more',
  back: { href: '/teams', label: 'To your teams' },
  over: ['not_found', 'invalid_argument'],
};

export default function JoinTeamPage({ token }: { token: string }) {
  const { teams, notices } = useApplication();
  const join = async () => {
    const team = await teams.join(token);
    notices.show(`You are in “${team.name}” now.`, { kind: 'success' });
    navigate(`/teams/${team.id}`, true);
  };
  return <InvitationFrame token={token} invitation={invitation} on_join={join} />;
}
