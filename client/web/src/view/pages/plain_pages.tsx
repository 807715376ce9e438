// SPDX-License-Identifier: GPL-3.0-or-later
// Pages that say one thing.
import { useEffect, useState, type ReactNode } from 'react';
import { Logo } from './logo';
import { t } from '../../model/translation';

/** Empty for the first moments: a fast answer shows no spinner at all. */
export function LoadingPage() {
  const [slow, set_slow] = useState(false);
  useEffect(() => {
    const timer = setTimeout(() => set_slow(true), 250);
    return () => clearTimeout(timer);
  }, []);
  return (
    <main className="center-page" aria-busy="true">
      {slow && <span className="spinner large" role="status" aria-label={t('Loading')} />}
    </main>
  );
}

export function MessagePage({ title, text, children }: { title: string; text: string; children?: ReactNode }) {
  return (
    <main className="center-page">
      <div className="empty-state">
        <Logo size={48} />
        <h1>{title}</h1>
        <p>{text}</p>
        {children}
      </div>
    </main>
  );
}
