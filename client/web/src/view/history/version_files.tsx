// SPDX-License-Identifier: GPL-3.0-or-later
// What lies in a version, folder by folder: every file of it can be looked at, brought back and downloaded.
import { useState } from 'react';
import { base_name, join_path, parent_path } from '../../model/paths';
import { readable_bytes } from '../../model/sizes';
import type { FileEntry, Version } from '../../protocol/messages';
import { Icon } from '../controls/icon';
import { MenuButton, type MenuEntry } from '../controls/menu';
import { useChanges } from '../application';
import { useHistory } from './history_context';
import type { VersionFolder } from '../../model/version_folder';
import { download_from } from './version_actions';
import { RestoreDialog } from './version_dialogs';
import { rich } from '../controls/rich';
import { current_locale, t } from '../../model/translation';

export function VersionFiles() {
  const { history } = useHistory();
  const { chosen, folder } = history;
  if (!chosen || !folder) return null;
  return <Folder key={chosen.id} version={chosen} folder={folder} />;
}

function Folder({ version, folder }: { version: Version; folder: VersionFolder }) {
  useChanges(folder);
  const [restoring, set_restoring] = useState<string>();
  const { path, state, entries } = folder;
  return (
    <>
      <div className="version-folder">
        <button
          type="button"
          className="icon-button"
          aria-label={t('To the folder above')}
          title={t('To the folder above')}
          disabled={path === ''}
          onClick={() => void folder.open(parent_path(path))}
        >
          <Icon name="back" size={14} />
        </button>
        <span className="name" title={`~/${path}`}>
          ~/{path}
        </span>
        {path !== '' && <EntryMenu version={version} path={path} directory on_restore={set_restoring} />}
      </div>
      {state === 'loading' && <p className="muted pad">{t('Loading…')}</p>}
      {(state === 'failed' || state === 'missing') && (
        <p className="muted pad" role="alert">
          {folder.problem}
        </p>
      )}
      {state === 'ready' && entries.length === 0 && <p className="muted pad">{t('This folder is empty.')}</p>}
      <ul aria-label={t`Files in ${path || 'home'}`}>
        {entries.map((entry) => (
          <Entry key={entry.name} version={version} folder={folder} entry={entry} on_restore={set_restoring} />
        ))}
      </ul>
      {folder.more !== undefined && (
        <button type="button" className="button plain wide" onClick={() => void folder.load_more()}>
          {rich('Show more of {0}', folder.total.toLocaleString(current_locale()))}
        </button>
      )}
      {restoring !== undefined && (
        <RestoreDialog version={version} path={restoring} on_close={() => set_restoring(undefined)} />
      )}
    </>
  );
}

interface EntryProps {
  version: Version;
  folder: VersionFolder;
  entry: FileEntry;
  on_restore: (path: string) => void;
}

function Entry({ version, folder, entry, on_restore }: EntryProps) {
  const { history } = useHistory();
  const path = join_path(folder.path, entry.name);
  const directory = entry.type === 'directory';
  const choose = () => (directory ? void folder.open(path) : history.look_at(entry));
  return (
    <li className="version-entry">
      <button
        type="button"
        className="change"
        disabled={entry.type !== 'file' && !directory}
        aria-pressed={directory ? undefined : history.file?.path === path}
        onClick={choose}
      >
        <Icon name={directory ? 'folder' : 'file'} size={14} />
        <span className="name">{entry.name}</span>
        <span className="muted folder">
          {entry.type === 'symlink' ? `→ ${entry.target ?? ''}` : directory ? '' : readable_bytes(entry.size)}
        </span>
      </button>
      <EntryMenu version={version} path={path} directory={directory} on_restore={on_restore} />
    </li>
  );
}

interface MenuProps {
  version: Version;
  path: string;
  directory?: boolean;
  on_restore: (path: string) => void;
}

function EntryMenu({ version, path, directory = false, on_restore }: MenuProps) {
  const { history } = useHistory();
  const name = base_name(path);
  const address = () =>
    directory ? history.archive_address(version, 'zip', path) : history.file_address(version, path);
  const entries = (): MenuEntry[] => [
    { kind: 'item', label: t`Restore ${name}…`, icon: 'undo', run: () => on_restore(path) },
    { kind: 'item', label: t`History of ${name}`, icon: 'history', run: () => history.show(path) },
    {
      kind: 'item',
      label: directory ? t('Download as zip') : t('Download this file'),
      icon: 'download',
      run: () => download_from(address(), directory ? '' : name),
    },
  ];
  return (
    <MenuButton label={t`More for ${name}`} entries={entries}>
      <Icon name="more" size={14} />
    </MenuButton>
  );
}
