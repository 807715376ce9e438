// SPDX-License-Identifier: GPL-3.0-or-later
// What is no text, as bytes: their place, sixteen of them, and what of them is letters.
import { useEffect, useRef, useState, type KeyboardEvent } from 'react';
import { ascii_text, hex_text, HexFile, row_bytes } from '../../../model/hex_file';
import { base_name, parent_path } from '../../../model/paths';
import { readable_bytes } from '../../../model/sizes';
import { useChanges } from '../../application';
import { Icon } from '../../controls/icon';
import { useSession } from '../ide_context';
import { current_locale, t } from '../../../model/translation';
import { rich } from '../../controls/rich';

const row_height = 20; // px, as in viewers.css

export default function HexView({ path, link }: { path: string; link: string }) {
  const { connection } = useSession();
  const [file] = useState(() => new HexFile(path, connection));
  useChanges(file);
  const place = useRef<HTMLDivElement>(null);
  const [count, set_count] = useState(1);
  const way = useRef(0); // of the wheel, less than a row

  useEffect(() => {
    const element = place.current;
    if (!element) return;
    const measure = new ResizeObserver(() => {
      set_count(Math.max(1, Math.floor((element.clientHeight - 8) / row_height)));
    });
    measure.observe(element);
    return () => measure.disconnect();
  }, []);
  useEffect(() => {
    const check = () => void file.check();
    const stop = connection.on('file/changed', ({ path: folder, changes, overflow }) => {
      if (folder === parent_path(path) && (overflow || changes.some(({ name }) => name === base_name(path)))) check();
    });
    addEventListener('focus', check);
    return () => {
      stop();
      removeEventListener('focus', check);
    };
  }, [file, connection, path]);
  useEffect(() => file.look_at(count), [file, count, file.size]);

  const scroll = (rows: number) => file.scroll_to(file.top + rows, count);
  const on_key = (event: KeyboardEvent) => {
    const rows = { ArrowDown: 1, ArrowUp: -1, PageDown: count - 1, PageUp: 1 - count, ' ': count - 1 }[event.key];
    if (rows !== undefined) scroll(rows);
    else if (event.key === 'Home') file.scroll_to(0, count);
    else if (event.key === 'End') file.scroll_to(file.row_count(), count);
    else return;
    event.preventDefault();
  };
  const name = base_name(path);
  return (
    <>
      <div className="bar" role={file.problem === '' ? undefined : 'alert'}>
        <Icon name={file.problem === '' ? 'file' : 'warning'} />
        <p>
          <span role="heading" aria-level={2} className="bar-title">
            {rich('{0} is not text', name)}
          </span>
          {'. '}
          {file.problem || (file.size === undefined ? t('Reading…') : t`${readable_bytes(file.size)}, shown as bytes.`)}
        </p>
        {file.problem !== '' && (
          <button type="button" className="button small" onClick={() => file.read_again()}>
            {t('Read again')}
          </button>
        )}
        <a className="button small" href={link} download={name}>
          <Icon name="download" size={14} /> {t('Download')}
        </a>
      </div>
      <div
        className="hex-view"
        role="document"
        aria-label={t`Bytes of ${name}`}
        tabIndex={0}
        onFocus={() => void file.check()}
        onKeyDown={on_key}
        onWheel={(event) => {
          way.current += event.deltaMode === 0 ? event.deltaY : event.deltaY * row_height;
          const rows = Math.trunc(way.current / row_height);
          way.current -= rows * row_height;
          if (rows !== 0) scroll(rows);
        }}
      >
        <div ref={place} className="hex-rows">
          {file.rows(count).map(({ offset, bytes }) => (
            <div key={offset} className="hex-row">
              <span className="hex-offset">{offset.toString(16).padStart(8, '0')}</span>
              <span className="hex-bytes">{bytes ? hex_text(bytes) : '…'}</span>
              <span className="hex-letters">{bytes ? ascii_text(bytes) : ''}</span>
            </div>
          ))}
          {file.size === 0 && <p className="muted">{t('The file is empty.')}</p>}
        </div>
        <input
          type="range"
          className="paged-scroll"
          aria-label={t('Place in the file')}
          aria-valuetext={t`Byte ${(file.top * row_bytes).toLocaleString(current_locale())}`}
          min={0}
          max={Math.max(1, file.row_count() - count)}
          tabIndex={-1}
          value={file.top}
          onChange={(event) => file.scroll_to(Number(event.target.value), count)}
        />
      </div>
    </>
  );
}
