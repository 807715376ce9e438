// SPDX-License-Identifier: GPL-3.0-or-later
// A workspace's history: the timeline, what a version changed or holds, and both texts side by side.
import { useEffect, useRef, type KeyboardEvent } from 'react';
import '../../styles/history.css';
import { base_name } from '../../model/paths';
import { useChanges } from '../application';
import { Icon } from '../controls/icon';
import { useHistory } from './history_context';
import { Timeline } from './timeline';
import { KeepNowButton, VersionActions } from './version_actions';
import { VersionChanges } from './version_changes';
import { VersionDiff } from './version_diff';
import { VersionFiles } from './version_files';
import { message, t } from '../../model/translation';

export default function HistoryView() {
  const { history, on_close, lead, actions } = useHistory();
  useChanges(history);
  const place = useRef<HTMLElement>(null);
  useEffect(() => {
    const before = document.activeElement;
    place.current?.focus();
    return () => {
      if (before instanceof HTMLElement) before.focus();
    };
  }, []);
  const on_key = (event: KeyboardEvent) => {
    if (event.key !== 'Escape') return;
    event.stopPropagation();
    on_close();
  };
  return (
    <section ref={place} className="history" aria-label={t('History')} tabIndex={-1} onKeyDown={on_key}>
      <header className="history-head">
        {lead ?? <Icon name="history" />}
        <h2>{history.path ? t`History of ${base_name(history.path)}` : t('History')}</h2>
        {history.path !== '' && (
          <button type="button" className="button small" onClick={() => history.show()}>
            {t('Show everything')}
          </button>
        )}
        <span className="spread" />
        <KeepNowButton />
        {actions}
        <button
          type="button"
          className="icon-button close"
          aria-label={t('Close history')}
          title={t('Close (Escape)')}
          onClick={on_close}
        >
          <Icon name="close" />
        </button>
      </header>
      <div className="history-body">
        <Timeline />
        <ChosenVersion />
        <VersionDiff />
      </div>
    </section>
  );
}

const lists = [
  ['changes', message('Changed files')],
  ['files', message('All files')],
] as const;

function ChosenVersion() {
  const { history } = useHistory();
  const { chosen, listed } = history;
  if (!chosen) return <div className="history-changes" />;
  return (
    <div className="history-changes">
      <VersionActions version={chosen} />
      <div className="version-lists segments" role="group" aria-label={t('Show of this version')}>
        {lists.map(([kind, label]) => (
          <button key={kind} type="button" aria-pressed={listed === kind} onClick={() => history.list(kind)}>
            {t(label)}
          </button>
        ))}
      </div>
      {listed === 'changes' ? <VersionChanges /> : <VersionFiles />}
    </div>
  );
}
