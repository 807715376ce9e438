// SPDX-License-Identifier: GPL-3.0-or-later
// Above every page while an administrator acts as somebody else.
import { useState } from 'react';
import { sentence_of } from '../../connection/berth_error';
import { useApplication, useChanges } from '../application';
import { Icon } from '../controls/icon';

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
        You ({by}) act as <strong>{account.account?.email}</strong>. Everything you do is in the audit log.
      </span>
      <button type="button" className="button small" disabled={busy} onClick={end}>
        Stop
      </button>
    </div>
  );
}
