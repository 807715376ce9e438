// SPDX-License-Identifier: GPL-3.0-or-later
// The workspace's history over the IDE: the timeline, what a version changed, and both texts side by side.
import { useEffect, useRef, type KeyboardEvent } from 'react';
import '../../../styles/history.css';
import { base_name } from '../../../model/paths';
import { useChanges } from '../../application';
import { Icon } from '../../controls/icon';
import { useSession } from '../ide_context';
import { VersionActions, KeepNowButton } from './version_actions';
import { VersionDiff } from './version_diff';
import { Timeline } from './timeline';

export default function HistoryView() {
  const { history } = useSession();
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
    history.hide();
  };
  return (
    <section ref={place} className="history" aria-label="History" tabIndex={-1} onKeyDown={on_key}>
      <header className="history-head">
        <Icon name="history" />
        <h2>{history.path ? `History of ${base_name(history.path)}` : 'History'}</h2>
        {history.path !== '' && (
          <button type="button" className="button small" onClick={() => history.show()}>
            Show everything
          </button>
        )}
        <span className="spread" />
        <KeepNowButton />
        <button
          type="button"
          className="icon-button"
          aria-label="Close history"
          title="Close (Escape)"
          onClick={() => history.hide()}
        >
          <Icon name="close" />
        </button>
      </header>
      <div className="history-body">
        <Timeline />
        <Changes />
        <VersionDiff />
      </div>
    </section>
  );
}

const kinds = { added: 'A', modified: 'M', deleted: 'D' } as const;
const kind_words = { added: 'added', modified: 'changed', deleted: 'deleted' } as const;

function Changes() {
  const { history } = useSession();
  const { chosen } = history;
  if (!chosen) return <div className="history-changes" />;
  return (
    <div className="history-changes">
      <VersionActions version={chosen} />
      {history.changes_state === 'loading' && <p className="muted pad">Comparing…</p>}
      {history.changes_state === 'failed' && <p className="muted pad">{history.problem}</p>}
      {history.changes_state === 'ready' && history.changes.length === 0 && (
        <p className="muted pad">No file differs from the version before.</p>
      )}
      <ul aria-label="Changed files">
        {history.changes.map((change) => (
          <li key={change.path}>
            <button
              type="button"
              className="change"
              aria-pressed={history.file?.path === change.path}
              title={`${change.path}, ${kind_words[change.kind]}`}
              onClick={() => void history.compare(change)}
            >
              <span className={`change-kind ${change.kind}`} aria-label={kind_words[change.kind]}>
                {kinds[change.kind]}
              </span>
              <span className="name">{base_name(change.path)}</span>
              <span className="muted folder">{change.path.slice(0, -base_name(change.path).length - 1)}</span>
            </button>
          </li>
        ))}
      </ul>
      {history.truncated && <p className="muted pad">More files differ; these are the first five thousand.</p>}
    </div>
  );
}
