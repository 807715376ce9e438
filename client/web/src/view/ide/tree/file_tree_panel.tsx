// SPDX-License-Identifier: GPL-3.0-or-later
// The file panel: heading with its buttons, and the tree below.
import { useRef } from 'react';
import { project_path } from '../../../model/paths';
import { looks_only } from '../../../model/roles';
import { useChanges } from '../../application';
import { Icon } from '../../controls/icon';
import { useMayChange, useSession } from '../ide_context';
import { useKeysOf, with_keys } from '../ide_keys';
import { FileTreeView, type TreeControls } from './file_tree_view';
import { items_of_files } from '../../dropped_files';
import { t } from '../../../model/translation';

export function FileTreePanel() {
  const session = useSession();
  useChanges(session.tree);
  const keys_of = useKeysOf();
  const controls = useRef<TreeControls>(null);
  const picker = useRef<HTMLInputElement>(null);
  const degraded = [...session.tree.directories.values()].some((directory) => directory.degraded);
  const may_change = useMayChange();
  const button = (label: string, icon: Parameters<typeof Icon>[0]['name'], run: () => void, changes = false) => {
    const refused = changes && !may_change;
    const title = refused ? t(looks_only) : label;
    return (
      <button type="button" className="icon-button" aria-label={label} title={title} disabled={refused} onClick={run}>
        <Icon name={icon} />
      </button>
    );
  };
  return (
    <section className="pane tree-pane" aria-label={t('Files')}>
      <div className="pane-heading">
        <h2>{t('Files')}</h2>
        {degraded && (
          <span
            className="degraded"
            title={t('Too many files to watch: changes made by programs show a few seconds late')}
          >
            <Icon name="warning" size={14} />
          </span>
        )}
        <span className="spread" />
        {button(with_keys(t('Find a file by name'), keys_of('quick_open')), 'search', () => session.pick.files())}
        {button(t('New file'), 'file_add', () => controls.current?.create('file'), true)}
        {button(t('New folder'), 'folder_add', () => controls.current?.create('directory'), true)}
        {button(t('Upload files'), 'upload', () => picker.current?.click(), true)}
        {button(t('Refresh'), 'reload', () => void session.tree.refresh())}
        <input
          ref={picker}
          type="file"
          multiple
          hidden
          onChange={(event) => {
            session.uploads.add(
              controls.current?.target_directory() ?? project_path,
              items_of_files(event.target.files),
            );
            event.target.value = '';
          }}
        />
      </div>
      <FileTreeView controls={controls} />
    </section>
  );
}
