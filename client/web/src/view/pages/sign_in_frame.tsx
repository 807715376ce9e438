// SPDX-License-Identifier: GPL-3.0-or-later
// What the pages before a sign-in have in common: a narrow card under the mark.
import { useEffect, type ReactNode } from 'react';
import { Logo } from './logo';

export function SignInFrame({ title, lead, children }: { title: string; lead: ReactNode; children: ReactNode }) {
  useEffect(() => {
    document.title = `${title} · Berth`;
  }, [title]);
  return (
    <main className="center-page">
      <div className="sign-in">
        <div className="brand">
          <Logo size={56} />
          <h1>{title}</h1>
          <p className="muted">{lead}</p>
        </div>
        {children}
      </div>
    </main>
  );
}
