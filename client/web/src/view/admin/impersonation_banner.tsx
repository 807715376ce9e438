// SPDX-License-Identifier: GPL-3.0-or-later
// Above every page while an administrator acts as somebody else.
import { useState } from 'react';
import { sentence_of } from '../../connection/berth_error';
import { useApplication, useChanges } from '../application';
import { Icon } from '../controls/icon';
import { rich } from '../controls/rich';
import { t } from '../../model/translation';

export function ImpersonationBanner() {
  const { account, rest, notices } = useApplication();
  useChanges(account);
  const [busy, set_busy] = useState(false);
  const by = account.account?.impersonated_by;
  if (!by) return null;
  const end = () => {
    set_busy(true);
    rest.call('EndImpersonation').then(
      () => location.assign('/admin/accounts'),
      (error: unknown) => {
        set_busy(false);
        notices.problem(sentence_of(error));
      },
    );
  };
  return (
    <div className="impersonation" role="status">
      <Icon name="warning" size={14} />
      <span>
        {rich(
          'You ({0}) act as {1}. Everything you do is in the audit log.',
          by,
          <strong>{account.account?.email}</strong>,
        )}
      </span>
      <button type="button" className="button small" disabled={busy} onClick={end}>
        {t('Stop')}
      </button>
    </div>
  );
}
