// SPDX-License-Identifier: GPL-3.0-or-later
// The files that a version changed.
import { base_name, parent_path } from '../../model/paths';
import { useHistory } from './history_context';
import { t } from '../../model/translation';

const kinds = { added: 'A', modified: 'M', deleted: 'D' } as const;
const kind_words = { added: 'added', modified: 'changed', deleted: 'deleted' } as const;

export function VersionChanges() {
  const { history } = useHistory();
  return (
    <>
      {history.changes_state === 'loading' && <p className="muted pad">{t('Comparing…')}</p>}
      {history.changes_state === 'failed' && (
        <p className="muted pad" role="alert">
          {history.problem}
        </p>
      )}
      {history.changes_state === 'ready' && history.changes.length === 0 && (
        <p className="muted pad">{t('No file differs from the version before.')}</p>
      )}
      <ul aria-label={t('Changed files')}>
        {history.changes.map((change) => (
          <li key={change.path}>
            <button
              type="button"
              className="change"
              aria-pressed={history.file?.path === change.path}
              title={`${change.path}, ${kind_words[change.kind]}`}
              onClick={() => void history.compare(change)}
            >
              <span className={`change-kind ${change.kind}`} role="img" aria-label={kind_words[change.kind]}>
                {kinds[change.kind]}
              </span>
              <span className="name">{base_name(change.path)}</span>
              <span className="muted folder">{parent_path(change.path)}</span>
            </button>
          </li>
        ))}
      </ul>
      {history.truncated && <p className="muted pad">{t('More files differ; these are the first five thousand.')}</p>}
    </>
  );
}
