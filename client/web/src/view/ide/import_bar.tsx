// SPDX-License-Identifier: GPL-3.0-or-later
// The clone or the unpacking that the workspace begins with: how far it is, cancelling it, why it failed.
import { useState } from 'react';
import { sentence_of } from '../../connection/berth_error';
import { useApplication, useChanges } from '../application';
import { Dialog } from '../controls/dialog';
import { Icon } from '../controls/icon';
import { navigate } from '../router';
import { useMayChange, useSession } from './ide_context';
import { t } from '../../model/translation';

export function ImportBar() {
  const { project_import } = useSession();
  const [asking, set_asking] = useState(false);
  const may_change = useMayChange();
  useChanges(project_import);
  const { now } = project_import;
  if (!now) return null;
  if (now.finished) {
    return (
      <div className="bar danger" role="alert">
        <Icon name="warning" />
        <p>{now.problem}</p>
        {may_change && (
          <button type="button" className="button small" onClick={() => set_asking(true)}>
            {t('Delete this workspace…')}
          </button>
        )}
        <button type="button" className="button small" onClick={() => project_import.dismiss()}>
          {t('Close')}
        </button>
        {asking && <GiveUpDialog on_close={() => set_asking(false)} />}
      </div>
    );
  }
  return (
    <div className="bar import-bar">
      <Icon name="download" />
      <p className="line" role="status">
        {now.text}
      </p>
      <progress
        aria-label={t('Import of the project')}
        max={100}
        {...(now.percent === undefined ? {} : { value: now.percent })}
      />
      {may_change && (
        <button type="button" className="button small" onClick={() => set_asking(true)}>
          {t('Cancel…')}
        </button>
      )}
      {asking && <GiveUpDialog on_close={() => set_asking(false)} />}
    </div>
  );
}

/** The workspace was made for this import alone, so without it there is nothing to keep. */
function GiveUpDialog({ on_close }: { on_close: () => void }) {
  const { workspaces, notices } = useApplication();
  const session = useSession();
  const name = session.workspace?.name ?? t('This workspace');
  const give_up = () => {
    navigate('/');
    workspaces.remove(session.id).then(
      () => notices.show(t`“${name}” was deleted.`),
      (error: unknown) => notices.problem(sentence_of(error)),
    );
  };
  return (
    <Dialog title={t`Give “${name}” up?`} on_close={on_close}>
      <p>{t('The import ends, and the new workspace is deleted with everything in it.')}</p>
      <div className="row end">
        <button type="button" className="button plain" data-autofocus="" onClick={on_close}>
          {t('Keep it')}
        </button>
        <button type="button" className="button danger" onClick={give_up}>
          {t('Delete for good')}
        </button>
      </div>
    </Dialog>
  );
}
