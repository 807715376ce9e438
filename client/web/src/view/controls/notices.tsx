// SPDX-License-Identifier: GPL-3.0-or-later
import { useApplication, useChanges } from '../application';
import { Icon } from './icon';
import { t } from '../../model/translation';

/** The stack of short messages in the corner; read out as they come. */
export function NoticeStack() {
  const { notices } = useApplication();
  useChanges(notices);
  return (
    <div className="notices" role="status" aria-live="polite">
      {notices.list.map((notice) => (
        <div key={notice.id} className={`notice ${notice.kind}`}>
          <p>{notice.text}</p>
          {notice.action && (
            <button
              type="button"
              className="button small"
              onClick={() => {
                notices.dismiss(notice.id);
                notice.action?.run();
              }}
            >
              {notice.action.label}
            </button>
          )}
          <button
            type="button"
            className="icon-button"
            aria-label={t('Dismiss')}
            onClick={() => notices.dismiss(notice.id)}
          >
            <Icon name="close" size={14} />
          </button>
        </div>
      ))}
    </div>
  );
}
