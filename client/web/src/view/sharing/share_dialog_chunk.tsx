// SPDX-License-Identifier: GPL-3.0-or-later
// The share dialog, fetched when it is first opened.
import { lazy, type ComponentProps } from 'react';
import { Chunk, ReloadButton } from '../controls/chunk';
import { Dialog } from '../controls/dialog';
import { t } from '../../model/translation';

const Fetched = lazy(() => import('./share_dialog'));

export function ShareDialog(props: ComponentProps<typeof Fetched>) {
  const failed = (
    <Dialog title={t('Sharing could not be loaded')} on_close={props.on_close}>
      <p>{t('The network may be gone, or the server has a newer release. What you typed is kept.')}</p>
      <div className="row end">
        <button type="button" className="button plain" onClick={props.on_close}>
          {t('Not now')}
        </button>
        <ReloadButton />
      </div>
    </Dialog>
  );
  return (
    <Chunk meanwhile={null} failed={failed}>
      <Fetched {...props} />
    </Chunk>
  );
}
