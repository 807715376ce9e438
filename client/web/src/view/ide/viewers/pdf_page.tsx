// SPDX-License-Identifier: GPL-3.0-or-later
// One page: what is drawn, the letters over it that can be selected, its links, and what was found on it.
import * as pdfjs from 'pdfjs-dist/legacy/build/pdf.mjs';
import { useEffect, useRef, useState } from 'react';
import { page_text, pieces_of, type PageText, type Place, type TextPiece } from '../../../model/pdf_search';
import { links_of, type PageSize, type Pdf, type PdfLink } from './pdf_document';
import { t } from '../../../model/translation';

const most_pixels = 16 << 20; // of one page's canvas

interface Drawn {
  viewport: pdfjs.PageViewport;
  links: PdfLink[];
  text: PageText;
  letters: HTMLElement[]; // of each piece of the text
}

/** What was found on a page; `now` is the one that is looked at. */
export interface PageFound {
  places: readonly Place[];
  now?: Place | undefined;
  /** Called once the one that is looked at is there to be brought in sight. */
  on_now: (place: Place, range: Range) => void;
}

export function PdfPage({
  pdf,
  number,
  scale,
  top,
  size,
  found,
  on_link,
}: {
  pdf: Pdf;
  number: number;
  scale: number;
  top: number;
  size: PageSize;
  found: PageFound | undefined;
  on_link: (destination: unknown) => void;
}) {
  const place = useRef<HTMLDivElement>(null);
  const [failed, set_failed] = useState(false);
  const [drawn, set_drawn] = useState<Drawn>();
  useEffect(() => {
    let over = false;
    let drawing: pdfjs.RenderTask | undefined;
    let words: pdfjs.TextLayer | undefined;
    const draw = async () => {
      const page = await pdf.getPage(number);
      const own = page.getViewport({ scale: 1 });
      // A page of another size is fitted into the first one's, so that all have their places before they are read.
      const fitted = scale * Math.min(size.width / own.width, size.height / own.height);
      const viewport = page.getViewport({ scale: fitted });
      const host = place.current;
      if (over || !host) return;
      const canvas = document.createElement('canvas');
      const sharp = Math.min(devicePixelRatio, Math.sqrt(most_pixels / (viewport.width * viewport.height)));
      canvas.width = Math.floor(viewport.width * sharp);
      canvas.height = Math.floor(viewport.height * sharp);
      canvas.style.width = `${viewport.width}px`;
      canvas.style.height = `${viewport.height}px`;
      canvas.setAttribute('aria-hidden', 'true');
      drawing = page.render({ canvas, viewport, transform: [sharp, 0, 0, sharp, 0, 0] });
      await drawing.promise;
      if (over) return;
      const layer = document.createElement('div');
      layer.className = 'textLayer';
      layer.style.setProperty('--total-scale-factor', String(fitted));
      layer.style.setProperty('--scale-factor', String(fitted));
      host.replaceChildren(canvas, layer);
      const content = await page.getTextContent();
      if (over) return;
      words = new pdfjs.TextLayer({ textContentSource: content, container: layer, viewport });
      await words.render();
      const pieces = content.items.filter((item): item is typeof item & TextPiece => 'str' in item);
      const links = await links_of(page).catch(() => []);
      if (!over) set_drawn({ viewport, links, text: page_text(pieces), letters: words.textDivs });
    };
    draw().catch((error: unknown) => {
      if (!over && !(error instanceof pdfjs.RenderingCancelledException)) set_failed(true);
    });
    return () => {
      over = true;
      drawing?.cancel();
      words?.cancel();
    };
  }, [pdf, number, scale, size]);
  useEffect(() => (drawn && found ? show_found(drawn, found) : undefined), [drawn, found]);
  return (
    <section
      className="pdf-page"
      aria-label={t`Page ${number}`}
      style={{ top, width: size.width * scale, height: size.height * scale }}
    >
      {failed ? (
        <p className="muted">{t('This page could not be drawn.')}</p>
      ) : (
        <div ref={place} className="pdf-drawn" />
      )}
      {drawn?.links.map((link, index) => (
        <LinkBox key={index} link={link} viewport={drawn.viewport} on_link={on_link} />
      ))}
    </section>
  );
}

function LinkBox({
  link: { rect, url, destination },
  viewport,
  on_link,
}: {
  link: PdfLink;
  viewport: pdfjs.PageViewport;
  on_link: (destination: unknown) => void;
}) {
  const [x = 0, y = 0, x2 = 0, y2 = 0] = viewport.convertToViewportRectangle(rect) as number[];
  const style = { left: Math.min(x, x2), top: Math.min(y, y2), width: Math.abs(x2 - x), height: Math.abs(y2 - y) };
  if (url === undefined)
    return (
      <button
        type="button"
        className="pdf-link"
        style={style}
        aria-label={t('To another place in this document')}
        onClick={() => on_link(destination)}
      />
    );
  return (
    <a
      className="pdf-link"
      style={style}
      href={url}
      title={url}
      aria-label={url}
      target="_blank"
      rel="noopener noreferrer"
    />
  );
}

/** Painted by the browser over the letters (CSS custom highlights): the page's elements stay what pdf.js made. */
function show_found({ text, letters }: Drawn, { places, now, on_now }: PageFound): (() => void) | undefined {
  const range_of = (place: Place): Range | undefined => {
    const pieces = pieces_of(place, text);
    const [first, last] = [pieces[0], pieces.at(-1)];
    const begin = first && letters[first.piece]?.firstChild;
    const end = last && letters[last.piece]?.firstChild;
    if (!(begin instanceof Text) || !(end instanceof Text)) return undefined;
    const range = document.createRange();
    range.setStart(begin, Math.min(first?.part.begin ?? 0, begin.length));
    range.setEnd(end, Math.min(last?.part.end ?? 0, end.length));
    return range;
  };
  const here = now && range_of(now);
  if (now && here) on_now(now, here);
  if (!globalThis.CSS?.highlights) return undefined; // an older browser: it is scrolled to all the same
  const painted: [string, Range][] = places.flatMap((place) => {
    const range = place === now ? undefined : range_of(place);
    return range ? [['pdf-found', range] as [string, Range]] : [];
  });
  if (here) painted.push(['pdf-found-now', here]);
  for (const [name, range] of painted) highlight(name).add(range);
  return () => {
    for (const [name, range] of painted) highlight(name).delete(range);
  };
}

/** The page's documents share it: there is one of a name. */
function highlight(name: string): Highlight {
  const known = CSS.highlights.get(name);
  if (known) return known;
  const made = new Highlight();
  CSS.highlights.set(name, made);
  return made;
}
