// SPDX-License-Identifier: GPL-3.0-or-later
// The server can't be reached: what the person typed and what is kept in this browser can be read, copied and downloaded here.
import { useEffect, useState } from 'react';
import { kept_texts, type KeptText } from '../../model/kept_texts';
import { remembered_account } from '../../model/account';
import { base_name } from '../../model/paths';
import { IndexedUnsentStore } from '../../model/unsent_store';
import { useApplication } from '../application';
import { copy_text, shown_path } from '../clipboard';
import { MessagePage } from './plain_pages';
import { current_locale, t } from '../../model/translation';

export function OfflinePage({ problem }: { problem: string }) {
  const { account } = useApplication();
  const texts = useKeptTexts();
  useEffect(() => {
    const again = () => void account.load();
    addEventListener('online', again);
    return () => removeEventListener('online', again);
  }, [account]);
  return (
    <MessagePage title={t('The server does not answer')} text={problem}>
      <button type="button" className="button primary" onClick={() => void account.load()}>
        {t('Try again')}
      </button>
      {texts.length > 0 && (
        <section className="kept-texts" aria-label={t('Kept in this browser')}>
          <h2>{t('Kept in this browser')}</h2>
          <p>
            {t(
              'What you typed before the connection was lost. It goes to its workspace by itself as soon as you open it with a connection.',
            )}
          </p>
          <ul>
            {texts.map((text) => (
              <KeptRow key={text.author} text={text} />
            ))}
          </ul>
        </section>
      )}
    </MessagePage>
  );
}

function useKeptTexts(): KeptText[] {
  const [texts, set_texts] = useState<KeptText[]>([]);
  useEffect(() => {
    const account = remembered_account();
    if (account === undefined || !('indexedDB' in globalThis)) return;
    let over = false;
    kept_texts(account, new IndexedUnsentStore()).then(
      (found) => {
        if (!over) set_texts(found);
      },
      () => {
        // This browser keeps nothing.
      },
    );
    return () => {
      over = true;
    };
  }, []);
  return texts;
}

function KeptRow({ text }: { text: KeptText }) {
  const { notices } = useApplication();
  const name = base_name(text.path);
  const download = () => {
    const link = document.createElement('a');
    link.href = URL.createObjectURL(new Blob([text.text], { type: 'text/plain' }));
    link.download = name;
    link.click();
    setTimeout(() => URL.revokeObjectURL(link.href), 60_000);
  };
  return (
    <li className="card">
      <details>
        <summary>
          <strong>{shown_path(text.path)}</strong>
          <span className="muted"> · {new Date(text.kept_at).toLocaleString(current_locale())}</span>
        </summary>
        <pre tabIndex={0}>{text.text.slice(0, 20_000)}</pre>
      </details>
      <div className="row">
        <button
          type="button"
          className="button small"
          aria-label={t`Copy ${name}`}
          onClick={() => void copy_text(text.text, notices)}
        >
          {t('Copy')}
        </button>
        <button type="button" className="button small" aria-label={t`Download ${name}`} onClick={download}>
          {t('Download')}
        </button>
      </div>
    </li>
  );
}
