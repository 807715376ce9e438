// SPDX-License-Identifier: GPL-3.0-or-later
// A document that pdf.js reads in its worker, in parts: a long one opens as fast as a short one.
import * as pdfjs from 'pdfjs-dist/legacy/build/pdf.mjs';
import PdfWorker from 'pdfjs-dist/legacy/build/pdf.worker.mjs?worker';
import { useEffect, useState } from 'react';
import { sentence_of } from '../../../connection/berth_error';
import { useApplication } from '../../application';
import { t } from '../../../model/translation';

export type Pdf = pdfjs.PDFDocumentProxy;
export interface PageSize {
  width: number;
  height: number;
}
const part = 256 << 10; // bytes read at once

/** The document, and how large a page is in its own units; the first page's size stands in for the others. */
export function usePdf(link: string, read: number) {
  const { rest } = useApplication();
  const [pdf, set_pdf] = useState<{ document: Pdf; size: PageSize }>();
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
          ? t('This document asks for a password. Download it to read it.')
          : named === 'InvalidPDFException'
            ? t('This is no PDF that can be read.')
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

/** A link drawn on a page: out of the document, or to a place in it. */
export interface PdfLink {
  rect: number[]; // in the page's own units
  url?: string;
  destination?: unknown;
}
const most_links = 2000; // of a page
const link_annotation = 2; // pdf.js' AnnotationType.LINK

/** Those that lead somewhere a browser may go; a document may name anything. */
export async function links_of(page: pdfjs.PDFPageProxy): Promise<PdfLink[]> {
  const links: PdfLink[] = [];
  for (const { annotationType, rect, url, dest } of (await page.getAnnotations()) as Record<string, unknown>[]) {
    if (annotationType !== link_annotation || !Array.isArray(rect) || links.length === most_links) continue;
    if (typeof url === 'string') {
      if (/^(https?|mailto):/i.test(url)) links.push({ rect: rect as number[], url });
    } else if (typeof dest === 'string' || Array.isArray(dest)) {
      links.push({ rect: rect as number[], destination: dest });
    }
  }
  return links;
}

/** Where in the document that is: a page from 1, and how far from its top in the page's own units. Undefined: nowhere. */
export async function destination_of(
  pdf: Pdf,
  destination: unknown,
): Promise<{ page: number; top: number } | undefined> {
  const told: unknown = typeof destination === 'string' ? await pdf.getDestination(destination) : destination;
  if (!Array.isArray(told)) return undefined;
  const [target, kind] = told as [unknown, { name?: string } | undefined];
  const index =
    typeof target === 'number'
      ? target
      : await pdf.getPageIndex(target as Parameters<Pdf['getPageIndex']>[0]).catch(() => -1);
  if (!Number.isInteger(index) || index < 0 || index >= pdf.numPages) return undefined;
  const height_at: unknown =
    kind?.name === 'XYZ' ? told[3] : kind?.name === 'FitH' || kind?.name === 'FitBH' ? told[2] : null;
  if (typeof height_at !== 'number') return { page: index + 1, top: 0 };
  const viewport = (await pdf.getPage(index + 1)).getViewport({ scale: 1 });
  const [, top = 0] = viewport.convertToViewportPoint(0, height_at) as number[];
  return { page: index + 1, top: Math.max(0, Math.min(viewport.height, top)) };
}
