// SPDX-License-Identifier: GPL-3.0-or-later
// A PDF: its pages one below the other, drawn by pdf.js in a worker as they come in sight, with text that can be selected and
// found, and links. Scripts and forms of the document don't run.
import { useCallback, useEffect, useMemo, useRef, useState, type KeyboardEvent } from 'react';
import { shown_keys } from '../../../model/key_chord';
import { base_name } from '../../../model/paths';
import type { Place } from '../../../model/pdf_search';
import { useApplication } from '../../application';
import { Icon } from '../../controls/icon';
import { with_keys } from '../ide_keys';
import { useFileChanges } from './file_changes';
import { destination_of, usePdf } from './pdf_document';
import { PdfFind, usePdfFinding, type PdfFinding } from './pdf_find';
import { PdfPage, type PageFound } from './pdf_page';
import { ViewerBar, zoom_key, type Zoom } from './viewer_bar';
import { t } from '../../../model/translation';

const gap = 12; // px, as in viewers.css
const zooms = [0.25, 0.5, 0.75, 1, 1.25, 1.5, 2, 3, 4];

export default function PdfView({ path, link, on_bytes }: { path: string; link: string; on_bytes: () => void }) {
  const changes = useFileChanges(path);
  const { notices } = useApplication();
  const [read, set_read] = useState(0);
  const { pdf, problem } = usePdf(link, read);
  const [zoom, set_zoom] = useState<number>(); // undefined: as wide as fits
  const [room, set_room] = useState({ width: 800, height: 600 });
  const [top, set_top] = useState(0);
  const place = useRef<HTMLDivElement>(null);
  useEffect(() => {
    const element = place.current;
    if (!element) return;
    const observer = new ResizeObserver(() => set_room({ width: element.clientWidth, height: element.clientHeight }));
    observer.observe(element);
    return () => observer.disconnect();
  }, []);

  const size = pdf?.size ?? { width: 595, height: 842 };
  const fits = Math.max(0.1, (room.width - 2 * gap) / size.width);
  const scale = zoom ?? Math.min(fits, 2);
  const count = pdf?.document.numPages ?? 0;
  const step = size.height * scale + gap;
  const shown = Math.min(count, Math.floor((top + room.height / 2) / step) + 1);
  const go = (page: number, below = 0) =>
    place.current?.scrollTo(0, (Math.max(1, Math.min(count, page)) - 1) * step + below);
  const show_range = (range: Range) => {
    const element = place.current;
    if (!element) return;
    const [here, there] = [range.getBoundingClientRect(), element.getBoundingClientRect()];
    if (here.height === 0) return; // of a page that was let go meanwhile: its words are nowhere
    const beside = here.left < there.left || here.right > there.right;
    element.scrollBy(beside ? here.left - there.left - there.width / 3 : 0, here.top - there.top - there.height / 3);
  };
  const resize = (to: number | undefined) => {
    const at = top / step;
    set_zoom(to);
    const next = (to ?? Math.min(fits, 2)) * size.height + gap;
    requestAnimationFrame(() => place.current?.scrollTo(0, at * next));
  };
  const zooming: Zoom = {
    scale,
    by: (by) => resize(by > 0 ? zooms.find((one) => one > scale + 0.01) : zooms.findLast((one) => one < scale - 0.01)),
    fitted: zoom === undefined,
    fit: () => resize(undefined),
    fit_words: t('As wide as fits (0)'),
  };
  const found = usePdfFinding(pdf?.document, Math.max(1, shown));
  const { finding } = found;
  const on_now = useBringInSight(finding, (page) => go(page), show_range);
  const pages = usePagesFound(finding, on_now);
  const follow = (destination: unknown) => {
    if (!pdf) return;
    destination_of(pdf.document, destination).then(
      (to) => (to ? go(to.page, to.top * scale) : notices.show(t('This link leads nowhere.'))),
      () => notices.show(t('This link leads nowhere.')),
    );
  };
  const close_find = () => {
    found.close();
    place.current?.focus({ preventScroll: true });
  };
  const on_key = (event: KeyboardEvent) => {
    if (event.ctrlKey || event.metaKey || event.altKey || event.target !== event.currentTarget) return;
    if (event.key === 'Home') go(1);
    else if (event.key === 'End') go(count);
    else if (!zoom_key(event.key, zooming)) return;
    event.preventDefault();
  };
  const on_any_key = (event: KeyboardEvent) => {
    const find =
      (event.ctrlKey || event.metaKey) && !event.shiftKey && !event.altKey && event.key.toLowerCase() === 'f';
    if (find && pdf) found.ask();
    else if (event.key === 'F3' && finding.open) found.step(event.shiftKey ? -1 : 1);
    else return;
    event.preventDefault();
    event.stopPropagation();
  };
  const first = Math.max(0, Math.floor(top / step) - 1);
  const last = Math.min(count, Math.ceil((top + room.height) / step) + 1);
  return (
    <div className="viewer" onKeyDown={on_any_key}>
      <ViewerBar
        path={path}
        link={link}
        words={problem || (pdf ? t`Page ${shown} of ${count}` : t('Loading…'))}
        zoom={zooming}
        again={
          changes > read || problem
            ? {
                label: problem ? t('Try again') : t('It changed: load it again'),
                run: () => set_read(Math.max(changes, read + 1)),
              }
            : undefined
        }
        on_bytes={on_bytes}
      >
        {pdf && (
          <button
            type="button"
            className="icon-button"
            aria-label={t('Find in the document')}
            title={with_keys(t('Find'), shown_keys('ctrl+f'))}
            onClick={found.ask}
          >
            <Icon name="search" size={14} />
          </button>
        )}
        {count > 0 && (
          <input
            className="input page-number"
            type="number"
            aria-label={t('Go to page')}
            min={1}
            max={count}
            key={shown}
            defaultValue={shown}
            onKeyDown={(event) => {
              if (event.key === 'Enter') go(Number(event.currentTarget.value) || 1);
            }}
          />
        )}
      </ViewerBar>
      <div className="viewer-place">
        {finding.open && <PdfFind finding={finding} type={found.type} step={found.step} on_close={close_find} />}
        <div
          ref={place}
          className="pdf-view"
          tabIndex={0}
          role="document"
          aria-label={t`Pages of ${base_name(path)}`}
          onKeyDown={on_key}
          onScroll={(event) => set_top(event.currentTarget.scrollTop)}
        >
          <div className="pdf-pages" style={{ height: count * step, width: Math.max(size.width * scale, 1) }}>
            {pdf &&
              Array.from({ length: Math.max(0, last - first) }, (_, index) => first + index).map((index) => (
                <PdfPage
                  key={`${index}-${scale}`}
                  pdf={pdf.document}
                  number={index + 1}
                  scale={scale}
                  top={index * step}
                  size={size}
                  found={pages.get(index + 1)}
                  on_link={follow}
                />
              ))}
          </div>
        </div>
      </div>
    </div>
  );
}

type ToldNow = (place: Place, range: Range) => void;

/** By page, and the same as long as nothing else was found, so that nothing is painted anew. */
function usePagesFound({ all, at }: PdfFinding, on_now: ToldNow): ReadonlyMap<number, PageFound> {
  return useMemo(() => {
    const pages = new Map<number, PageFound & { places: Place[] }>();
    const now = all[at];
    for (const found of all) {
      const known = pages.get(found.page);
      if (known) known.places.push(found);
      else pages.set(found.page, { places: [found], now: now?.page === found.page ? now : undefined, on_now });
    }
    return pages;
  }, [all, at, on_now]);
}

/** Scrolls to the page at once, and to the words as soon as they are there: once for each wish, so that nobody is held there. */
function useBringInSight(
  { all, at, wishes }: PdfFinding,
  to_page: (page: number) => void,
  to_range: (range: Range) => void,
): ToldNow {
  const ways = useRef({ to_page, to_range });
  const wished = useRef<Place>(undefined);
  const told = useRef<{ place: Place; range: Range }>(undefined);
  const now = all[at];
  useEffect(() => {
    ways.current = { to_page, to_range };
  });
  const bring = useCallback(() => {
    const { place, range } = told.current ?? {};
    if (!range?.startContainer.isConnected || place === undefined || place !== wished.current) return;
    wished.current = undefined;
    ways.current.to_range(range);
    // A page that was just drawn is not laid out to the end: where it is by then is what counts.
    requestAnimationFrame(() => ways.current.to_range(range));
  }, []);
  useEffect(() => {
    if (wishes === 0 || !now) return;
    wished.current = now;
    ways.current.to_page(now.page);
    bring();
    // eslint-disable-next-line react-hooks/exhaustive-deps -- more that was found is no wish
  }, [wishes]);
  return useCallback(
    (place, range) => {
      told.current = { place, range };
      bring();
    },
    [bring],
  );
}
