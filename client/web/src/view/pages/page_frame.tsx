// SPDX-License-Identifier: GPL-3.0-or-later
// What every page below the top bar has: its name in the tab and above it, what can be done, and the parts it has.
import { useEffect, type ReactNode } from 'react';
import { Link } from '../router';
import { TopBar } from './top_bar';

export interface PagePart {
  href: string;
  label: string;
  current: boolean;
}

export function PageFrame({
  title,
  heading,
  beside,
  actions,
  parts,
  parts_of = '',
  kind = '',
  children,
}: {
  /** In the browser's tab. */
  title: string;
  heading: string;
  /** Words beside the heading. */
  beside?: ReactNode;
  actions?: ReactNode;
  parts?: PagePart[];
  /** What they are parts of. */
  parts_of?: string;
  /** A class of its own; "narrow" for forms. */
  kind?: string;
  children: ReactNode;
}) {
  useEffect(() => {
    document.title = `${title} · Berth`;
  }, [title]);
  return (
    <div className="page">
      <TopBar />
      <main className={`content ${kind}`}>
        <div className="content-heading">
          <div className="heading-words">
            <h1 title={heading}>{heading}</h1>
            {beside}
          </div>
          {actions}
        </div>
        {parts && (
          <nav className="page-tabs" aria-label={parts_of}>
            {parts.map(({ href, label, current }) => (
              <Link key={href} href={href} aria-current={current ? 'page' : undefined}>
                {label}
              </Link>
            ))}
          </nav>
        )}
        {children}
      </main>
    </div>
  );
}
