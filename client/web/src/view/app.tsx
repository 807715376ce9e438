// SPDX-License-Identifier: GPL-3.0-or-later
// Which page an address shows, and who may see it. The IDE and the history are chunks of their own, fetched when they are
// wanted.
import { lazy, Suspense, useEffect, type ReactNode } from 'react';
import { useApplication, useChanges } from './application';
import { NoticeStack } from './controls/notices';
import { AccountPage } from './pages/account_page';
import { Dashboard } from './pages/dashboard';
import { PreviewSignInPage } from './pages/preview_sign_in_page';
import { SettingsPage } from './pages/settings_page';
import { SetupPage } from './pages/setup_page';
import { SignInPage, SignUpPage } from './pages/sign_in_pages';
import { LoadingPage, MessagePage } from './pages/plain_pages';
import { navigate, own_path, useAddress } from './router';

const WorkspacePage = lazy(() => import('./ide/workspace_page'));
const HistoryPage = lazy(() => import('./history/history_page'));

function Redirect({ to }: { to: string }) {
  useEffect(() => navigate(to, true), [to]);
  return null;
}

export function App() {
  const { account } = useApplication();
  useChanges(account);
  useUploads();
  return (
    <>
      <Page />
      <NoticeStack />
    </>
  );
}

/** What becomes of uploads, whichever page is shown: leaving asks, and a workspace that is there is opened or told of. */
function useUploads(): void {
  const { uploads, notices } = useApplication();
  useEffect(() => {
    const stop = uploads.on_made(({ id, name }) => {
      const busy_elsewhere = location.pathname !== '/' || document.querySelector('[aria-modal="true"]') !== null;
      if (!busy_elsewhere) return navigate(`/w/${id}`);
      notices.show(`“${name}” is uploaded.`, { action: { label: 'Open', run: () => navigate(`/w/${id}`) } });
    });
    const warn = (event: BeforeUnloadEvent) => {
      if (uploads.any_under_way()) event.preventDefault();
    };
    addEventListener('beforeunload', warn);
    return () => {
      stop();
      removeEventListener('beforeunload', warn);
    };
  }, [uploads, notices]);
}

function Page() {
  const { account } = useApplication();
  useChanges(account);
  const address = useAddress();
  const path = address.pathname;
  const next = own_path(address.searchParams.get('next'));

  if (account.phase === 'unknown') {
    return account.problem ? (
      <MessagePage title="The server does not answer" text={account.problem}>
        <button type="button" className="button primary" onClick={() => void account.load()}>
          Try again
        </button>
      </MessagePage>
    ) : (
      <LoadingPage />
    );
  }
  if (path === '/setup')
    return account.server?.setup_needed === false ? (
      <Redirect to="/" />
    ) : (
      <SetupPage token={address.searchParams.get('token') ?? ''} />
    );
  if (path === '/sign-in' || path === '/sign-up') {
    if (account.phase === 'signed_in') return <Redirect to={next} />;
    return path === '/sign-in' ? <SignInPage next={next} /> : <SignUpPage next={next} />;
  }
  if (account.phase === 'signed_out') {
    const here = path + address.search;
    return <Redirect to={here === '/' ? '/sign-in' : `/sign-in?next=${encodeURIComponent(here)}`} />;
  }
  return <SignedInPage path={path} address={address} />;
}

function SignedInPage({ path, address }: { path: string; address: URL }): ReactNode {
  const { account } = useApplication();
  const workspace = /^\/w\/([a-z2-7]{10})\/?$/.exec(path)?.[1];
  if (workspace) {
    return (
      <Suspense fallback={<LoadingPage />}>
        <WorkspacePage key={workspace} id={workspace} />
      </Suspense>
    );
  }
  const remembered = /^\/w\/([a-z2-7]{10})\/history\/?$/.exec(path)?.[1];
  if (remembered) {
    return (
      <Suspense fallback={<LoadingPage />}>
        <HistoryPage key={remembered} id={remembered} path={address.searchParams.get('path') ?? ''} />
      </Suspense>
    );
  }
  if (path === '/') return <Dashboard />;
  if (path === '/account') return <AccountPage />;
  if (path === '/settings' && account.account?.administrator) return <SettingsPage />;
  if (path === '/preview-sign-in') return <PreviewSignInPage query={address.searchParams} />;
  return (
    <MessagePage title="There is nothing here" text="The address may be mistyped, or what was here is gone.">
      <button type="button" className="button primary" onClick={() => navigate('/')}>
        To your workspaces
      </button>
    </MessagePage>
  );
}
