// SPDX-License-Identifier: GPL-3.0-or-later
// What the administrators' lists share: the end of a page, and what went wrong.
import type { ReactNode } from 'react';
import type { PagedList } from '../../model/paged_list';
import { useChanges } from '../application';
import { Problem } from '../controls/form';
import { t } from '../../model/translation';

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
          {t('Try again')}
        </button>
      )}
      {items === undefined && !problem && <p className="muted">{t('Loading…')}</p>}
      {items?.length === 0 && <p className="muted">{none}</p>}
      {items && items.length > 0 && (
        <div className="admin-table" aria-busy={busy}>
          {children(items)}
        </div>
      )}
      {more && (
        <button type="button" className="button" disabled={busy} onClick={() => void list.load_more()}>
          {busy ? t('Loading…') : t('Show more')}
        </button>
      )}
    </>
  );
}
