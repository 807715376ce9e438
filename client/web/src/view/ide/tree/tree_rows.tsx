// SPDX-License-Identifier: GPL-3.0-or-later
// One line of the tree: an entry, or the field in which a name is typed.
import { useEffect, useRef, type CSSProperties, type DragEvent, type MouseEvent } from 'react';
import { is_directory, type TreeRow } from '../../../model/file_tree';
import { Icon } from '../../controls/icon';
import { t } from '../../../model/translation';

/** The colour group of a file's mark, by what it is for. */
export function file_kind(name: string): string {
  const extension = name.slice(name.lastIndexOf('.') + 1).toLowerCase();
  if (['py', 'rs', 'go', 'c', 'h', 'cpp', 'hpp', 'cc', 'java', 'rb', 'php', 'sh'].includes(extension)) return 'code';
  if (['js', 'mjs', 'cjs', 'ts', 'tsx', 'jsx'].includes(extension)) return 'script';
  if (['html', 'css', 'scss', 'svg', 'xml', 'vue'].includes(extension)) return 'markup';
  if (['json', 'toml', 'yaml', 'yml', 'ini', 'lock', 'cfg', 'conf'].includes(extension)) return 'data';
  if (['md', 'txt', 'rst'].includes(extension)) return 'prose';
  if (['png', 'jpg', 'jpeg', 'gif', 'webp', 'ico'].includes(extension)) return 'image';
  return 'plain';
}

export function EntryRow({
  row,
  style,
  selected,
  cut,
  drop,
  on_choose,
  on_drag,
}: {
  row: Extract<TreeRow, { kind: 'entry' }>;
  style: CSSProperties;
  selected: boolean;
  /** It goes away once it is pasted elsewhere. */
  cut: boolean;
  drop: boolean;
  on_choose: (event: MouseEvent) => void;
  /** Undefined where entries can't be moved. */
  on_drag: ((event: DragEvent) => void) | undefined;
}) {
  const { entry, path, depth, expanded } = row;
  const directory = is_directory(entry);
  const link = entry.type === 'symlink';
  return (
    <div
      id={`row-${path}`}
      className={`tree-row${selected ? ' selected' : ''}${drop ? ' drop' : ''}${cut ? ' cut' : ''}${entry.name.startsWith('.') ? ' hidden-file' : ''}`}
      style={style}
      role="treeitem"
      aria-level={depth + 1}
      aria-selected={selected}
      aria-expanded={directory ? expanded : undefined}
      data-path={path}
      title={link ? `${entry.name} → ${entry.target ?? ''}` : entry.name}
      draggable={on_drag !== undefined}
      onDragStart={on_drag}
      onClick={on_choose}
    >
      <span className={`twist${expanded ? ' open' : ''}`}>{directory && <Icon name="chevron" size={12} />}</span>
      <span className={`file-mark ${directory ? 'directory' : file_kind(entry.name)}`}>
        <Icon name={directory ? (expanded ? 'folder_open' : 'folder') : 'file'} size={15} />
      </span>
      <span className="name">{entry.name}</span>
      {link && <span className="link-mark">↪</span>}
    </div>
  );
}

export function NameRow({
  style,
  initial,
  directory,
  on_done,
}: {
  style: CSSProperties;
  initial: string;
  directory: boolean;
  on_done: (name: string | undefined) => void;
}) {
  const input = useRef<HTMLInputElement>(null);
  const done = useRef(false);
  useEffect(() => {
    const field = input.current;
    if (!field) return;
    field.focus();
    const dot = field.value.lastIndexOf('.');
    field.setSelectionRange(0, directory || dot <= 0 ? field.value.length : dot);
  }, [directory]);
  const finish = (name: string | undefined) => {
    if (done.current) return; // blur follows Enter
    done.current = true;
    on_done(name);
  };
  return (
    <div className="tree-row naming" style={style}>
      <span className="twist" />
      <span className={`file-mark ${directory ? 'directory' : 'plain'}`}>
        <Icon name={directory ? 'folder' : 'file'} size={15} />
      </span>
      <input
        ref={input}
        className="name-field"
        aria-label={t('Name')}
        defaultValue={initial}
        spellCheck={false}
        autoComplete="off"
        onKeyDown={(event) => {
          event.stopPropagation();
          if (event.key === 'Enter') finish(event.currentTarget.value.trim());
          if (event.key === 'Escape') finish(undefined);
        }}
        onBlur={(event) => finish(event.currentTarget.value.trim() || undefined)}
      />
    </div>
  );
}
