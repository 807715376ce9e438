// SPDX-License-Identifier: GPL-3.0-or-later
// One file of a version beside the version before it, or beside what is there now.
import { useEffect, useRef } from 'react';
import { base_name } from '../../model/paths';
import { useApplication, useChanges } from '../application';
import { Icon } from '../controls/icon';
import { apply_theme, create_diff_editor, text_model } from '../ide/editor/monaco';
import { useHistory } from './history_context';
import { RestoreFileButton } from './version_actions';
import { rich } from '../controls/rich';
import { current_locale, t } from '../../model/translation';

const longest_comparison = 10_000; // ms; Monaco itself gives up after five seconds
const side_by_side = 640; // px that two columns need (history.css has the same number)

export function VersionDiff() {
  const { history } = useHistory();
  const { file, chosen, comparison, against } = history;
  if (!file || !chosen) {
    return (
      <div className="history-diff empty">
        <p className="muted">{chosen ? t('Choose a file to see what changed in it.') : ''}</p>
      </div>
    );
  }
  return (
    <div className="history-diff">
      <div className="diff-head">
        <strong title={file.path}>{base_name(file.path)}</strong>
        <div className="segments" role="group" aria-label={t('Compare with')}>
          <button type="button" aria-pressed={against === 'before'} onClick={() => history.compare_against('before')}>
            {t('With the version before')}
          </button>
          <button type="button" aria-pressed={against === 'now'} onClick={() => history.compare_against('now')}>
            {t('With now')}
          </button>
        </div>
        <span className="spread" />
        {file.kind !== 'deleted' && (
          <>
            <button
              type="button"
              className="icon-button"
              aria-label={t('History of this file')}
              title={t('History of this file')}
              onClick={() => history.show(file.path)}
              disabled={history.path === file.path}
            >
              <Icon name="history" />
            </button>
            <a
              className="icon-button"
              href={history.file_address(chosen, file.path)}
              download={base_name(file.path)}
              aria-label={t('Download this file')}
              title={t('Download this file')}
            >
              <Icon name="download" />
            </a>
            <RestoreFileButton version={chosen} path={file.path} />
          </>
        )}
      </div>
      <div className="diff-sides muted">
        <span>{against === 'now' ? t('This version') : t('Before')}</span>
        <span>{against === 'now' ? t('Now') : t('This version')}</span>
      </div>
      {history.comparison_problem && (
        <p className="pad" role="alert">
          {history.comparison_problem}
        </p>
      )}
      {comparison && !comparison.texts && (
        <p className="muted pad">
          {rich(
            'Not text, or too long to compare here: {0} bytes before, {1} bytes in this version.',
            file.size_before.toLocaleString(current_locale()),
            file.size.toLocaleString(current_locale()),
          )}
        </p>
      )}
      {comparison?.texts && (
        <DiffEditor key={`${chosen.id} ${file.path} ${against}`} name={base_name(file.path)} {...comparison.texts} />
      )}
    </div>
  );
}

function DiffEditor({ name, left, right }: { name: string; left: string; right: string }) {
  const { preferences } = useApplication();
  useChanges(preferences);
  const dark = preferences.is_dark();
  const high_contrast = preferences.is_high_contrast();
  const place = useRef<HTMLDivElement>(null);
  useEffect(() => apply_theme(dark, high_contrast), [dark, high_contrast]); // no editor may have been open before
  useEffect(() => {
    if (!place.current) return;
    const original = text_model(left, name);
    const modified = text_model(right, name);
    const editor = create_diff_editor(place.current, {
      useInlineViewWhenSpaceIsLimited: true,
      renderSideBySideInlineBreakpoint: side_by_side,
      hideUnchangedRegions: { enabled: true },
    });
    let compared = false;
    editor.onDidUpdateDiff(() => {
      compared = true;
    });
    editor.setModel({ original, modified });
    const end = () => {
      editor.dispose();
      original.dispose();
      modified.dispose();
    };
    return () => {
      if (compared) return end();
      // Monaco's worker throws, where nobody catches it, when its texts go while it compares them.
      const late = setTimeout(end, longest_comparison);
      editor.onDidUpdateDiff(() => {
        clearTimeout(late);
        setTimeout(end);
      });
    };
  }, [name, left, right]);
  return <div ref={place} className="diff-place" />;
}
