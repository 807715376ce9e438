// SPDX-License-Identifier: GPL-3.0-or-later
// Looking for words in all pages of a document, page by page; which of the places is looked at.
import { useEffect, useRef, useState, type KeyboardEvent } from 'react';
import { most_found, next_found, page_text, places_of, type Found, type TextPiece } from '../../../model/pdf_search';
import { Icon } from '../../controls/icon';
import type { Pdf } from './pdf_document';
import { t } from '../../../model/translation';

const told_every = 8; // pages
const pause = 150; // ms after a key

export interface PdfFinding {
  /** Asked for: the field shows. */
  open: boolean;
  /** Grows each time the field should have the keys. */
  asked: number;
  text: string;
  all: readonly Found[];
  /** The one that is looked at; -1 for none. */
  at: number;
  /** Grows each time that one should be brought in sight. */
  wishes: number;
  /** Pages are still being read. */
  busy: boolean;
}
export const no_finding: PdfFinding = { open: false, asked: 0, text: '', all: [], at: -1, wishes: 0, busy: false };

/** `shown`: the page at which the first place is looked for. */
export function usePdfFinding(pdf: Pdf | undefined, shown: number) {
  const [finding, set_finding] = useState(no_finding);
  const from = useRef(shown);
  useEffect(() => {
    from.current = shown;
  });
  const { text, open } = finding;
  useEffect(() => {
    if (!pdf || !open || text.trim() === '') return;
    let over = false;
    const look = async () => {
      const all: Found[] = [];
      // The document may be another one than before.
      set_finding((before) => ({ ...before, all: [], at: -1, busy: true }));
      const tell = (busy: boolean) =>
        set_finding((before) => {
          const first = before.at >= 0 ? before.at : all.findIndex(({ page }) => page >= from.current);
          const at = first >= 0 || busy ? first : Math.min(0, all.length - 1);
          return { ...before, all: [...all], busy, at, wishes: before.wishes + (at >= 0 && before.at < 0 ? 1 : 0) };
        });
      for (let page = 1; page <= pdf.numPages && all.length < most_found; ++page) {
        const { items } = await (await pdf.getPage(page)).getTextContent();
        if (over) return;
        const pieces = items.filter((item): item is typeof item & TextPiece => 'str' in item);
        for (const place of places_of(text, page_text(pieces).text, most_found - all.length))
          all.push({ ...place, page });
        if (page % told_every === 0) tell(true);
      }
      tell(false);
    };
    const timer = setTimeout(() => {
      look().catch(() => {
        if (!over) set_finding((before) => ({ ...before, busy: false }));
      });
    }, pause);
    return () => {
      over = true;
      clearTimeout(timer);
    };
  }, [pdf, open, text]);
  return {
    finding,
    ask: () => set_finding((before) => ({ ...before, open: true, asked: before.asked + 1 })),
    close: () => set_finding(({ asked, wishes }) => ({ ...no_finding, asked, wishes })),
    type: (text: string) => set_finding((before) => ({ ...before, text, all: [], at: -1, busy: text.trim() !== '' })),
    step: (by: 1 | -1) =>
      set_finding((before) => ({
        ...before,
        at: next_found(before.all.length, before.at, by),
        wishes: before.wishes + 1,
      })),
  };
}

function count_words({ text, all, at, busy }: PdfFinding): string {
  if (text.trim() === '') return '';
  if (all.length === 0) return busy ? t('Looking…') : t('Not found');
  const count = `${all.length}${busy || all.length === most_found ? '+' : ''}`;
  return at < 0 ? t`${count} found` : t`${at + 1} of ${count}`;
}

export function PdfFind({
  finding,
  type,
  step,
  on_close,
}: {
  finding: PdfFinding;
  type: (text: string) => void;
  step: (by: 1 | -1) => void;
  on_close: () => void;
}) {
  const input = useRef<HTMLInputElement>(null);
  const { asked } = finding;
  useEffect(() => input.current?.select(), [asked]);
  const on_key = (event: KeyboardEvent) => {
    if (event.key === 'Enter' || event.key === 'F3') step(event.shiftKey ? -1 : 1);
    else if (event.key === 'Escape') on_close();
    else return;
    event.preventDefault();
    event.stopPropagation();
  };
  const words = count_words(finding);
  return (
    <div className="find-bar" role="search" aria-label={t('Find in the document')} onKeyDown={on_key}>
      <input
        ref={input}
        className="input"
        autoFocus
        aria-label={t('Find')}
        placeholder={t('Find')}
        spellCheck={false}
        autoComplete="off"
        maxLength={200}
        value={finding.text}
        onChange={(event) => type(event.target.value)}
      />
      <span className={`find-count${finding.all.length === 0 && !finding.busy ? ' none' : ''}`} role="status">
        {words}
      </span>
      <button
        type="button"
        className="icon-button"
        aria-label={t('The one before')}
        title={t('The one before (Shift+Enter)')}
        disabled={finding.all.length === 0}
        onClick={() => step(-1)}
      >
        <Icon name="chevron" size={14} className="turn-up" />
      </button>
      <button
        type="button"
        className="icon-button"
        aria-label={t('The next one')}
        title={t('The next one (Enter)')}
        disabled={finding.all.length === 0}
        onClick={() => step(1)}
      >
        <Icon name="chevron" size={14} className="turn-down" />
      </button>
      <button
        type="button"
        className="icon-button"
        aria-label={t('Close')}
        title={t('Close (Escape)')}
        onClick={on_close}
      >
        <Icon name="close" size={14} />
      </button>
    </div>
  );
}
