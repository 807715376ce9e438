// SPDX-License-Identifier: GPL-3.0-or-later
// A PDF: its pages one below the other, drawn by pdf.js in a worker as they come in sight, with text that can be selected. Scripts and
// forms of the document don't run. Read in parts: a long one opens as fast as a short one.
import * as pdfjs from 'pdfjs-dist/legacy/build/pdf.mjs';
import PdfWorker from 'pdfjs-dist/legacy/build/pdf.worker.mjs?worker';
import { useEffect, useRef, useState, type KeyboardEvent } from 'react';
import { sentence_of } from '../../../connection/berth_error';
import { base_name } from '../../../model/paths';
import { useApplication } from '../../application';
import { Icon } from '../../controls/icon';
import { useFileChanges } from './media_view';

type Pdf = pdfjs.PDFDocumentProxy;
interface Size {
  width: number;
  height: number;
}
const part = 256 << 10; // bytes read at once
const most_pixels = 16 << 20; // of one page's canvas
const gap = 12; // px, as in viewers.css
const zooms = [0.25, 0.5, 0.75, 1, 1.25, 1.5, 2, 3, 4];

/** The document, and how large each page is in its own units; the first page's size stands in for the ones that were not read yet. */
function usePdf(link: string, read: number) {
  const { rest } = useApplication();
  const [pdf, set_pdf] = useState<{ document: Pdf; size: Size }>();
  const [problem, set_problem] = useState('');
  useEffect(() => {
    let over = false;
    const worker = new PdfWorker();
    let task: pdfjs.PDFDocumentLoadingTask | undefined;
    const open = async () => {
      await rest.ensure_fresh();
      if (over) return;
      task = pdfjs.getDocument({
        url: link,
        worker: pdfjs.PDFWorker.create({ port: worker }),
        rangeChunkSize: part,
        disableAutoFetch: true,
        disableStream: true,
        enableXfa: false,
        useWasm: false,
        cMapUrl: '/pdf/cmaps/',
        standardFontDataUrl: '/pdf/standard_fonts/',
        useSystemFonts: true,
      });
      const document = await task.promise;
      const { width, height } = (await document.getPage(1)).getViewport({ scale: 1 });
      if (!over) set_pdf({ document, size: { width, height } });
    };
    open().catch((error: unknown) => {
      if (over) return;
      const named = error instanceof Error ? error.name : '';
      set_problem(
        named === 'PasswordException'
          ? 'This document asks for a password. Download it to read it.'
          : named === 'InvalidPDFException'
            ? 'This is no PDF that can be read.'
            : sentence_of(error),
      );
    });
    return () => {
      over = true;
      set_pdf(undefined);
      set_problem('');
      void task?.destroy().catch(() => {});
      worker.terminate();
    };
  }, [rest, link, read]);
  return { pdf, problem };
}

export default function PdfView({ path, link, on_bytes }: { path: string; link: string; on_bytes: () => void }) {
  const name = base_name(path);
  const changes = useFileChanges(path);
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
  const go = (page: number) => place.current?.scrollTo(0, (Math.max(1, Math.min(count, page)) - 1) * step);
  const resize = (to: number | undefined) => {
    const at = top / step;
    set_zoom(to);
    const next = (to ?? Math.min(fits, 2)) * size.height + gap;
    requestAnimationFrame(() => place.current?.scrollTo(0, at * next));
  };
  const zoom_by = (by: 1 | -1) =>
    resize(by > 0 ? zooms.find((one) => one > scale + 0.01) : zooms.findLast((one) => one < scale - 0.01));
  const on_key = (event: KeyboardEvent) => {
    if (event.ctrlKey || event.metaKey || event.altKey || event.target !== event.currentTarget) return;
    if (event.key === '+' || event.key === '=') zoom_by(1);
    else if (event.key === '-') zoom_by(-1);
    else if (event.key === '0') resize(undefined);
    else if (event.key === 'Home') go(1);
    else if (event.key === 'End') go(count);
    else return;
    event.preventDefault();
  };
  const first = Math.max(0, Math.floor(top / step) - 1);
  const last = Math.min(count, Math.ceil((top + room.height) / step) + 1);
  return (
    <div className="image-viewer">
      <div className="image-bar">
        <span className="muted" role="status">
          {problem || (pdf ? `Page ${shown} of ${count}` : 'Loading…')}
        </span>
        <span className="spread" />
        {(changes > read || problem) && (
          <button type="button" className="button small" onClick={() => set_read(Math.max(changes, read + 1))}>
            {problem ? 'Try again' : 'It changed: load it again'}
          </button>
        )}
        {count > 0 && (
          <input
            className="input page-number"
            type="number"
            aria-label="Go to page"
            min={1}
            max={count}
            key={shown}
            defaultValue={shown}
            onKeyDown={(event) => {
              if (event.key === 'Enter') go(Number(event.currentTarget.value) || 1);
            }}
          />
        )}
        <button
          type="button"
          className="icon-button"
          aria-label="Smaller"
          title="Smaller (−)"
          onClick={() => zoom_by(-1)}
        >
          <Icon name="minus" size={14} />
        </button>
        <span className="muted zoom">{Math.round(scale * 100)} %</span>
        <button type="button" className="icon-button" aria-label="Larger" title="Larger (+)" onClick={() => zoom_by(1)}>
          <Icon name="add" size={14} />
        </button>
        <button
          type="button"
          className="button small"
          aria-pressed={zoom === undefined}
          title="As wide as fits (0)"
          onClick={() => resize(undefined)}
        >
          Fit
        </button>
        <button type="button" className="button small plain" onClick={on_bytes}>
          Show bytes
        </button>
        <a className="icon-button" href={link} download={name} aria-label={`Download ${name}`} title="Download">
          <Icon name="download" size={14} />
        </a>
      </div>
      <div
        ref={place}
        className="pdf-view"
        tabIndex={0}
        role="document"
        aria-label={`Pages of ${name}`}
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
              />
            ))}
        </div>
      </div>
    </div>
  );
}

function PdfPage({
  pdf,
  number,
  scale,
  top,
  size,
}: {
  pdf: Pdf;
  number: number;
  scale: number;
  top: number;
  size: Size;
}) {
  const place = useRef<HTMLDivElement>(null);
  const [failed, set_failed] = useState(false);
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
      words = new pdfjs.TextLayer({ textContentSource: page.streamTextContent(), container: layer, viewport });
      await words.render();
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
  return (
    <section
      className="pdf-page"
      aria-label={`Page ${number}`}
      style={{ top, width: size.width * scale, height: size.height * scale }}
    >
      {failed ? <p className="muted">This page could not be drawn.</p> : <div ref={place} className="pdf-drawn" />}
    </section>
  );
}
