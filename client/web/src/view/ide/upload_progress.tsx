// SPDX-License-Identifier: GPL-3.0-or-later
// Uploads under way, files that are there already, and what failed.
import { Icon } from '../controls/icon';
import { useChanges } from '../application';
import { useSession } from './ide_context';
import { plural, t } from '../../model/translation';

export function UploadProgress() {
  const { uploads } = useSession();
  useChanges(uploads);
  const { list } = uploads;
  if (list.length === 0) return null;
  const existing = list.filter((upload) => upload.state === 'exists');
  const failed = list.filter((upload) => upload.state === 'failed');
  const active = list.some((upload) => upload.state === 'waiting' || upload.state === 'sending');
  const done = list.filter((upload) => upload.state === 'done').length;
  const total = list.reduce((sum, upload) => sum + upload.content.size, 0);
  const sent = list.reduce((sum, upload) => sum + (upload.state === 'done' ? upload.content.size : upload.sent), 0);
  return (
    <section className="upload-progress" aria-label={t('Uploads')}>
      <div className="row">
        <strong>
          {active
            ? t`Uploading ${done + 1} of ${list.length}`
            : existing.length > 0
              ? t('Replace what is there?')
              : failed.length > 0
                ? t`${failed.length} not uploaded`
                : t`${done} uploaded`}
        </strong>
        <span className="spread" />
        {active ? (
          <button type="button" className="button small" onClick={() => uploads.cancel()}>
            {t('Cancel')}
          </button>
        ) : (
          <button
            type="button"
            className="icon-button"
            aria-label={t('Dismiss')}
            onClick={() => uploads.clear_settled()}
          >
            <Icon name="close" size={14} />
          </button>
        )}
      </div>
      {active && <progress max={Math.max(total, 1)} value={sent} />}
      {existing.length > 0 && (
        <>
          <p>
            {existing.length === 1
              ? t`${existing[0]?.path ?? ''} exists already.`
              : plural(existing.length, '{n} file exists already.', '{n} files exist already.')}
          </p>
          <div className="row">
            <button type="button" className="button small" onClick={() => uploads.resolve_existing(false)}>
              {t('Keep old')}
            </button>
            <button type="button" className="button small danger" onClick={() => uploads.resolve_existing(true)}>
              {t('Replace')}
            </button>
          </div>
        </>
      )}
      {failed.length > 0 && (
        <>
          <p>{failed[0]?.problem}</p>
          <button type="button" className="button small" onClick={() => uploads.retry_failed()}>
            {t('Try again')}
          </button>
        </>
      )}
    </section>
  );
}
