// SPDX-License-Identifier: GPL-3.0-or-later
// A file of comma- or tab-separated values as a table; only the rows in sight are in the page. It follows the text as it changes.
import { useLayoutEffect, useMemo, useRef, useState, type CSSProperties } from 'react';
import { parse_table } from '../../../model/delimited_text';
import type { Document } from '../../../model/document';
import { base_name } from '../../../model/paths';
import { useChanges } from '../../application';
import { current_locale, t } from '../../../model/translation';

const row_height = 26; // px, as in viewers.css
const beyond = 10; // rows outside of the view
const sampled = 60; // rows that tell how wide a column is

/** In characters: as wide as what stands in it, within bounds. */
function widths_of(rows: string[][], columns: number): number[] {
  return Array.from({ length: columns }, (_, column) => {
    const longest = rows.slice(0, sampled).reduce((most, row) => Math.max(most, (row[column] ?? '').length), 3);
    return Math.min(longest, 48) + 3;
  });
}

export default function TableView({ document }: { document: Document }) {
  const revision = useChanges(document);
  // eslint-disable-next-line react-hooks/exhaustive-deps -- the text changes with the revision
  const table = useMemo(() => parse_table(document.text()), [document, revision]);
  const [head = [], ...body] = table.rows;
  const place = useRef<HTMLDivElement>(null);
  const [view, set_view] = useState({ top: 0, height: 800 });
  const widths = useMemo(() => widths_of(table.rows, table.columns), [table]);
  useLayoutEffect(() => {
    const element = place.current;
    if (!element) return;
    const observer = new ResizeObserver(() => set_view((before) => ({ ...before, height: element.clientHeight })));
    observer.observe(element);
    return () => observer.disconnect();
  }, []);
  const first = Math.max(0, Math.floor(view.top / row_height) - beyond);
  const last = Math.min(body.length, Math.ceil((view.top + view.height) / row_height) + beyond);
  const columns: CSSProperties = { gridTemplateColumns: `64px ${widths.map((width) => `${width}ch`).join(' ')}` };
  const cells = Array.from({ length: table.columns }, (_, column) => column);
  return (
    <div
      ref={place}
      className="table-view"
      role="table"
      aria-label={t`Table of ${base_name(document.path)}`}
      aria-rowcount={table.rows.length}
      tabIndex={0}
      onScroll={(event) => set_view({ top: event.currentTarget.scrollTop, height: event.currentTarget.clientHeight })}
    >
      <div className="table-row head" role="row" style={columns}>
        <span role="columnheader" className="number" aria-label={t('Row')} />
        {cells.map((column) => (
          <span key={column} role="columnheader" title={head[column]}>
            {head[column]}
          </span>
        ))}
      </div>
      <div className="table-body" style={{ height: body.length * row_height }}>
        {body.slice(first, last).map((row, index) => (
          <div
            key={first + index}
            className="table-row"
            role="row"
            aria-rowindex={first + index + 2}
            style={{ ...columns, top: (first + index) * row_height }}
          >
            <span role="rowheader" className="number">
              {(first + index + 1).toLocaleString(current_locale())}
            </span>
            {cells.map((column) => (
              <span key={column} role="cell" title={row[column]}>
                {row[column]}
              </span>
            ))}
          </div>
        ))}
      </div>
      {table.cut && <p className="muted table-cut">{t('There is more than is shown here. The text has all of it.')}</p>}
      {table.rows.length === 0 && <p className="muted table-cut">{t('The file is empty.')}</p>}
    </div>
  );
}
