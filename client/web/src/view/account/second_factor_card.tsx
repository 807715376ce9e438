// SPDX-License-Identifier: GPL-3.0-or-later
// Two-factor sign-in: turned on with a QR code and a first code, recovery codes, turned off again.
import { useEffect, useState } from 'react';
import { useApplication, useChanges } from '../application';
import { Field, Problem, text_field, useForm } from '../controls/form';
import { CopyField } from '../controls/copy_field';
import { Icon } from '../controls/icon';
import { CodeField } from '../pages/code_step';
import { OwnerProof, proof_in } from './owner_proof';
import { QrCode } from './qr_code';
import { rich } from '../controls/rich';
import { plural, t } from '../../model/translation';

export function SecondFactorCard() {
  const { second_factor } = useApplication();
  useChanges(second_factor);
  useEffect(() => {
    void second_factor.load();
    return () => second_factor.cancel();
  }, [second_factor]);
  const { state, problem, beginning, recovery_codes } = second_factor;
  return (
    <section className="card panel-card" id="two-factor">
      <h2>{t('Two-factor sign-in')}</h2>
      <p>{t('With it, a stolen password is not enough: signing in also takes a code from an app on your phone.')}</p>
      <Problem text={problem} />
      {problem && (
        <button type="button" className="button small" onClick={() => void second_factor.load()}>
          {t('Try again')}
        </button>
      )}
      {recovery_codes ? (
        <RecoveryCodes codes={recovery_codes} />
      ) : beginning ? (
        <Confirm secret={beginning.secret} uri={beginning.uri} />
      ) : state === 'off' ? (
        <Begin />
      ) : state === 'on' ? (
        <On />
      ) : null}
    </section>
  );
}

/** Accounts without one sign in by a provider; the server asks for a fresh sign-in then. */
function PasswordField() {
  const { identities } = useApplication();
  useChanges(identities);
  if (!identities.password) return null;
  return <Field label={t('Your password')} name="password" type="password" autoComplete="current-password" required />;
}

function Begin() {
  const { second_factor } = useApplication();
  const [asked, set_asked] = useState(false);
  const { busy, problem, on_submit } = useForm((fields) => second_factor.begin(text_field(fields, 'password')));
  if (!asked) {
    return (
      <button type="button" className="button primary" onClick={() => set_asked(true)}>
        {t('Turn on…')}
      </button>
    );
  }
  return (
    <form className="form" onSubmit={on_submit}>
      <Problem text={problem} />
      <PasswordField />
      <div className="row">
        <button className="button primary" disabled={busy}>
          {t('Continue')}
        </button>
        <button type="button" className="button plain" onClick={() => set_asked(false)}>
          {t('Cancel')}
        </button>
      </div>
    </form>
  );
}

function Confirm({ secret, uri }: { secret: string; uri: string }) {
  const { second_factor } = useApplication();
  const { busy, problem, on_submit } = useForm((fields) => second_factor.confirm(text_field(fields, 'code')));
  return (
    <form className="form" onSubmit={on_submit}>
      <p>
        {rich(
          '{0} Scan this with an authenticator app (Aegis, Google Authenticator, 1Password and the like).',
          <strong>1.</strong>,
        )}
      </p>
      <QrCode text={uri} label={t('QR code for an authenticator app')} />
      <details>
        <summary>{t('I can’t scan it')}</summary>
        <CopyField label={t('Type this key into the app instead')} text={secret.replace(/(.{4})(?=.)/g, '$1 ')} />
      </details>
      <p>{rich('{0} Type the code that the app shows now.', <strong>2.</strong>)}</p>
      <Problem text={problem} />
      <CodeField autoFocus />
      <div className="row">
        <button className="button primary" disabled={busy}>
          {t('Turn on')}
        </button>
        <button type="button" className="button plain" onClick={() => second_factor.cancel()}>
          {t('Cancel')}
        </button>
      </div>
    </form>
  );
}

function RecoveryCodes({ codes }: { codes: string[] }) {
  const { second_factor, account } = useApplication();
  const text = t`Berth recovery codes of ${account.account?.email ?? ''} at ${location.origin}\nEach works once.\n\n${codes.join('\n')}\n`;
  const download = () => {
    const link = document.createElement('a');
    const address = URL.createObjectURL(new Blob([text], { type: 'text/plain' }));
    link.href = address;
    link.download = 'berth-recovery-codes.txt';
    link.click();
    setTimeout(() => URL.revokeObjectURL(address), 60_000);
  };
  return (
    <div className="form">
      <p className="form-note" role="status">
        <Icon name="key" size={14} />{' '}
        {rich(
          '{0} They are shown this once. When your phone is gone, each of them signs you in once.',
          <strong>{t('Keep these recovery codes now.')}</strong>,
        )}
      </p>
      <ul className="recovery-codes" aria-label={t('Recovery codes')}>
        {codes.map((code) => (
          <li key={code}>
            <code>{code}</code>
          </li>
        ))}
      </ul>
      <div className="row wrap">
        <button type="button" className="button" onClick={download}>
          <Icon name="download" size={14} /> {t('Save as a file')}
        </button>
        <CopyCodes text={codes.join('\n')} />
        <span className="spread" />
        <button type="button" className="button primary" onClick={() => second_factor.codes_kept()}>
          {t('I have kept them')}
        </button>
      </div>
    </div>
  );
}

function CopyCodes({ text }: { text: string }) {
  const { notices } = useApplication();
  const copy = () => {
    const refused = () => notices.problem(t('The browser did not allow copying. Save them as a file instead.'));
    if (!navigator.clipboard) return refused();
    navigator.clipboard.writeText(text).then(() => notices.show(t('The codes are copied.')), refused);
  };
  return (
    <button type="button" className="button" onClick={copy}>
      <Icon name="copy" size={14} /> {t('Copy')}
    </button>
  );
}

function On() {
  const { second_factor } = useApplication();
  const [doing, set_doing] = useState<'renew' | 'disable'>();
  const left = second_factor.recovery_codes_left;
  return (
    <>
      <p className="email-state">
        <Icon name="check" size={14} />{' '}
        {rich(
          'It is on. {0}',
          left === 0
            ? t('No recovery codes are left: make new ones.')
            : plural(left, '{n} recovery code is left.', '{n} recovery codes are left.'),
        )}
      </p>
      {doing === undefined && (
        <div className="row wrap below-things">
          <button type="button" className="button" onClick={() => set_doing('renew')}>
            {t('New recovery codes…')}
          </button>
          <button type="button" className="button" onClick={() => set_doing('disable')}>
            {t('Turn off…')}
          </button>
        </div>
      )}
      {doing === 'renew' && <Renew on_close={() => set_doing(undefined)} />}
      {doing === 'disable' && <Disable on_close={() => set_doing(undefined)} />}
    </>
  );
}

function Renew({ on_close }: { on_close: () => void }) {
  const { second_factor } = useApplication();
  const { busy, problem, on_submit } = useForm((fields) =>
    second_factor.renew_recovery_codes(text_field(fields, 'code')),
  );
  return (
    <form className="form below-things" onSubmit={on_submit}>
      <p>{t('New recovery codes replace all old ones.')}</p>
      <Problem text={problem} />
      <CodeField autoFocus />
      <div className="row">
        <button className="button primary" disabled={busy}>
          {t('Make new ones')}
        </button>
        <button type="button" className="button plain" onClick={on_close}>
          {t('Cancel')}
        </button>
      </div>
    </form>
  );
}

function Disable({ on_close }: { on_close: () => void }) {
  const { second_factor, identities, notices } = useApplication();
  useChanges(identities);
  const { busy, problem, on_submit } = useForm(async (fields) => {
    const { password, code = '' } = proof_in(fields);
    await second_factor.disable(password, code);
    notices.show(t('Two-factor sign-in is off.'));
  });
  return (
    <form className="form below-things" onSubmit={on_submit}>
      <p>
        {identities.password
          ? t('From then on the password alone signs in.')
          : t('From then on whoever can sign in at your provider is signed in here.')}
      </p>
      <Problem text={problem} />
      <OwnerProof />
      <div className="row">
        <button className="button danger" disabled={busy}>
          {t('Turn off')}
        </button>
        <button type="button" className="button plain" onClick={on_close}>
          {t('Cancel')}
        </button>
      </div>
    </form>
  );
}
