// SPDX-License-Identifier: GPL-3.0-or-later
// What the administrators' lists share: searching while typing, the end of a page, and what went wrong.
import { useEffect, useState, type ReactNode } from 'react';
import type { PagedList } from '../../model/administration';
import { useChanges } from '../application';
import { Problem } from '../controls/form';

const typing_pause = 250; // ms

/** Asks a moment after the last key. */
export function SearchField({
  label,
  placeholder,
  search,
}: {
  label: string;
  placeholder: string;
  search: (text: string) => void;
}) {
  const [text, set_text] = useState('');
  const [asked, set_asked] = useState('');
  useEffect(() => {
    if (text === asked) return;
    const timer = setTimeout(() => {
      set_asked(text);
      search(text.trim());
    }, typing_pause);
    return () => clearTimeout(timer);
  }, [text, asked, search]);
  return (
    <input
      className="input search"
      type="search"
      aria-label={label}
      placeholder={placeholder}
      value={text}
      onChange={(event) => set_text(event.target.value)}
    />
  );
}

/** The rows, or what there is to say instead of them. */
export function ListBody<Item, Wish extends object>({
  list,
  none,
  children,
}: {
  list: PagedList<Item, Wish>;
  none: string;
  children: (items: Item[]) => ReactNode;
}) {
  useChanges(list);
  const { items, problem, busy, more } = list;
  return (
    <>
      <Problem text={problem} />
      {problem && (
        <button type="button" className="button small" onClick={() => void list.load()}>
          Try again
        </button>
      )}
      {items === undefined && !problem && <p className="muted">Loading…</p>}
      {items?.length === 0 && <p className="muted">{none}</p>}
      {items && items.length > 0 && (
        <div className="admin-table" aria-busy={busy}>
          {children(items)}
        </div>
      )}
      {more && (
        <button type="button" className="button" disabled={busy} onClick={() => void list.load_more()}>
          {busy ? 'Loading…' : 'Show more'}
        </button>
      )}
    </>
  );
}

const exactly = new Intl.DateTimeFormat(undefined, { dateStyle: 'medium', timeStyle: 'medium' });

/** A moment, to the second. */
export function exact_time(time: number): string {
  return exactly.format(time);
}
