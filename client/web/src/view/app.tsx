// SPDX-License-Identifier: GPL-3.0-or-later
// Which page an address shows, and who may see it. The IDE, the history, the account's, teams' and public
// pages are chunks of their own, fetched when they are wanted.
import { lazy, useEffect, type ReactNode } from 'react';
import { ImpersonationBanner } from './admin/impersonation_banner';
import { useApplication, useChanges } from './application';
import { Chunk, ReloadButton } from './controls/chunk';
import { NoticeStack } from './controls/notices';
import { AuthorizePage } from './pages/authorize_page';
import { Dashboard } from './pages/dashboard';
import { JoinPage } from './pages/join_page';
import { LinkPage } from './pages/link_page';
import { ForgotPasswordPage, ResetPasswordPage } from './pages/password_pages';
import { OfflinePage } from './pages/offline_page';
import { PreviewSignInPage } from './pages/preview_sign_in_page';
import { SettingsPage } from './pages/settings_page';
import { SetupPage } from './pages/setup_page';
import { SignInPage, SignUpPage } from './pages/sign_in_pages';
import { VerifyEmailPage } from './pages/verify_email_page';
import { LoadingPage, MessagePage } from './pages/plain_pages';
import { navigate, own_path, useAddress } from './router';
import { shown_language, t } from '../model/translation';

const AdminPage = lazy(() => import('./admin/admin_page'));
const AccountPage = lazy(() => import('./account/account_page'));
const PublicPage = lazy(() => import('./public/public_page'));
const TeamsPage = lazy(() => import('./teams/teams_page'));
const TeamPage = lazy(() => import('./teams/team_page'));
const JoinTeamPage = lazy(() => import('./teams/join_team_page'));
const WorkspacePage = lazy(() => import('./ide/workspace_page'));
const HistoryPage = lazy(() => import('./history/history_page'));

/** `name`: the same for addresses between which the page stays as it is. */
function PageChunk({ name = location.pathname, children }: { name?: string; children: ReactNode }) {
  const failed = (
    <MessagePage
      title={t('This page could not be loaded')}
      text={t('The network may be gone, or the server has a newer release.')}
    >
      <ReloadButton />
    </MessagePage>
  );
  return (
    <Chunk key={name} meanwhile={<LoadingPage />} failed={failed}>
      {children}
    </Chunk>
  );
}

function Redirect({ to }: { to: string }) {
  useEffect(() => navigate(to, true), [to]);
  return null;
}

export function App() {
  const { account } = useApplication();
  useChanges(account);
  useChanges(shown_language);
  useUploads();
  return (
    <>
      <Page />
      <NoticeStack />
      <ImpersonationBanner />
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
      notices.show(t`“${name}” is uploaded.`, { action: { label: t('Open'), run: () => navigate(`/w/${id}`) } });
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
  const next = own_path(address.searchParams.get('next') ?? address.searchParams.get('to'));

  if (account.phase === 'unknown') {
    return account.problem ? <OfflinePage problem={account.problem} /> : <LoadingPage />;
  }
  if (path === '/setup')
    return account.server?.setup_needed === false ? (
      <Redirect to="/" />
    ) : (
      <SetupPage token={address.searchParams.get('token') ?? ''} />
    );
  const open_page = page_for_all(path, address.searchParams, next);
  if (open_page) return open_page;
  if (path === '/sign-in' || path === '/sign-up') {
    if (account.phase === 'signed_in') return <Redirect to={next} />;
    if (path === '/sign-up') return <SignUpPage next={next} />;
    const told = (name: string) => address.searchParams.get(name) ?? undefined;
    return <SignInPage key={told('pending')} next={next} problem={told('problem')} pending={told('pending')} />;
  }
  if (account.phase === 'signed_out') {
    const here = path + address.search;
    return <Redirect to={here === '/' ? '/sign-in' : `/sign-in?next=${encodeURIComponent(here)}`} />;
  }
  return <SignedInPage path={path} address={address} />;
}

/** Pages that are the same whoever is signed in, or nobody: links of mails, and what is shown to everybody. */
function page_for_all(path: string, query: URLSearchParams, next: string): ReactNode {
  const token = query.get('token') ?? '';
  if (path === '/forgot-password') return <ForgotPasswordPage next={next} />;
  if (path === '/reset-password') return <ResetPasswordPage key={token} token={token} />;
  if (path === '/verify-email') return <VerifyEmailPage key={token} token={token} />;
  if (path === '/link') return <LinkPage query={query} next={next} />;
  const shown = /^\/public\/([\w.~-]{1,200})\/?$/.exec(path)?.[1];
  if (!shown) return null;
  return (
    <PageChunk>
      <PublicPage key={shown} token={shown} />
    </PageChunk>
  );
}

function TeamsPages({ path, query }: { path: string; query: URLSearchParams }) {
  const [, id = '', part = ''] = /^\/teams\/([\w-]{1,64})(?:\/(\w+))?\/?$/.exec(path) ?? [];
  const page =
    id === 'join' ? (
      <JoinTeamPage token={query.get('token') ?? ''} />
    ) : id ? (
      <TeamPage key={id} id={id} part={part} />
    ) : (
      <TeamsPage />
    );
  return <PageChunk name={`teams/${id}`}>{page}</PageChunk>;
}

const account_parts = { '/account': 'profile', '/account/security': 'security', '/account/tokens': 'tokens' } as const;

function SignedInPage({ path, address }: { path: string; address: URL }): ReactNode {
  const { account } = useApplication();
  const workspace = /^\/w\/([a-z2-7]{10})\/?$/.exec(path)?.[1];
  if (workspace) {
    return (
      <PageChunk>
        <WorkspacePage key={workspace} id={workspace} />
      </PageChunk>
    );
  }
  const remembered = /^\/w\/([a-z2-7]{10})\/history\/?$/.exec(path)?.[1];
  if (remembered) {
    return (
      <PageChunk>
        <HistoryPage key={remembered} id={remembered} path={address.searchParams.get('path') ?? ''} />
      </PageChunk>
    );
  }
  if (path === '/') return <Dashboard />;
  const part = account_parts[path as keyof typeof account_parts];
  if (part) {
    return (
      <PageChunk>
        <AccountPage part={part} problem={address.searchParams.get('problem') ?? ''} />
      </PageChunk>
    );
  }
  const query = address.searchParams;
  const request = query.get('request');
  if (path === '/authorize' && request) return <AuthorizePage key={request} kind="native" id={request} />;
  if (path === '/authorize' || path === '/device')
    return <AuthorizePage kind="device" id={query.get('user_code') ?? ''} />;
  if (path === '/join') return <JoinPage token={query.get('token') ?? ''} />;
  if (path === '/teams' || path.startsWith('/teams/')) return <TeamsPages path={path} query={query} />;
  if (path === '/settings' && account.account?.administrator) return <SettingsPage />;
  const admin_part = /^\/admin(?:\/(\w+))?\/?$/.exec(path);
  if (admin_part && account.account?.administrator) {
    return (
      <PageChunk>
        <AdminPage part={admin_part[1] ?? ''} />
      </PageChunk>
    );
  }
  if (path === '/preview-sign-in') return <PreviewSignInPage query={address.searchParams} />;
  return (
    <MessagePage title={t('There is nothing here')} text={t('The address may be mistyped, or what was here is gone.')}>
      <button type="button" className="button primary" onClick={() => navigate('/')}>
        {t('To your workspaces')}
      </button>
    </MessagePage>
  );
}
