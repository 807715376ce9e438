// SPDX-License-Identifier: GPL-3.0-or-later
// The chosen version's head: what it is, and what can be done with it.
import { useState } from 'react';
import { sentence_of } from '../../connection/berth_error';
import { base_name } from '../../model/paths';
import { readable_bytes } from '../../model/sizes';
import type { Version } from '../../protocol/messages';
import { useApplication } from '../application';
import { Icon } from '../controls/icon';
import { MenuButton, type MenuEntry } from '../controls/menu';
import { useHistory } from './history_context';
import { title_of } from './timeline';
import { ForkDialog, KeepNowDialog, NameDialog, restore_words, RestoreDialog } from './version_dialogs';
import { current_locale, plural, t } from '../../model/translation';

/** The browser saves it as a file; `name` "" leaves the name to the server. */
export function download_from(address: string, name: string): void {
  const link = document.createElement('a');
  link.href = address;
  link.download = name;
  link.click();
}

type Asking = 'restore' | 'name' | 'fork';

export function VersionActions({ version }: { version: Version }) {
  const { history, refused } = useHistory();
  const [asking, set_asking] = useState<Asking>();
  const download = (format: 'zip' | 'tar.gz') => download_from(history.archive_address(version, format), '');
  const more = (): MenuEntry[] => [
    {
      kind: 'item',
      label: version.name ? t('Rename…') : t('Name it…'),
      icon: 'pencil',
      refused,
      run: () => set_asking('name'),
    },
    { kind: 'item', label: t('New workspace from it…'), icon: 'copy', run: () => set_asking('fork') },
    { kind: 'separator' },
    { kind: 'item', label: t('Download as zip'), icon: 'download', run: () => download('zip') },
    { kind: 'item', label: t('Download as tar.gz'), icon: 'download', run: () => download('tar.gz') },
  ];
  const close = () => set_asking(undefined);
  return (
    <div className="version-head">
      <div>
        <strong>{title_of(version)}</strong>
        <span className="muted">
          {new Date(version.created).toLocaleString(current_locale())}
          {version.author && t`, by ${version.author}`}
        </span>
        <span className="muted">
          {plural(version.files, '{n} file', '{n} files')}, {readable_bytes(version.bytes)}
        </span>
        {version.problems > 0 && (
          <span className="version-problem">
            <Icon name="warning" size={13} />{' '}
            {plural(version.problems, '{n} could not be stored', '{n} could not be stored')}
          </span>
        )}
      </div>
      <div className="row">
        <button
          type="button"
          className="button small"
          disabled={history.busy || refused !== undefined}
          title={refused}
          onClick={() => set_asking('restore')}
        >
          <Icon name="undo" size={14} /> {history.path ? t`Restore ${base_name(history.path)}` : t('Restore all')}
        </button>
        <MenuButton label={t('More')} entries={more}>
          <Icon name="more" />
        </MenuButton>
      </div>
      {asking === 'restore' && <RestoreDialog version={version} path={history.path} on_close={close} />}
      {asking === 'name' && <NameDialog version={version} on_close={close} />}
      {asking === 'fork' && <ForkDialog version={version} on_close={close} />}
    </div>
  );
}

/** Stores what is there now under a name. */
export function KeepNowButton() {
  const { history, refused } = useHistory();
  const [asking, set_asking] = useState(false);
  return (
    <>
      <button
        type="button"
        className="button small"
        disabled={history.busy || refused !== undefined}
        title={refused}
        onClick={() => set_asking(true)}
      >
        {t('Keep a version…')}
      </button>
      {asking && <KeepNowDialog on_close={() => set_asking(false)} />}
    </>
  );
}

/** Brings one file of the chosen version back. */
export function RestoreFileButton({ version, path }: { version: Version; path: string }) {
  const { history, refused } = useHistory();
  const { notices } = useApplication();
  const restore = async () => {
    try {
      const problems = await history.restore(version, path);
      notices.show(restore_words(base_name(path), problems), { kind: problems.length > 0 ? 'problem' : 'success' });
    } catch (error) {
      notices.problem(sentence_of(error));
    }
  };
  return (
    <button
      type="button"
      className="button small"
      disabled={history.busy || refused !== undefined}
      title={refused}
      onClick={() => void restore()}
    >
      <Icon name="undo" size={14} /> {t('Restore this file')}
    </button>
  );
}
