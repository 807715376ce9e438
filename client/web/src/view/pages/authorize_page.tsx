// SPDX-License-Identifier: GPL-3.0-or-later
// A program on this machine, or a device with a code, asks to be signed in: the person looks at what it is and answers.
import { useEffect, useState } from 'react';
import { Approval, type ApprovalKind } from '../../model/approval';
import { client_name } from '../../model/sign_ins';
import { useApplication, useChanges } from '../application';
import { Field, Problem, text_field, useForm } from '../controls/form';
import { Icon } from '../controls/icon';
import { Link } from '../router';
import { SignInFrame } from './sign_in_frame';
import { ago } from './workspace_words';

/** `id`: the request, or what the address has of the code; a device's is looked for once the person says that it is theirs. */
export function AuthorizePage({ kind, id }: { kind: ApprovalKind; id: string }) {
  const { rest } = useApplication();
  const [approval] = useState(() => new Approval(kind, rest));
  useChanges(approval);
  useEffect(() => {
    if (kind === 'native') void approval.find(id);
  }, [approval, kind, id]);
  if (approval.answer) return <Answered approval={approval} />;
  if (approval.asking) return <Question approval={approval} />;
  if (kind === 'native') {
    return (
      <SignInFrame title="Sign in a program" lead={approval.problem ? '' : 'One moment…'}>
        <Problem text={approval.problem} />
        {approval.problem && (
          <p className="below muted">
            Start signing in from the program again. <Link href="/">To your workspaces</Link>
          </p>
        )}
      </SignInFrame>
    );
  }
  return <CodeForm approval={approval} typed={id} />;
}

function CodeForm({ approval, typed }: { approval: Approval; typed: string }) {
  const { busy, on_submit } = useForm((fields) => approval.find(text_field(fields, 'code')));
  return (
    <SignInFrame title="Sign in a device" lead="Compare the code with the one that your device shows.">
      <form className="card form" onSubmit={on_submit}>
        <Problem text={approval.problem} />
        <Field
          label="Code on the device"
          name="code"
          className="input code"
          defaultValue={typed}
          placeholder="ABCD-EFGH"
          autoComplete="off"
          autoCapitalize="characters"
          spellCheck={false}
          required
          autoFocus
        />
        <button className="button primary wide" disabled={busy}>
          {busy ? 'Looking…' : 'It is the same: continue'}
        </button>
      </form>
    </SignInFrame>
  );
}

function Question({ approval }: { approval: Approval }) {
  const { account } = useApplication();
  useChanges(account);
  const [allowing, set_allowing] = useState<boolean>();
  const { busy, problem, on_submit } = useForm(async (fields) => {
    const allow = fields.get('answer') === 'allow';
    set_allowing(allow);
    await approval.decide(allow);
  });
  const { client, address, created } = approval.asking ?? { client: '', address: '', created: 0 };
  return (
    <SignInFrame
      title={approval.kind === 'native' ? 'Sign this program in?' : 'Sign this device in?'}
      lead={
        <>
          It will act as <strong>{account.account?.name}</strong> ({account.account?.email}): your workspaces, their
          files and terminals.
        </>
      }
    >
      <form className="card form" onSubmit={on_submit}>
        <Problem text={problem} />
        <dl className="facts">
          <dt>Program</dt>
          <dd title={client}>{client_name(client)}</dd>
          <dt>Asked from</dt>
          <dd>{address || 'an unknown address'}</dd>
          <dt>Asked</dt>
          <dd>{ago(created)}</dd>
        </dl>
        <p className="form-note">
          <Icon name="warning" size={14} /> Allow this only if you started it yourself, just now. Nobody from support
          will ask you for it.
        </p>
        <div className="row stretch">
          <button className="button" name="answer" value="deny" disabled={busy}>
            {busy && allowing === false ? 'Denying…' : 'Deny'}
          </button>
          <button className="button primary" name="answer" value="allow" disabled={busy}>
            {busy && allowing ? 'Allowing…' : 'Allow'}
          </button>
        </div>
      </form>
      <p className="below muted">
        Not you? <SignOutLink />
      </p>
    </SignInFrame>
  );
}

function SignOutLink() {
  const { account } = useApplication();
  const { busy, problem, on_submit } = useForm(() => account.sign_out());
  return (
    <form onSubmit={on_submit} style={{ display: 'inline' }}>
      <button className="link-button" disabled={busy}>
        Use another account
      </button>
      <Problem text={problem} />
    </form>
  );
}

function Answered({ approval: { answer, kind } }: { approval: Approval }) {
  const allowed = answer === 'allowed';
  const what = kind === 'native' ? 'program' : 'device';
  return (
    <SignInFrame
      title={allowed ? `The ${what} is signed in` : `The ${what} was not signed in`}
      lead={
        allowed
          ? 'Go back to it; you can close this page. It is listed under signed-in devices, where you can end it.'
          : 'Nothing was given to it. If you did not start this, somebody may have tried to use your account: be careful with links and codes that others send.'
      }
    >
      <Link href={allowed ? '/account/security' : '/'} className="button wide">
        {allowed ? 'Signed-in devices' : 'To your workspaces'}
      </Link>
    </SignInFrame>
  );
}
