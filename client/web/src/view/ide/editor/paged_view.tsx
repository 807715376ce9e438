// SPDX-License-Identifier: GPL-3.0-or-later
// A file of any size to look at: the rows that fit, moved by wheel, touch, keys and a scroll bar over the whole file.
import { useEffect, useRef, useState } from 'react';
import type { PagedText } from '../../../model/paged_text';
import { base_name } from '../../../model/paths';
import { readable_bytes } from '../../../model/sizes';
import { useChanges } from '../../application';
import { Icon } from '../../controls/icon';
import { t } from '../../../model/translation';

const row_height = 20; // px, as in panes.css
const scroll_steps = 100_000;

export function PagedView({ text, link }: { text: PagedText; link: string }) {
  useChanges(text);
  const place = useRef<HTMLDivElement>(null);
  const [count, set_count] = useState(1);
  const part_of_row = useRef(0); // of the wheel's or finger's way, in pixels
  const touch = useRef(0);

  useEffect(() => {
    const element = place.current;
    if (!element) return;
    const measure = new ResizeObserver(() => {
      const rows = Math.max(1, Math.floor((element.clientHeight - 8) / row_height));
      set_count(rows);
      text.show(rows);
    });
    measure.observe(element);
    return () => measure.disconnect();
  }, [text]);

  const move = (pixels: number) => {
    part_of_row.current += pixels;
    const rows = Math.trunc(part_of_row.current / row_height);
    part_of_row.current -= rows * row_height;
    if (rows !== 0) text.scroll(rows);
  };
  const on_key = (event: React.KeyboardEvent) => {
    const rows = { ArrowDown: 1, ArrowUp: -1, PageDown: count - 1, PageUp: 1 - count, ' ': count - 1 }[event.key];
    if (rows !== undefined) text.scroll(rows);
    else if (event.key === 'Home') void text.jump(0);
    else if (event.key === 'End') void text.jump(1);
    else return;
    event.preventDefault();
  };

  const percent = `${Math.floor(text.position() * 100)} %`;
  return (
    <>
      <div className={text.problem === '' ? 'bar' : 'bar danger'} role={text.problem === '' ? undefined : 'alert'}>
        <Icon name={text.problem === '' ? 'key' : 'warning'} />
        <p>
          {text.problem !== ''
            ? text.problem
            : text.changed_on_disk
              ? t`${base_name(text.path)} changes on disk while you read it.`
              : t`Read-only. ${readable_bytes(text.size)} are too much to edit here; you are at ${percent}.`}
        </p>
        {(text.problem !== '' || text.changed_on_disk) && (
          <button type="button" className="button small" onClick={() => void text.read_again()}>
            {t('Read again')}
          </button>
        )}
        <a className="button small" href={link} download={base_name(text.path)}>
          {t('Download')}
        </a>
      </div>
      <div
        className="paged-view"
        role="document"
        aria-label={t`${base_name(text.path)}, at ${percent}`}
        tabIndex={0}
        onKeyDown={on_key}
        onWheel={(event) => move(event.deltaMode === 0 ? event.deltaY : event.deltaY * row_height)}
        onTouchStart={(event) => (touch.current = event.touches[0]?.clientY ?? 0)}
        onTouchMove={(event) => {
          const at = event.touches[0]?.clientY ?? touch.current;
          move(touch.current - at);
          touch.current = at;
        }}
      >
        <div ref={place} className="paged-rows">
          {text.rows(count).map((row, index) => (
            <div key={index} className="paged-row">
              {row}
            </div>
          ))}
        </div>
        <input
          type="range"
          className="paged-scroll"
          aria-label={t('Place in the file')}
          aria-valuetext={percent}
          min={0}
          max={scroll_steps}
          tabIndex={-1}
          value={Math.round(text.position() * scroll_steps)}
          onChange={(event) => void text.jump(Number(event.target.value) / scroll_steps)}
        />
      </div>
    </>
  );
}
