// SPDX-License-Identifier: GPL-3.0-or-later
// The share dialog's public page: the last stored version for everybody to read, without an account.
import { useState } from 'react';
import { sentence_of } from '../../connection/berth_error';
import type { Sharing } from '../../model/sharing';
import { CopyField } from '../controls/copy_field';
import { Problem } from '../controls/form';
import { t } from '../../model/translation';

export function SharePublic({ sharing }: { sharing: Sharing }) {
  const [busy, set_busy] = useState(false);
  const [problem, set_problem] = useState('');
  const set = (enabled: boolean) => {
    set_busy(true);
    set_problem('');
    sharing
      .set_public(enabled)
      .catch((error: unknown) => set_problem(sentence_of(error)))
      .finally(() => set_busy(false));
  };
  const { public_link, public_url } = sharing;
  return (
    <section aria-label={t('Public page')}>
      <h3>{t('Public page')}</h3>
      <label className="switch">
        <input type="checkbox" checked={public_link} disabled={busy} onChange={(event) => set(event.target.checked)} />
        <span>
          <strong>{t('Anyone with the address can read the project')}</strong>
          <br />
          <span className="muted">
            {t(
              'Without an account: the files of the last stored version, and what runs on public ports. People may make copies. Look for passwords and keys in the files before you turn it on.',
            )}
          </span>
        </span>
      </label>
      <Problem text={problem} />
      {public_link && public_url && <CopyField label={t('Address of the page')} text={public_url} />}
      {public_link && !public_url && (
        <p>
          <button type="button" className="link-button" disabled={busy} onClick={() => set(true)}>
            {t('Show its address')}
          </button>
        </p>
      )}
      {public_link && <p className="muted">{t('Turned off and on again, it gets another address.')}</p>}
    </section>
  );
}
