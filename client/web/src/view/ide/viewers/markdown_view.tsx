// SPDX-License-Identifier: GPL-3.0-or-later
// Markdown drawn as a page. `marked` reads it; what is drawn are React elements made from its tokens, so that nothing in the text
// becomes markup or script, whatever it says: HTML in it is shown as text.
import { lexer, type Token, type Tokens } from 'marked';
import { createElement, Fragment, useDeferredValue, useEffect, useMemo, useRef, type ReactNode } from 'react';
import type { Document } from '../../../model/document';
import { resolve_link } from '../../../model/markdown_links';
import { base_name } from '../../../model/paths';
import { useApplication, useChanges } from '../../application';
import { useSession } from '../ide_context';
import { t } from '../../../model/translation';

const deepest = 60; // levels of lists and quotes: hostile text nests thousands
const longest = 2 << 20; // characters

interface Links {
  picture: (address: string) => string | undefined;
  open: (address: string) => (() => void) | string | undefined;
}

export default function MarkdownView({ document }: { document: Document }) {
  const session = useSession();
  const { rest } = useApplication();
  const revision = useDeferredValue(useChanges(document));
  const { path } = document;
  const page = useRef<HTMLDivElement>(null);
  const links = useMemo(
    (): Links => ({
      picture: (address) => {
        const target = resolve_link(path, address);
        if (target?.kind !== 'file') return undefined;
        return rest.address('GetFile', { parameters: { id: session.id }, query: { path: target.path } });
      },
      open: (address) => {
        const target = resolve_link(path, address);
        if (target?.kind === 'web') return target.address;
        if (target?.kind === 'place') return () => go_to_heading(page.current, target.name);
        if (target?.kind === 'file') return () => void session.tabs.open(target.path, { focus: true });
        return undefined;
      },
    }),
    [path, rest, session],
  );
  const drawn = useMemo(() => {
    const text = document.text();
    if (text.length > longest) return <p className="muted">{t('This text is too long to be drawn.')}</p>;
    return draw_all(lexer(text), links, 0);
    // eslint-disable-next-line react-hooks/exhaustive-deps -- the text changes with the revision
  }, [document, revision, links]);

  // Scrolling is the reader's: it stays while the text changes.
  useEffect(() => page.current?.focus({ preventScroll: true }), [document]);
  return (
    <div ref={page} className="markdown-view" role="document" aria-label={t`Page of ${base_name(path)}`} tabIndex={0}>
      <article>{drawn}</article>
    </div>
  );
}

function go_to_heading(page: HTMLElement | null, name: string): void {
  const headings = [...(page?.querySelectorAll<HTMLElement>('[data-name]') ?? [])];
  headings.find((heading) => heading.dataset['name'] === name)?.scrollIntoView({ block: 'start' });
}

/** As GitHub names the headings of a page. */
function heading_name(text: string): string {
  return text
    .toLowerCase()
    .replaceAll(/[^\p{L}\p{N}\s_-]/gu, '')
    .trim()
    .replaceAll(/\s/g, '-');
}

function draw_all(tokens: readonly Token[] | undefined, links: Links, depth: number): ReactNode[] {
  if (depth > deepest) return ['…'];
  return (tokens ?? []).map((token, index) => <Fragment key={index}>{draw(token, links, depth + 1)}</Fragment>);
}

/** Character references that marked leaves in text: those of HTML that people write. */
function plain(text: string): string {
  const named: Record<string, string> = {
    amp: '&',
    lt: '<',
    gt: '>',
    quot: '"',
    '#39': "'",
    nbsp: '\u00a0',
    copy: '©',
  };
  return text.replaceAll(/&(amp|lt|gt|quot|#39|nbsp|copy);/g, (_, name: string) => named[name] ?? '');
}

function draw(any: Token, links: Links, depth: number): ReactNode {
  const token = any as
    | Tokens.Blockquote
    | Tokens.Br
    | Tokens.Code
    | Tokens.Codespan
    | Tokens.Def
    | Tokens.Del
    | Tokens.Em
    | Tokens.Escape
    | Tokens.Heading
    | Tokens.Hr
    | Tokens.HTML
    | Tokens.Image
    | Tokens.Link
    | Tokens.List
    | Tokens.Paragraph
    | Tokens.Space
    | Tokens.Strong
    | Tokens.Table
    | Tokens.Text;
  const inside = (tokens: readonly Token[] | undefined) => draw_all(tokens, links, depth);
  switch (token.type) {
    case 'space':
    case 'def':
      return null;
    case 'heading':
      return createElement(
        `h${Math.min(6, token.depth)}`,
        { 'data-name': heading_name(token.text) },
        inside(token.tokens),
      );
    case 'paragraph':
      return <p>{inside(token.tokens)}</p>;
    case 'text':
      return 'tokens' in token && token.tokens ? inside(token.tokens) : plain(token.text);
    case 'escape':
      return plain(token.text);
    case 'strong':
      return <strong>{inside(token.tokens)}</strong>;
    case 'em':
      return <em>{inside(token.tokens)}</em>;
    case 'del':
      return <del>{inside(token.tokens)}</del>;
    case 'codespan':
      return <code>{plain(token.text)}</code>;
    case 'br':
      return <br />;
    case 'hr':
      return <hr />;
    case 'code':
      return (
        <pre>
          <code>{token.text}</code>
        </pre>
      );
    case 'blockquote':
      return <blockquote>{inside(token.tokens)}</blockquote>;
    case 'list':
      return createElement(
        token.ordered ? 'ol' : 'ul',
        token.ordered && typeof token.start === 'number' ? { start: token.start } : {},
        token.items.map((item, index) => (
          <li key={index} className={item.task ? 'task' : undefined}>
            {item.task && <input type="checkbox" checked={item.checked === true} disabled aria-label={t('Done')} />}
            {inside(item.tokens)}
          </li>
        )),
      );
    case 'table':
      return (
        <div className="markdown-table">
          <table>
            <thead>
              <tr>
                {token.header.map((cell, column) => (
                  <th key={column} style={{ textAlign: token.align[column] ?? undefined }}>
                    {inside(cell.tokens)}
                  </th>
                ))}
              </tr>
            </thead>
            <tbody>
              {token.rows.map((row, index) => (
                <tr key={index}>
                  {row.map((cell, column) => (
                    <td key={column} style={{ textAlign: token.align[column] ?? undefined }}>
                      {inside(cell.tokens)}
                    </td>
                  ))}
                </tr>
              ))}
            </tbody>
          </table>
        </div>
      );
    case 'image':
      return <Picture token={token} links={links} />;
    case 'link':
      return (
        <MarkdownLink address={token.href} links={links} title={token.title ?? undefined}>
          {inside(token.tokens)}
        </MarkdownLink>
      );
    case 'html':
      // Comments say nothing to readers; line breaks are what people use HTML for.
      if (/^\s*<!--[\s\S]*-->\s*$/.test(token.text)) return null;
      if (/^<br\s*\/?>$/i.test(token.text.trim())) return <br />;
      return token.block ? <pre className="raw">{token.text}</pre> : token.text;
    default:
      return (any as { raw?: string }).raw ?? null;
  }
}

/** Only the workspace's own: one from elsewhere would tell its server who reads the file, and the page's policy forbids it. */
function Picture({ token, links }: { token: Tokens.Image; links: Links }) {
  const source = links.picture(token.href);
  if (source !== undefined) return <img src={source} alt={plain(token.text)} title={token.title ?? undefined} />;
  return (
    <MarkdownLink address={token.href} links={links} title={t('Pictures from elsewhere are not loaded')}>
      [{plain(token.text) || t('picture')}]
    </MarkdownLink>
  );
}

function MarkdownLink({
  address,
  links,
  title,
  children,
}: {
  address: string;
  links: Links;
  title?: string | undefined;
  children: ReactNode;
}) {
  const target = links.open(address);
  if (target === undefined) return <span title={title}>{children}</span>;
  if (typeof target === 'string')
    return (
      <a href={target} title={title ?? target} target="_blank" rel="noopener noreferrer">
        {children}
      </a>
    );
  return (
    <button type="button" className="link-button" title={title ?? address} onClick={target}>
      {children}
    </button>
  );
}
