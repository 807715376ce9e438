// SPDX-License-Identifier: GPL-3.0-or-later
// What proves that whoever sits here has the account: its password, and a code where there is a second factor.
import { useEffect, useState } from 'react';
import { plain_code } from '../../model/second_factor';
import { useApplication, useChanges } from '../application';
import { Field, text_field } from '../controls/form';
import { CodeField } from '../pages/code_step';
import { t } from '../../model/translation';

/** What the form's fields say; an account without a password proves itself by a fresh sign-in. */
export function proof_in(fields: FormData): { password: string; code?: string } {
  const code = plain_code(text_field(fields, 'code'));
  return { password: text_field(fields, 'password'), ...(code && { code }) };
}

/** Whether anything is asked for. */
export function useNeedsProof(): boolean {
  const { identities, second_factor } = useApplication();
  useChanges(identities);
  useChanges(second_factor);
  useEffect(() => {
    if (identities.items === undefined) void identities.load();
    if (second_factor.state === 'unknown') void second_factor.load();
  }, [identities, second_factor]);
  return identities.password || second_factor.state === 'on';
}

export function OwnerProof({ autoFocus = false }: { autoFocus?: boolean }) {
  const { identities, second_factor } = useApplication();
  const [recovery, set_recovery] = useState(false);
  useNeedsProof();
  return (
    <>
      {identities.password ? (
        <Field
          label={t('Your password')}
          name="password"
          type="password"
          autoComplete="current-password"
          required
          autoFocus={autoFocus}
        />
      ) : (
        <p className="form-note">
          {t('You have no password here. If you signed in more than ten minutes ago, sign in again first.')}
        </p>
      )}
      {second_factor.state === 'on' && (
        <>
          <CodeField recovery={recovery} autoFocus={autoFocus && !identities.password} />
          <p>
            <button type="button" className="link-button" onClick={() => set_recovery(!recovery)}>
              {recovery ? t('Use a code from your app') : t('Use a recovery code')}
            </button>
          </p>
        </>
      )}
    </>
  );
}
