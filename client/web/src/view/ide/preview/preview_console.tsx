// SPDX-License-Identifier: GPL-3.0-or-later
// Below a preview: its page's errors and what it logs, as far as the page tells.
import { useLayoutEffect, useRef } from 'react';
import type { Preview } from '../../../model/preview';
import { console_tag, type ConsoleLine } from '../../../model/preview_console';
import { t } from '../../../model/translation';
import { useChanges } from '../../application';
import { CopyField } from '../../controls/copy_field';
import { Icon } from '../../controls/icon';

export function PreviewConsolePart({ preview, on_close }: { preview: Preview; on_close: () => void }) {
  const { console: page } = preview;
  const revision = useChanges(page);
  const list = useRef<HTMLDivElement>(null);
  const at_end = useRef(true);
  useLayoutEffect(() => {
    if (at_end.current) list.current?.scrollTo(0, list.current.scrollHeight);
  }, [revision]);
  return (
    <section className="console-part" aria-label={t('Page console')}>
      <div className="console-bar">
        <span className="bar-title">{t('Page console')}</span>
        <span className="spread" />
        <button
          type="button"
          className="icon-button"
          aria-label={t('Clear the console')}
          title={t('Clear')}
          disabled={page.lines.length === 0}
          onClick={() => page.clear()}
        >
          <Icon name="trash" size={14} />
        </button>
        <button
          type="button"
          className="icon-button"
          aria-label={t('Hide the console')}
          title={t('Hide')}
          onClick={on_close}
        >
          <Icon name="close" size={14} />
        </button>
      </div>
      {page.heard ? (
        <div
          ref={list}
          className="console-lines"
          role="log"
          tabIndex={0}
          aria-label={t('What the page says')}
          onScroll={({ currentTarget: { scrollTop, scrollHeight, clientHeight } }) => {
            at_end.current = scrollTop + clientHeight >= scrollHeight - 4;
          }}
        >
          {page.lines.map((line) => (
            <Line key={line.id} line={line} />
          ))}
          {page.lines.length === 0 && <p className="muted">{t('The page has said nothing yet.')}</p>}
        </div>
      ) : (
        <div className="console-help">
          <p>
            {t(
              'A page of another address keeps its errors to itself, and Berth changes nothing that your program serves. Put this line first into the page, and it tells them here:',
            )}
          </p>
          <CopyField label={t('Line for the page')} text={console_tag} />
          <p className="muted">{t('Elsewhere than in a preview the line finds nothing and does nothing.')}</p>
        </div>
      )}
    </section>
  );
}

function Line({ line: { level, text, where, times } }: { line: ConsoleLine }) {
  return (
    <div className={`console-line ${level}`}>
      {times > 1 && <span className="count">{times}</span>}
      <span className="console-text">
        {level === 'error' && <span className="visually-hidden">{t('Error: ')}</span>}
        {text}
      </span>
      {where && <span className="muted console-where">{where}</span>}
    </div>
  );
}
