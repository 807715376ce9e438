// SPDX-License-Identifier: GPL-3.0-or-later
// What was found, by files: only the lines in sight are in the page, so 20,000 matches scroll like ten.
import { useLayoutEffect, useRef, useState, type KeyboardEvent, type MouseEvent, type ReactNode } from 'react';
import { sentence_of } from '../../../connection/berth_error';
import { base_name, parent_path, project_path } from '../../../model/paths';
import { looks_only } from '../../../model/roles';
import type { Search, SearchRow } from '../../../model/search';
import type { SearchLine } from '../../../protocol/messages';
import { useApplication } from '../../application';
import { Icon } from '../../controls/icon';
import { useMayChange, useSession } from '../ide_context';
import { file_kind } from '../tree/tree_rows';
import { t } from '../../../model/translation';

const row_height = 24; // px, as in search.css
const beyond = 10; // rows drawn outside the view
const lead = 26; // letters before the first match that are shown

export function SearchResults({ search }: { search: Search }) {
  const session = useSession();
  const { notices } = useApplication();
  const may_change = useMayChange();
  const scroller = useRef<HTMLDivElement>(null);
  const [view, set_view] = useState({ top: 0, height: 600 });
  const [selected, set_selected] = useState<SearchRow>();
  useLayoutEffect(() => {
    const element = scroller.current;
    if (!element) return;
    const observer = new ResizeObserver(() => set_view((before) => ({ ...before, height: element.clientHeight })));
    observer.observe(element);
    return () => observer.disconnect();
  }, []);

  const rows = search.rows();
  const same = (row: SearchRow) =>
    selected?.kind === row.kind &&
    selected.file === row.file &&
    (row.kind === 'file' || (selected.kind === 'line' && selected.line === row.line));
  const at = selected ? rows.findIndex(same) : -1;
  const first = Math.max(0, Math.floor(view.top / row_height) - beyond);
  const last = Math.min(rows.length, Math.ceil((view.top + view.height) / row_height) + beyond);

  const go = (row: SearchRow, focus: boolean) => {
    if (row.kind === 'file') return search.toggle(row.file);
    const { line, matches } = row.line;
    const column = (matches[0]?.start ?? 0) + 1;
    const length = (matches[0]?.end ?? 0) - (matches[0]?.start ?? 0);
    void session.tabs.open(row.file.path, { line, column, length, focus, keep_keys: !focus });
  };
  const replace = (row: SearchRow) => {
    search.replace([row]).catch((error: unknown) => notices.problem(sentence_of(error)));
  };
  const select = (index: number) => {
    const row = rows[Math.max(0, Math.min(rows.length - 1, index))];
    const element = scroller.current;
    if (!row || !element) return;
    set_selected(row);
    const top = rows.indexOf(row) * row_height;
    if (top < element.scrollTop) element.scrollTop = top;
    else if (top + row_height > element.scrollTop + element.clientHeight)
      element.scrollTop = top + row_height - element.clientHeight;
  };
  const on_key = (event: KeyboardEvent) => {
    if (event.target !== event.currentTarget) return; // a row's own button
    const row = rows[at];
    if (event.key === 'ArrowDown') select(at + 1);
    else if (event.key === 'ArrowUp') select(at < 0 ? rows.length - 1 : at - 1);
    else if (event.key === 'Home') select(0);
    else if (event.key === 'End') select(rows.length - 1);
    else if (event.key === 'PageDown') select(at + Math.floor(view.height / row_height));
    else if (event.key === 'PageUp') select(at - Math.floor(view.height / row_height));
    else if (event.key === 'ArrowRight' && row?.kind === 'file' && !row.file.open) search.toggle(row.file);
    else if (event.key === 'ArrowLeft' && row) {
      if (row.kind === 'line') select(rows.findIndex((one) => one.kind === 'file' && one.file === row.file));
      else if (row.file.open) search.toggle(row.file);
    } else if ((event.key === 'Enter' || event.key === ' ') && row) go(row, event.key === 'Enter');
    else if (event.key === 'Delete' && row) {
      search.leave_out(row);
      set_selected(search.rows()[Math.min(at, search.rows().length - 1)]);
    } else return;
    event.preventDefault();
  };

  return (
    <div
      ref={scroller}
      className="tree search-results"
      role="tree"
      aria-label={t('What was found')}
      tabIndex={0}
      aria-activedescendant={at < 0 ? undefined : `found-${at}`}
      onScroll={(event) => set_view({ top: event.currentTarget.scrollTop, height: event.currentTarget.clientHeight })}
      onKeyDown={on_key}
    >
      <div className="tree-space" style={{ height: rows.length * row_height }}>
        {rows.slice(first, last).map((row, offset) => (
          <ResultRow
            key={row.kind === 'file' ? row.file.path : `${row.file.path}:${row.line.line}:${row.index}`}
            row={row}
            index={first + offset}
            selected={same(row)}
            replacing={search.fields.replacing}
            refused={may_change ? (search.working ? 'Replacing…' : undefined) : t(looks_only)}
            on_choose={(event) => {
              scroller.current?.focus({ preventScroll: true });
              set_selected(row);
              go(row, event.detail > 1);
            }}
            on_replace={() => replace(row)}
            on_leave_out={() => search.leave_out(row)}
          />
        ))}
      </div>
    </div>
  );
}

function ResultRow({
  row,
  index,
  selected,
  replacing,
  refused,
  on_choose,
  on_replace,
  on_leave_out,
}: {
  row: SearchRow;
  index: number;
  selected: boolean;
  replacing: boolean;
  refused: string | undefined;
  on_choose: (event: MouseEvent) => void;
  on_replace: () => void;
  on_leave_out: () => void;
}) {
  const { file } = row;
  const name = base_name(file.path);
  const folder = parent_path(file.path);
  const shown_folder = folder === project_path ? '' : folder.replace(`${project_path}/`, '');
  const where = row.kind === 'file' ? name : t`line ${row.line.line}`;
  return (
    <div
      id={`found-${index}`}
      className={`tree-row search-row ${row.kind}${selected ? ' selected' : ''}`}
      style={{ top: index * row_height }}
      role="treeitem"
      aria-level={row.kind === 'file' ? 1 : 2}
      aria-selected={selected}
      aria-expanded={row.kind === 'file' ? file.open : undefined}
      title={row.kind === 'file' ? file.path : `${name}:${row.line.line}`}
      onClick={on_choose}
    >
      {row.kind === 'file' ? (
        <>
          <span className={`twist${file.open ? ' open' : ''}`}>
            <Icon name="chevron" size={12} />
          </span>
          <span className={`file-mark ${file_kind(name)}`}>
            <Icon name="file" size={14} />
          </span>
          <span className="name">{name}</span>
          <span className="muted folder">{shown_folder}</span>
          <span className="spread" />
        </>
      ) : (
        <>
          <span className="search-number">{row.line.line}</span>
          <span className="search-text">
            <LineText line={row.line} replacing={replacing} />
          </span>
        </>
      )}
      <span className="search-actions">
        {replacing && (
          <button
            type="button"
            className="icon-button"
            aria-label={row.kind === 'file' ? t`Replace all in ${name}` : t`Replace in ${where}`}
            title={refused ?? t('Replace')}
            disabled={refused !== undefined}
            onClick={(event) => {
              event.stopPropagation();
              on_replace();
            }}
          >
            <Icon name="replace" size={13} />
          </button>
        )}
        <button
          type="button"
          className="icon-button"
          aria-label={t`Leave out ${where}`}
          title={t('Leave out (Del)')}
          onClick={(event) => {
            event.stopPropagation();
            on_leave_out();
          }}
        >
          <Icon name="close" size={12} />
        </button>
      </span>
      {row.kind === 'file' && <span className="count">{file.matches}</span>}
    </div>
  );
}

/** The line with what was found in it, and what would stand there. Blanks at its beginning are left out. */
function LineText({ line, replacing }: { line: SearchLine; replacing: boolean }) {
  const { text, cut, matches } = line;
  const parts: ReactNode[] = [];
  const first = Math.max(0, (matches[0]?.start ?? 0) - cut);
  const blanks = text.length - text.trimStart().length;
  let at = Math.min(first, Math.max(blanks, first - lead));
  if (at > blanks || cut > 0) parts.push('…');
  for (const [index, { start, end, replacement }] of matches.entries()) {
    const from = Math.max(at, Math.min(text.length, start - cut));
    const to = Math.max(from, Math.min(text.length, end - cut));
    if (from > at) parts.push(text.slice(at, from));
    const found = text.slice(from, to);
    parts.push(
      replacing && replacement !== undefined ? (
        <span key={index}>
          <del>{found}</del>
          <ins>{replacement}</ins>
        </span>
      ) : (
        <mark key={index}>{found}</mark>
      ),
    );
    at = to;
  }
  parts.push(text.slice(at, at + 400));
  return <>{parts}</>;
}
