// SPDX-License-Identifier: GPL-3.0-or-later
// A link or an invitation to somebody's workspace: the person sees as whom they come in, and comes in by one click.
import { useState } from 'react';
import { has_code } from '../../connection/berth_error';
import { useApplication, useChanges } from '../application';
import { Problem, useForm } from '../controls/form';
import { Link, navigate } from '../router';
import { SignInFrame } from './sign_in_frame';

export function JoinPage({ token }: { token: string }) {
  const { account, rest, notices } = useApplication();
  useChanges(account);
  const [over, set_over] = useState(token ? '' : 'A part of the address is missing. Copy the whole link.');
  const join = useForm(async () => {
    try {
      const workspace = await rest.call('Join', { body: { token } });
      notices.show(`“${workspace.name}” is among your workspaces now.`, { kind: 'success' });
      navigate(`/w/${workspace.id}`, true);
    } catch (error) {
      if (!has_code(error, 'not_found')) throw error;
      set_over(error.message);
    }
  });
  const leave = useForm(() => account.sign_out());
  if (over) {
    return (
      <SignInFrame title="This link does not work any more" lead={over}>
        <p className="below muted">Ask whoever sent it for a new one.</p>
        <Link href="/" className="button primary wide">
          To your workspaces
        </Link>
      </SignInFrame>
    );
  }
  const { name, email } = account.account ?? { name: '', email: '' };
  return (
    <SignInFrame title="You are invited to a workspace" lead="Work in it together: files, terminals and previews.">
      <form className="card form" onSubmit={join.on_submit}>
        <Problem text={join.problem || leave.problem} />
        <p>
          You come in as <strong>{name}</strong> ({email}); the others in it see your name and address.
        </p>
        <button className="button primary wide" disabled={join.busy} autoFocus>
          {join.busy ? 'Opening…' : 'Join the workspace'}
        </button>
      </form>
      <form className="below muted" onSubmit={leave.on_submit}>
        <button className="link-button" disabled={leave.busy}>
          Use another account
        </button>{' '}
        · <Link href="/">Not now</Link>
      </form>
    </SignInFrame>
  );
}
