// SPDX-License-Identifier: GPL-3.0-or-later
// The previews: frames of another origin as tabs, each with an address bar, reload, a device's size, what its page says, and a way
// out into a tab of its own.
import '../../styles/preview.css';
import { useEffect } from 'react';
import { base_name } from '../../model/paths';
import type { Preview } from '../../model/preview';
import { most_previews } from '../../model/previews';
import { t } from '../../model/translation';
import { useChanges } from '../application';
import { Icon } from '../controls/icon';
import { TabList } from '../controls/tab_list';
import { useSession } from './ide_context';
import { PreviewBar } from './preview/preview_bar';
import { PreviewConsolePart } from './preview/preview_console';
import { DeviceBar, PreviewFrame } from './preview/preview_frame';

export function PreviewPane() {
  const { previews, ports } = useSession();
  useChanges(previews);
  useChanges(ports);
  useEffect(() => previews.restore(), [previews]);
  const { active } = previews;
  return (
    <section className="pane preview-pane" aria-label={t('Preview')}>
      {previews.all.length > 1 && (
        <div className="tab-bar preview-tabs">
          <TabList label={t('Previews')} ids={previews.all.map((_, index) => tab_id(index))} />
          {previews.all.map((preview, index) => (
            <PreviewTab key={preview.key} preview={preview} id={tab_id(index)} active={preview === active} />
          ))}
        </div>
      )}
      <PreviewBar preview={active} />
      {previews.all.map((preview) => (
        <PreviewBody key={preview.key} preview={preview} shown={preview === active} />
      ))}
      {previews.console_open && <PreviewConsolePart preview={active} on_close={() => previews.set_console(false)} />}
    </section>
  );
}

const tab_id = (index: number) => `preview-tab-${index}`;

function PreviewTab({ preview, id, active }: { preview: Preview; id: string; active: boolean }) {
  const { previews } = useSession();
  useChanges(preview);
  const path = base_name(preview.to.replace(/[?#].*$/, ''));
  const name = preview.port === undefined ? t('New preview') : `:${preview.port}${path ? ` ${path}` : ''}`;
  return (
    <div
      className={`tab${active ? ' active' : ''}`}
      title={preview.address}
      onAuxClick={(event) => {
        if (event.button === 1) previews.close(preview);
      }}
    >
      <button
        type="button"
        id={id}
        role="tab"
        aria-selected={active}
        className="tab-name"
        onClick={() => previews.show(preview)}
      >
        <Icon name="preview" size={14} />
        <span className="tab-title">{name}</span>
      </button>
      <button
        type="button"
        className="icon-button tab-close"
        aria-label={t`Close preview ${name}`}
        onClick={() => previews.close(preview)}
      >
        <Icon name="close" size={13} />
      </button>
    </div>
  );
}

/** Those that are not looked at stay as they are, unseen. */
function PreviewBody({ preview, shown }: { preview: Preview; shown: boolean }) {
  useChanges(preview);
  return (
    <>
      {shown && preview.device && <DeviceBar preview={preview} device={preview.device} />}
      <div className="preview-body" hidden={!shown}>
        {preview.state === 'shown' && <PreviewFrame preview={preview} />}
        {preview.state === 'loading' && (
          <span className="spinner large" role="status" aria-label={t('Opening the preview')} />
        )}
        {preview.state === 'failed' && (
          <div className="empty-state">
            <Icon name="warning" size={28} />
            <p>{preview.problem}</p>
            <button type="button" className="button" onClick={() => void preview.reload()}>
              {t('Try again')}
            </button>
          </div>
        )}
        {preview.state === 'empty' && <EmptyPreview preview={preview} />}
      </div>
    </>
  );
}

function EmptyPreview({ preview }: { preview: Preview }) {
  const { ports, previews, workspace } = useSession();
  return (
    <div className="empty-state">
      <Icon name="globe" size={32} />
      <h2>{t('Nothing to preview yet')}</h2>
      <p>
        {ports.all.length > 0
          ? t('Choose what to look at:')
          : workspace?.run_command
            ? t('Press Run, or start a server in the terminal: it shows up here.')
            : t('Start a server in the terminal: it shows up here.')}
      </p>
      <div className="row">
        {ports.all.map(({ port, process }) => (
          <button key={port} type="button" className="button" onClick={() => void preview.go(port)}>
            :{port} {process && <span className="muted">{process}</span>}
          </button>
        ))}
      </div>
      {previews.all.length >= most_previews && (
        <p className="muted">{t`${most_previews} previews are open: close one to open another.`}</p>
      )}
    </div>
  );
}
