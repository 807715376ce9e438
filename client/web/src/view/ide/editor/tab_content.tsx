// SPDX-License-Identifier: GPL-3.0-or-later
// What a tab shows: text in Monaco (a chunk of its own), drawn Markdown, a table, a picture, bytes, or why it can't be shown.
import '../../../styles/viewers.css';
import { lazy, Suspense } from 'react';
import type { EditorTab } from '../../../model/editor_tabs';
import { drawing_of } from '../../../model/file_kinds';
import { useApplication, useChanges } from '../../application';
import { Icon } from '../../controls/icon';
import { useSession } from '../ide_context';
import { ImageView } from '../viewers/image_view';
import { MediaView } from '../viewers/media_view';
import { DocumentBars } from './document_bars';
import { PagedView } from './paged_view';
import { t } from '../../../model/translation';

const TextEditor = lazy(() => import('./text_editor'));
const MarkdownView = lazy(() => import('../viewers/markdown_view'));
const TableView = lazy(() => import('../viewers/table_view'));
const PdfView = lazy(() => import('../viewers/pdf_view'));
const HexView = lazy(() => import('../viewers/hex_view'));

function Opening() {
  return (
    <div className="empty-state grow" aria-busy="true">
      <span className="spinner" role="status" aria-label={t('Opening')} />
    </div>
  );
}

export function TabContent({ tab }: { tab: EditorTab }) {
  const session = useSession();
  const { rest } = useApplication();
  const { tabs } = session;
  useChanges(tabs);
  const link = rest.address('GetFile', { parameters: { id: session.id }, query: { path: tab.path } });
  switch (tab.state) {
    case 'loading':
      return <Opening />;
    case 'text': {
      const { document } = tab;
      if (!document) return null;
      const drawing = tab.preview ? drawing_of(tab.path) : undefined;
      if (drawing) {
        const Drawing = drawing === 'markdown' ? MarkdownView : TableView;
        return (
          <Suspense fallback={<Opening />}>
            <Drawing key={document.path} document={document} />
          </Suspense>
        );
      }
      return (
        <>
          <DocumentBars document={document} />
          <Suspense fallback={<pre className="plain-text">{document.text().slice(0, 20_000)}</pre>}>
            <TextEditor document={document} tab={tab} />
          </Suspense>
        </>
      );
    }
    case 'paged':
      return tab.paged ? <PagedView text={tab.paged} link={link} /> : null;
    case 'image':
      return <ImageView key={tab.path} path={tab.path} link={link} />;
    case 'audio':
    case 'video':
      return (
        <MediaView key={tab.path} kind={tab.state} path={tab.path} link={link} on_bytes={() => tabs.show_bytes(tab)} />
      );
    case 'pdf':
      return (
        <Suspense fallback={<Opening />}>
          <PdfView key={tab.path} path={tab.path} link={link} on_bytes={() => tabs.show_bytes(tab)} />
        </Suspense>
      );
    case 'binary':
      return (
        <Suspense fallback={<Opening />}>
          <HexView key={tab.path} path={tab.path} link={link} />
        </Suspense>
      );
    case 'failed':
      return (
        <div className="empty-state grow">
          <Icon name="warning" size={32} />
          <p>{tab.problem}</p>
          <div className="row">
            <button type="button" className="button" onClick={() => void tabs.retry(tab)}>
              {t('Try again')}
            </button>
            <button type="button" className="button plain" onClick={() => tabs.close(tab)}>
              {t('Close')}
            </button>
          </div>
        </div>
      );
  }
}
