// SPDX-License-Identifier: GPL-3.0-or-later
// An upload among the workspaces, of which it becomes one: how far it is, or why it failed.
import type { ProjectUpload } from '../../model/project_uploads';
import { readable_bytes } from '../../model/sizes';
import { useApplication } from '../application';
import { Icon } from '../controls/icon';
import { words_of } from './upload_choice';
import { message, t } from '../../model/translation';

const words = {
  preparing: message('preparing'),
  sending: message('uploading'),
  unpacking: message('unpacking'),
  failed: message('not uploaded'),
} as const;

export function UploadCard({ upload }: { upload: ProjectUpload }) {
  const { uploads } = useApplication();
  const { name, state, sent, total } = upload;
  const failed = state === 'failed';
  return (
    <article className="card workspace-card" aria-label={t`Upload of ${name}`}>
      <div className="head">
        <span className="template-mark" aria-hidden="true">
          <Icon name="upload" size={18} />
        </span>
        <div className="names">
          <h2 title={name}>{name}</h2>
          <p className="muted">{words_of(upload.source, name)}</p>
        </div>
        <span className={`pill ${failed ? 'failed' : 'starting'}`}>{t(words[state])}</span>
      </div>
      {failed && (
        <p className="reason failed" role="alert">
          {upload.problem}
        </p>
      )}
      {!failed && (
        <progress
          aria-label={t`Upload of ${name}`}
          max={Math.max(total, 1)}
          {...(state === 'sending' ? { value: sent } : {})}
        />
      )}
      <div className="foot">
        {!failed && (
          <span className="muted">
            {state === 'sending' ? t`${readable_bytes(sent)} of ${readable_bytes(total)}` : t('A moment…')}
          </span>
        )}
        <span className="spread" />
        {failed && (
          <button type="button" className="button small" onClick={() => uploads.retry(upload)}>
            <Icon name="reload" size={12} /> {t('Try again')}
          </button>
        )}
        <button type="button" className="button small" onClick={() => uploads.cancel(upload)}>
          {failed ? t('Dismiss') : t('Cancel')}
        </button>
      </div>
    </article>
  );
}
