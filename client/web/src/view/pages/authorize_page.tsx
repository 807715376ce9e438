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
import { rich } from '../controls/rich';
import { t } from '../../model/translation';

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
      <SignInFrame title={t('Sign in a program')} lead={approval.problem ? '' : t('One moment…')}>
        <Problem text={approval.problem} />
        {approval.problem && (
          <p className="below muted">
            {rich('Start signing in from the program again. {0}', <Link href="/">{t('To your workspaces')}</Link>)}
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
    <SignInFrame title={t('Sign in a device')} lead={t('Compare the code with the one that your device shows.')}>
      <form className="card form" onSubmit={on_submit}>
        <Problem text={approval.problem} />
        <Field
          label={t('Code on the device')}
          name="code"
          className="input code"
          defaultValue={typed}
          placeholder={t('ABCD-EFGH')}
          autoComplete="off"
          autoCapitalize="characters"
          spellCheck={false}
          required
          autoFocus
        />
        <button className="button primary wide" disabled={busy}>
          {busy ? t('Looking…') : t('It is the same: continue')}
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
      title={approval.kind === 'native' ? t('Sign this program in?') : t('Sign this device in?')}
      lead={
        <>
          {rich(
            'It will act as {0} ({1}): your workspaces, their files and terminals.',
            <strong>{account.account?.name}</strong>,
            account.account?.email,
          )}
        </>
      }
    >
      <form className="card form" onSubmit={on_submit}>
        <Problem text={problem} />
        <dl className="facts">
          <dt>{t('Program')}</dt>
          <dd title={client}>{client_name(client)}</dd>
          <dt>{t('Asked from')}</dt>
          <dd>{address || t('an unknown address')}</dd>
          <dt>{t('Asked')}</dt>
          <dd>{ago(created)}</dd>
        </dl>
        <p className="form-note">
          <Icon name="warning" size={14} />{' '}
          {t('Allow this only if you started it yourself, just now. Nobody from support will ask you for it.')}
        </p>
        <div className="row stretch">
          <button className="button" name="answer" value="deny" disabled={busy}>
            {busy && allowing === false ? t('Denying…') : t('Deny')}
          </button>
          <button className="button primary" name="answer" value="allow" disabled={busy}>
            {busy && allowing ? t('Allowing…') : t('Allow')}
          </button>
        </div>
      </form>
      <p className="below muted">
        {t('Not you?')} <SignOutLink />
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
        {t('Use another account')}
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
      title={allowed ? t`The ${what} is signed in` : t`The ${what} was not signed in`}
      lead={
        allowed
          ? t('Go back to it; you can close this page. It is listed under signed-in devices, where you can end it.')
          : t(
              'Nothing was given to it. If you did not start this, somebody may have tried to use your account: be careful with links and codes that others send.',
            )
      }
    >
      <Link href={allowed ? '/account/security' : '/'} className="button wide">
        {allowed ? t('Signed-in devices') : t('To your workspaces')}
      </Link>
    </SignInFrame>
  );
}
