// SPDX-License-Identifier: GPL-3.0-or-later
// A link or an invitation to somebody's workspace.
import { useApplication } from '../application';
import { navigate } from '../router';
import { InvitationFrame, type Invitation } from './invitation_frame';
import { t } from '../../model/translation';

const invitation = (): Invitation => ({
  title: t('You are invited to a workspace'),
  lead: t('Work in it together: files, terminals and previews.'),
  join: t('Join the workspace'),
  joining: t('Opening…'),
  over_title: t('This link does not work any more'),
  back: { href: '/', label: t('To your workspaces') },
  over: ['not_found'],
});

export function JoinPage({ token }: { token: string }) {
  const { rest, notices } = useApplication();
  const join = async () => {
    const workspace = await rest.call('Join', { body: { token } });
    notices.show(t`“${workspace.name}” is among your workspaces now.`, { kind: 'success' });
    navigate(`/w/${workspace.id}`, true);
  };
  return <InvitationFrame token={token} invitation={invitation()} on_join={join} />;
}
