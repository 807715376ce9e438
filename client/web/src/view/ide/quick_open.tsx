// SPDX-License-Identifier: GPL-3.0-or-later
// Opening a file by a few letters of its name: a field at the top, the best matches below it.
import { useEffect, useId, useRef, useState, type KeyboardEvent } from 'react';
import { createPortal } from 'react-dom';
import { best_matches } from '../../model/file_index';
import { base_name, parent_path, project_path } from '../../model/paths';
import { useChanges } from '../application';
import { Icon } from '../controls/icon';
import { useSession } from './ide_context';
import { file_kind } from './tree/tree_rows';

const most_shown = 50;

export function QuickOpen() {
  const { index } = useSession();
  useChanges(index);
  return index.choosing ? <Chooser /> : null;
}

function Chooser() {
  const { index, tabs } = useSession();
  const [typed, set_typed] = useState('');
  const [chosen, set_chosen] = useState(0);
  const list = useRef<HTMLUListElement>(null);
  const list_id = useId();
  const matches = best_matches(typed, index.files, tabs.recent(), most_shown);
  const at = Math.min(chosen, matches.length - 1);

  useEffect(() => {
    const before = document.activeElement;
    return () => {
      // Nothing was opened: the keys go back to where they went.
      if (before instanceof HTMLElement && document.activeElement === document.body) before.focus();
    };
  }, []);
  useEffect(() => {
    list.current?.children[at]?.scrollIntoView({ block: 'nearest' });
  }, [at]);

  const open = (path: string | undefined) => {
    if (path === undefined) return;
    index.leave();
    void tabs.open(path);
  };
  const on_key = (event: KeyboardEvent) => {
    event.stopPropagation();
    if (event.key === 'ArrowDown') set_chosen((at + 1) % Math.max(1, matches.length));
    else if (event.key === 'ArrowUp') set_chosen((at - 1 + matches.length) % Math.max(1, matches.length));
    else if (event.key === 'Enter') open(matches[at]);
    else if (event.key === 'Escape' || event.key === 'Tab') index.leave();
    else return;
    event.preventDefault();
  };
  const nothing = index.walking
    ? 'Looking…'
    : index.cut
      ? 'Nothing found among the first ten thousand files.'
      : 'No file has such a name.';

  return createPortal(
    <div
      className="scrim top"
      onPointerDown={(event) => {
        if (event.target === event.currentTarget) index.leave();
      }}
    >
      <div className="quick-open" role="dialog" aria-label="Open a file" onKeyDown={on_key}>
        <input
          className="input"
          autoFocus
          role="combobox"
          aria-label="File name"
          aria-expanded="true"
          aria-controls={list_id}
          aria-activedescendant={matches.length > 0 ? `${list_id}-${at}` : undefined}
          placeholder="Name of a file"
          spellCheck={false}
          autoComplete="off"
          value={typed}
          onChange={(event) => {
            set_typed(event.target.value);
            set_chosen(0);
          }}
        />
        <ul ref={list} id={list_id} role="listbox" aria-label="Files">
          {matches.map((path, index_of_path) => {
            const folder = parent_path(path).slice(project_path.length + 1);
            return (
              <li
                key={path}
                id={`${list_id}-${index_of_path}`}
                role="option"
                aria-selected={index_of_path === at}
                onClick={() => open(path)}
              >
                <span className={`file-mark ${file_kind(base_name(path))}`}>
                  <Icon name="file" size={14} />
                </span>
                <span className="name">{base_name(path)}</span>
                <span className="muted folder">{folder}</span>
              </li>
            );
          })}
        </ul>
        {matches.length === 0 && <p className="muted nothing">{nothing}</p>}
      </div>
    </div>,
    document.body,
  );
}
