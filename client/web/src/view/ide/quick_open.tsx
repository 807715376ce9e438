// SPDX-License-Identifier: GPL-3.0-or-later
// The field at the top and the best matches below it: files, ">" commands, ":" lines, or a list that something asks about.
import { useEffect, useId, useMemo, useRef, useState, type KeyboardEvent, type ReactNode } from 'react';
import { createPortal } from 'react-dom';
import { best_matches } from '../../model/file_index';
import { fuzzy_filter } from '../../model/fuzzy';
import { base_name, parent_path, project_path } from '../../model/paths';
import { parse_line, parse_place } from '../../model/quick_pick';
import type { WorkspaceSession } from '../../model/workspace_session';
import { useApplication, useChanges, type Application } from '../application';
import { Icon } from '../controls/icon';
import { editor_actions } from './editor_actions';
import { useSession } from './ide_context';
import { keys_of_command } from './ide_keys';
import { file_kind } from './tree/tree_rows';
import { t } from '../../model/translation';

const most_shown = 50;

interface Row {
  key: string;
  before?: ReactNode;
  name: string;
  /** Which letters of the name were typed. */
  places: readonly number[];
  detail?: string;
  keys?: string | undefined;
  refused?: string | undefined;
  chosen?: boolean;
  look?: (() => void) | undefined;
  run: () => void;
}

export function QuickOpen() {
  const { pick } = useSession();
  useChanges(pick);
  return pick.open ? <Chooser key={pick.begins_with + (pick.list?.label ?? '')} /> : null;
}

function file_rows(typed: string, session: WorkspaceSession): Row[] {
  const { name, line, column } = parse_place(typed);
  return best_matches(name, session.index.files, session.tabs.recent(), most_shown).map(({ item, places }) => {
    // The places are those of the path below the project.
    const folder = item.startsWith(`${project_path}/`)
      ? parent_path(item).slice(project_path.length + 1)
      : parent_path(item);
    const skipped = folder === '' ? 0 : folder.length + 1;
    return {
      key: item,
      before: (
        <span className={`file-mark ${file_kind(base_name(item))}`}>
          <Icon name="file" size={14} />
        </span>
      ),
      name: base_name(item),
      places: places.filter((place) => place >= skipped).map((place) => place - skipped),
      detail: folder,
      run: () => void session.tabs.open(item, line === undefined ? { focus: true } : { line, column: column ?? 1 }),
    };
  });
}

function command_rows(typed: string, session: WorkspaceSession, { preferences }: Application): Row[] {
  const own = session.commands.listed();
  const known = new Set(own.map(({ title }) => title.toLowerCase()));
  const theirs = editor_actions.listed().filter(({ title }) => !known.has(title.toLowerCase()));
  return fuzzy_filter(typed, [...own, ...theirs], ({ title }) => title, most_shown).map(({ item, places }) => {
    return {
      key: item.id,
      name: item.title,
      places,
      keys: keys_of_command(preferences, item.id),
      refused: item.refused?.(),
      run: () => {
        session.commands.chosen(item.id);
        item.run();
      },
    };
  });
}

function line_rows(typed: string, session: WorkspaceSession): Row[] {
  const place = parse_line(typed);
  const tab = session.tabs.active;
  if (!place || !tab?.document) return [];
  const go = { path: tab.path, line: place.line, column: place.column };
  return [
    {
      key: 'line',
      name: t`Go to line ${go.line}${go.column > 1 ? t`, column ${go.column}` : ''}`,
      places: [],
      run: () => void session.tabs.open(go.path, { line: go.line, column: go.column }),
    },
  ];
}

function Chooser() {
  const session = useSession();
  const application = useApplication();
  const { pick, index, tabs } = session;
  useChanges(index);
  const [typed, set_typed] = useState(pick.begins_with);
  const { list } = pick;
  const [at_first] = useState(() => Math.max(0, list?.items.findIndex(({ chosen }) => chosen) ?? 0));
  const [chosen, set_chosen] = useState(at_first);
  const list_place = useRef<HTMLUListElement>(null);
  const list_id = useId();
  const mode = list ? 'list' : typed.startsWith('>') ? 'commands' : typed.startsWith(':') ? 'line' : 'files';
  const found = index.files;
  const rows = useMemo((): Row[] => {
    if (list)
      return fuzzy_filter(typed, list.items, ({ label }) => label, 500).map(({ item, places }, at) => ({
        ...item,
        key: `${at}`,
        name: item.label,
        places,
      }));
    if (mode === 'commands') return command_rows(typed.slice(1), session, application);
    if (mode === 'line') return line_rows(typed, session);
    return found.length > 0 || tabs.tabs.length > 0 ? file_rows(typed, session) : [];
  }, [typed, mode, list, session, application, found, tabs]);
  const at = Math.min(chosen, rows.length - 1);

  useEffect(() => {
    const before = document.activeElement;
    return () => {
      // Nothing took the keys: they go back to where they went.
      if (before instanceof HTMLElement && document.activeElement === document.body) before.focus();
    };
  }, []);
  useEffect(() => {
    list_place.current?.children[at]?.scrollIntoView({ block: 'nearest' });
  }, [at]);
  const looked_at = rows[at]?.look;
  useEffect(() => looked_at?.(), [looked_at]);

  const choose = (row: Row | undefined) => {
    if (!row || row.refused !== undefined) return;
    pick.close(true);
    // After the field is gone, so that what was chosen may take the keys.
    setTimeout(row.run);
  };
  const on_key = (event: KeyboardEvent) => {
    event.stopPropagation();
    const count = Math.max(1, rows.length);
    if (event.key === 'ArrowDown') set_chosen((at + 1) % count);
    else if (event.key === 'ArrowUp') set_chosen((at - 1 + count) % count);
    else if (event.key === 'PageDown') set_chosen(Math.min(count - 1, at + 10));
    else if (event.key === 'PageUp') set_chosen(Math.max(0, at - 10));
    else if (event.key === 'Enter') choose(rows[at]);
    else if (event.key === 'Escape' || event.key === 'Tab') pick.close();
    else return;
    event.preventDefault();
  };
  const words = {
    files: { label: t('File name'), dialog: t('Open a file'), hint: t('Name of a file; > for commands, : for a line') },
    commands: { label: t('Command'), dialog: t('Commands'), hint: '' },
    line: { label: t('Line|of a text'), dialog: t('Go to a line'), hint: '' },
    list: { label: list?.label ?? '', dialog: list?.label ?? '', hint: list?.label ?? '' },
  }[mode];

  return createPortal(
    <div
      className="scrim top"
      onPointerDown={(event) => {
        if (event.target === event.currentTarget) pick.close();
      }}
    >
      <div className="quick-open" role="dialog" aria-label={words.dialog} onKeyDown={on_key}>
        <input
          className="input"
          autoFocus
          role="combobox"
          aria-label={words.label}
          aria-expanded="true"
          aria-controls={list_id}
          aria-activedescendant={rows.length > 0 ? `${list_id}-${at}` : undefined}
          placeholder={words.hint}
          spellCheck={false}
          autoComplete="off"
          value={typed}
          onChange={(event) => {
            set_typed(event.target.value);
            set_chosen(0);
          }}
        />
        <ul ref={list_place} id={list_id} role="listbox" aria-label={words.dialog}>
          {rows.map((row, at_row) => (
            <li
              key={row.key}
              id={`${list_id}-${at_row}`}
              role="option"
              aria-selected={at_row === at}
              aria-disabled={row.refused !== undefined}
              title={row.refused}
              onClick={() => choose(row)}
            >
              {row.before}
              <span className="name">
                <Letters text={row.name} places={row.places} />
              </span>
              {row.detail !== undefined && <span className="muted folder">{row.detail}</span>}
              {(row.keys !== undefined || row.chosen) && <span className="keys">{row.keys ?? '✓'}</span>}
            </li>
          ))}
        </ul>
        {rows.length === 0 && <p className="muted nothing">{nothing_words(mode, session)}</p>}
      </div>
    </div>,
    document.body,
  );
}

function nothing_words(mode: 'files' | 'commands' | 'line' | 'list', { index, tabs }: WorkspaceSession): string {
  if (mode === 'commands') return t('No command has such a name.');
  if (mode === 'list') return t('Nothing in the list has such a name.');
  if (mode === 'line') return tabs.active?.document ? t('Type the number of a line.') : t('Open a text first.');
  if (index.walking) return t('Looking…');
  return index.cut ? t('Nothing found among the first ten thousand files.') : t('No file has such a name.');
}

/** The letters that were typed stand out. */
function Letters({ text, places }: { text: string; places: readonly number[] }) {
  if (places.length === 0) return text;
  const bold = new Set(places);
  const parts: ReactNode[] = [];
  for (let at = 0; at < text.length;) {
    let end = at + 1;
    while (end < text.length && bold.has(end) === bold.has(at)) ++end;
    const part = text.slice(at, end);
    parts.push(bold.has(at) ? <b key={at}>{part}</b> : part);
    at = end;
  }
  return <>{parts}</>;
}
