// SPDX-License-Identifier: GPL-3.0-or-later
// A workspace shown to everybody: its files to read, and a copy of one's own to work in.
import { lazy, Suspense, useEffect, useState } from 'react';
import '../../styles/public.css';
import { base_name, join_path, parent_path, project_path } from '../../model/paths';
import { PublicWorkspace } from '../../model/public_workspace';
import { readable_bytes } from '../../model/sizes';
import type { FileEntry } from '../../protocol/messages';
import { useApplication, useChanges } from '../application';
import { Problem, useForm } from '../controls/form';
import { Icon } from '../controls/icon';
import { Logo } from '../pages/logo';
import { LoadingPage, MessagePage } from '../pages/plain_pages';
import { AccountMenu } from '../pages/top_bar';
import { ago, TemplateMark } from '../pages/workspace_words';
import { Link, navigate } from '../router';
import { rich } from '../controls/rich';
import { current_locale, t } from '../../model/translation';

const TextView = lazy(() => import('./text_view'));

export default function PublicPage({ token }: { token: string }) {
  const { rest } = useApplication();
  const [workspace] = useState(() => new PublicWorkspace(token, rest));
  useChanges(workspace);
  useEffect(() => void workspace.load(), [workspace]);
  const { shown, state } = workspace;
  const name = shown?.name ?? '';
  useEffect(() => {
    document.title = name ? `${name} · Berth` : 'Berth';
  }, [name]);
  if (state === 'missing' || state === 'failed') {
    return (
      <MessagePage
        title={state === 'missing' ? t('This workspace is not public') : t('This workspace can’t be shown')}
        text={
          state === 'missing'
            ? t('Its owner does not show it any more, or the address is not whole.')
            : workspace.problem
        }
      >
        {state === 'failed' && (
          <button type="button" className="button primary" onClick={() => void workspace.load()}>
            {t('Try again')}
          </button>
        )}
      </MessagePage>
    );
  }
  if (!shown) return <LoadingPage />;
  return (
    <div className="public-page">
      <header className="top-bar">
        <Link href="/" className="brand-link" aria-label="Berth">
          <Logo />
        </Link>
        <TemplateMark id={shown.template_id} />
        <div className="public-name">
          <h1 title={name}>{name}</h1>
          <p className="muted" title={t`Stored ${new Date(shown.stored).toLocaleString(current_locale())}`}>
            {rich('by {0} · {1}', shown.owner_name, ago(shown.stored))}
          </p>
        </div>
        <span className="spread" />
        {shown.ports.map(({ port, url }) => (
          <a
            key={port}
            className="button"
            href={url}
            target="_blank"
            rel="noopener noreferrer"
            title={t('What runs there, while the workspace does')}
          >
            <Icon name="external" size={14} /> {rich('Port {0}', port)}
          </a>
        ))}
        <CopyButton workspace={workspace} token={token} />
        <Menu />
      </header>
      <div className="public-body">
        <Files workspace={workspace} />
        <FileView workspace={workspace} />
      </div>
    </div>
  );
}

function Menu() {
  const { account } = useApplication();
  useChanges(account);
  return account.phase === 'signed_in' ? <AccountMenu /> : null;
}

function CopyButton({ workspace, token }: { workspace: PublicWorkspace; token: string }) {
  const { account } = useApplication();
  useChanges(account);
  const { busy, problem, on_submit } = useForm(async () => {
    const made = await workspace.copy();
    navigate(`/w/${made.id}`);
  });
  if (account.phase !== 'signed_in') {
    return (
      <Link className="button primary" href={`/sign-in?next=${encodeURIComponent(`/public/${token}`)}`}>
        {t('Sign in to make a copy')}
      </Link>
    );
  }
  return (
    <form className="copy-public" onSubmit={on_submit}>
      <Problem text={problem} />
      <button className="button primary" disabled={busy} title={t('A workspace of your own with these files')}>
        <Icon name="copy" size={14} /> {busy ? t('Copying…') : t('Make a copy')}
      </button>
    </form>
  );
}

function Files({ workspace }: { workspace: PublicWorkspace }) {
  const { path, entries, more, folder_problem } = workspace;
  return (
    <nav className="public-files" aria-label={t('Files')}>
      <div className="version-folder">
        <button
          type="button"
          className="icon-button"
          aria-label={t('To the folder above')}
          title={t('To the folder above')}
          disabled={path === '' || path === project_path}
          onClick={() => void workspace.open_folder(parent_path(path))}
        >
          <Icon name="back" size={14} />
        </button>
        <span className="name" title={path}>
          {path === project_path ? t('Files') : path.slice(project_path.length + 1)}
        </span>
      </div>
      {folder_problem && (
        <p className="pad" role="alert">
          {folder_problem}{' '}
          <button type="button" className="link-button" onClick={() => void workspace.open_folder(path)}>
            {t('Try again')}
          </button>
        </p>
      )}
      {!entries && <p className="muted pad">{t('Loading…')}</p>}
      {entries?.length === 0 && !folder_problem && <p className="muted pad">{t('This folder is empty.')}</p>}
      <ul aria-label={t`Files in ${path}`}>
        {(entries ?? []).map((entry) => (
          <Entry key={entry.name} entry={entry} workspace={workspace} />
        ))}
      </ul>
      {more !== undefined && (
        <button type="button" className="button plain wide" onClick={() => void workspace.load_more()}>
          {t('Show more')}
        </button>
      )}
    </nav>
  );
}

function Entry({ entry, workspace }: { entry: FileEntry; workspace: PublicWorkspace }) {
  const path = join_path(workspace.path, entry.name);
  const directory = entry.type === 'directory';
  return (
    <li>
      <button
        type="button"
        className="public-entry"
        disabled={entry.type !== 'file' && !directory}
        aria-current={!directory && workspace.file?.path === path ? 'true' : undefined}
        onClick={() => void (directory ? workspace.open_folder(path) : workspace.open_file(path))}
      >
        <Icon name={directory ? 'folder' : 'file'} size={14} />
        <span className="name">{entry.name}</span>
        {entry.type === 'file' && <span className="muted">{readable_bytes(entry.size)}</span>}
      </button>
    </li>
  );
}

function FileView({ workspace }: { workspace: PublicWorkspace }) {
  const { file } = workspace;
  if (!file) {
    return (
      <main className="public-file">
        <div className="empty-state">
          <Icon name="file" size={28} />
          <p>{t('Choose a file to read it.')}</p>
        </div>
      </main>
    );
  }
  const name = base_name(file.path);
  const told = {
    loading: t('Loading…'),
    text: '',
    not_text: t('This file is not text.'),
    too_long: t('This file is too long to show here.'),
    failed: file.problem,
  }[file.state];
  return (
    <main className="public-file" aria-label={name}>
      <div className="public-file-head">
        <strong title={file.path}>{name}</strong>
        <span className="spread" />
        <a className="button small" href={workspace.file_address(file.path)} download={name}>
          <Icon name="download" size={14} /> {t('Download')}
        </a>
      </div>
      {file.state === 'text' ? (
        <Suspense fallback={null}>
          <TextView key={file.path} name={name} text={file.text} />
        </Suspense>
      ) : (
        <p className="pad muted" role={file.state === 'failed' ? 'alert' : 'status'}>
          {told}
        </p>
      )}
    </main>
  );
}
