// SPDX-License-Identifier: GPL-3.0-or-later
// Where a preview's address sends a browser that has no preview session: hands the sign-in over and goes back there.
import { useEffect, useState } from 'react';
import { sentence_of } from '../../connection/berth_error';
import { useApplication } from '../application';
import { navigate } from '../router';
import { LoadingPage, MessagePage } from './plain_pages';
import { t } from '../../model/translation';

export function PreviewSignInPage({ query }: { query: URLSearchParams }) {
  const { rest } = useApplication();
  const [problem, set_problem] = useState('');
  const id = query.get('workspace') ?? '';
  const port = Number(query.get('port'));
  const to = query.get('to');
  useEffect(() => {
    const body = { port, ...(to?.startsWith('/') ? { to } : {}) };
    rest.call('CreatePreview', { parameters: { id }, body }).then(
      ({ url }) => location.replace(url),
      (error: unknown) => set_problem(sentence_of(error)),
    );
  }, [rest, id, port, to]);
  if (!problem) return <LoadingPage />;
  return (
    <MessagePage title={t('This preview can’t be opened')} text={problem}>
      <button type="button" className="button primary" onClick={() => navigate('/')}>
        {t('To your workspaces')}
      </button>
    </MessagePage>
  );
}
