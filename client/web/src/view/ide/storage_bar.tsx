// SPDX-License-Identifier: GPL-3.0-or-later
// While changes can't be stored as versions: why, and what the person can do about it.
import { useEffect, useState } from 'react';
import { useApplication, useChanges } from '../application';
import { Icon } from '../controls/icon';
import { useSession } from './ide_context';
import { rich } from '../controls/rich';
import { t } from '../../model/translation';

export function StorageBar() {
  const { storage } = useSession();
  const { storage: account } = useApplication();
  useChanges(storage);
  useChanges(account);
  const [hidden, set_hidden] = useState(''); // the problem that the person has read
  const { now } = storage;
  const problem = now?.progress === 'waiting' ? now.problem : '';
  useEffect(() => {
    if (problem) void account.refresh();
  }, [account, problem]);
  if (!problem || problem === hidden) return null;
  return (
    <div className="bar warning" role="status">
      <Icon name="warning" />
      <p>
        {rich(
          '{0} {1} Your changes are safe in the workspace and are stored as soon as that works.',
          <strong>{t('Not stored.')}</strong>,
          problem,
        )}
      </p>
      {account.limit > 0 && (
        <a className="button small" href="/account#storage" target="_blank" rel="noopener">
          {t('Your storage')}
        </a>
      )}
      <button
        type="button"
        className="icon-button"
        aria-label={t('Hide')}
        title={t('Hide')}
        onClick={() => set_hidden(problem)}
      >
        <Icon name="close" size={14} />
      </button>
    </div>
  );
}
