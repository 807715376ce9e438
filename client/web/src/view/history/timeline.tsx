// SPDX-License-Identifier: GPL-3.0-or-later
// Versions, newest first, under the day they were made on.
import { day_of } from '../../model/history';
import type { Version } from '../../protocol/messages';
import { useHistory } from './history_context';
import { current_locale, t } from '../../model/translation';

export function time_of(version: Version): string {
  return new Date(version.created).toLocaleTimeString(current_locale(), {
    hour: '2-digit',
    minute: '2-digit',
    second: '2-digit',
  });
}

/** What the person calls it, or what made it. */
export function title_of(version: Version): string {
  if (version.name) return version.name;
  if (version.kind === 'restored') return t('Restored');
  if (version.kind === 'imported') return t('Imported');
  return time_of(version);
}

function counts_of({ added, modified, deleted }: Version): string {
  const parts = [
    ...(added > 0 ? [t`${added} added`] : []),
    ...(modified > 0 ? [t`${modified} changed`] : []),
    ...(deleted > 0 ? [t`${deleted} deleted`] : []),
  ];
  return parts.join(', ') || t('no file changed');
}

export function Timeline() {
  const { history } = useHistory();
  const { versions, state } = history;
  return (
    <div className="history-timeline">
      {state === 'loading' && <p className="muted pad">{t('Loading…')}</p>}
      {state === 'failed' && (
        <div className="pad" role="alert">
          <p>{history.problem}</p>
          <button type="button" className="button small" onClick={() => void history.load()}>
            {t('Try again')}
          </button>
        </div>
      )}
      {state === 'ready' && versions.length === 0 && (
        <p className="muted pad">{t('Nothing is stored yet. A version is made a moment after each change.')}</p>
      )}
      <ol aria-label={t('Versions')}>
        {versions.map((version, index) => {
          const before = versions[index - 1];
          const day = day_of(version.created);
          const heading = !before || day_of(before.created) !== day;
          return (
            <li key={version.id}>
              {heading && <h3>{day}</h3>}
              <button
                type="button"
                className={`version ${version.kind}`}
                aria-pressed={history.chosen?.id === version.id}
                onClick={() => void history.choose(version)}
              >
                <span className="version-title">{title_of(version)}</span>
                <span className="muted">
                  {title_of(version) !== time_of(version) && `${time_of(version)} · `}
                  {counts_of(version)}
                </span>
              </button>
            </li>
          );
        })}
      </ol>
      {history.more !== undefined && (
        <button type="button" className="button plain wide" onClick={() => void history.load_more()}>
          {t('Earlier versions')}
        </button>
      )}
    </div>
  );
}
