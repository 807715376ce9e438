// SPDX-License-Identifier: GPL-3.0-or-later
// How much of the storage for versions the account has used, as a bar and in words.
import type { AccountStorage, StorageLevel } from '../../model/account_storage';
import { readable_bytes } from '../../model/sizes';
import { useApplication, useChanges } from '../application';
import { Icon } from '../controls/icon';
import { Link } from '../router';
import { t } from '../../model/translation';

function words_of({ used, limit }: AccountStorage): string {
  if (limit === 0) return t`${readable_bytes(used)} used, no limit`;
  return t`${readable_bytes(used)} of ${readable_bytes(limit)} used`;
}

export function StorageMeter() {
  const { storage } = useApplication();
  useChanges(storage);
  const { used, limit, level } = storage;
  if (level === 'unknown') return null;
  const part = limit > 0 ? Math.min(100, (100 * used) / limit) : 0;
  return (
    <div className={`storage-meter ${level}`}>
      {limit > 0 && (
        <div
          className="track"
          role="meter"
          aria-label={t('Storage for versions')}
          aria-valuemin={0}
          aria-valuemax={limit}
          aria-valuenow={Math.min(used, limit)}
          aria-valuetext={words_of(storage)}
        >
          <span style={{ width: `${part}%` }} />
        </div>
      )}
      <span className="words">{words_of(storage)}</span>
    </div>
  );
}

/** What the level means, and what to do; undefined while there is nothing to say. */
export function level_sentence(level: StorageLevel): string | undefined {
  if (level === 'near') return t('Your storage is almost full. Without room, new changes are not stored as versions.');
  if (level === 'full')
    return t('Your storage is full: new changes stay in their workspaces but are not stored as versions.');
  return undefined;
}

/** On the dashboard: the bar where there is a limit, and a warning before it is reached. */
export function StorageLine() {
  const { storage } = useApplication();
  useChanges(storage);
  const { level, limit } = storage;
  const sentence = level_sentence(level);
  if (limit === 0) return null;
  return (
    <section className={`storage-line ${level}`} aria-label={t('Storage')}>
      {sentence ? <Icon name="warning" /> : <span className="muted">{t('Storage')}</span>}
      {sentence && <p role={level === 'full' ? 'alert' : 'status'}>{sentence}</p>}
      <StorageMeter />
      {sentence && (
        <Link href="/account#storage" className="button small">
          {t('Make room…')}
        </Link>
      )}
    </section>
  );
}
