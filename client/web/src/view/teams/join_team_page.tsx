// SPDX-License-Identifier: GPL-3.0-or-later
// An invitation to a team: the person sees as whom they come in, and comes in by one click.
import { useState } from 'react';
import { has_code } from '../../connection/berth_error';
import { useApplication, useChanges } from '../application';
import { Problem, useForm } from '../controls/form';
import { SignInFrame } from '../pages/sign_in_frame';
import { Link, navigate } from '../router';

export default function JoinTeamPage({ token }: { token: string }) {
  const { account, teams, notices } = useApplication();
  useChanges(account);
  const [over, set_over] = useState(token ? '' : 'A part of the address is missing. Copy the whole link.');
  const join = useForm(async () => {
    try {
      const team = await teams.join(token);
      notices.show(`You are in “${team.name}” now.`, { kind: 'success' });
      navigate(`/teams/${team.id}`, true);
    } catch (error) {
      if (!has_code(error, 'not_found', 'invalid_argument')) throw error;
      set_over(error.message);
    }
  });
  const leave = useForm(() => account.sign_out());
  if (over) {
    return (
      <SignInFrame title="This invitation does not work any more" lead={over}>
        <p className="below muted">Ask whoever sent it for a new one.</p>
        <Link href="/teams" className="button primary wide">
          To your teams
        </Link>
      </SignInFrame>
    );
  }
  const { name, email } = account.account ?? { name: '', email: '' };
  return (
    <SignInFrame title="You are invited to a team" lead="Its people share workspaces and templates.">
      <form className="card form" onSubmit={join.on_submit}>
        <Problem text={join.problem || leave.problem} />
        <p>
          You come in as <strong>{name}</strong> ({email}); the others in it see your name and address.
        </p>
        <button className="button primary wide" disabled={join.busy} autoFocus>
          {join.busy ? 'Joining…' : 'Join the team'}
        </button>
      </form>
      <form className="below muted" onSubmit={leave.on_submit}>
        <button className="link-button" disabled={leave.busy}>
          Use another account
        </button>{' '}
        · <Link href="/teams">Not now</Link>
      </form>
    </SignInFrame>
  );
}
