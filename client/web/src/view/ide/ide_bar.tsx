// SPDX-License-Identifier: GPL-3.0-or-later
// The bar above the IDE: where you are, run and stop, which panels show.
import { useState } from 'react';
import { is_owner, looks_only, role_words } from '../../model/roles';
import { Icon } from '../controls/icon';
import { useApplication, useChanges } from '../application';
import { Logo } from '../pages/logo';
import { AccountMenu } from '../pages/top_bar';
import { Link, navigate } from '../router';
import { ShareDialog } from '../sharing/share_dialog_chunk';
import { useMayChange, useRole, useSession } from './ide_context';
import { useKeysOf, with_keys } from './ide_keys';
import { People } from './presence/people';
import { toggle_preview } from './preview_toggle';
import { t } from '../../model/translation';

export function IdeBar() {
  const session = useSession();
  useChanges(session);
  return (
    <header className="ide-bar">
      <Link href="/" className="brand-link" aria-label={t('To your workspaces')} title={t('To your workspaces')}>
        <Logo size={24} />
      </Link>
      <h1 className="ide-name" title={session.workspace?.name}>
        {session.workspace?.name}
      </h1>
      <RoleWord />
      <RunButton />
      <span className="spread" />
      <People />
      <ShareButton />
      <PanelButtons />
      <AccountMenu />
    </header>
  );
}

/** What the person may do in somebody else's workspace. */
function RoleWord() {
  const { workspace } = useSession();
  const role = useRole();
  if (is_owner(role) || !workspace?.owner.name) return null;
  return (
    <span className="pill role-word" title={t`${workspace.owner.name}’s workspace. ${t(role_words[role]?.about)}`}>
      {t(role_words[role]?.may)}
    </span>
  );
}

function ShareButton() {
  const { workspace } = useSession();
  const role = useRole();
  const { workspaces } = useApplication();
  const [open, set_open] = useState(false);
  if (!workspace) return null;
  const label = is_owner(role) ? t('Share') : t('People in this workspace');
  return (
    <>
      <button
        type="button"
        className="button share-button"
        aria-haspopup="dialog"
        aria-label={label}
        title={label}
        onClick={() => set_open(true)}
      >
        <Icon name="share" size={14} /> <span className="wide-only">{is_owner(role) ? t('Share') : t('People')}</span>
      </button>
      {open && (
        <ShareDialog
          workspace={{ ...workspace, role }}
          on_close={() => set_open(false)}
          on_left={() => {
            void workspaces.refresh();
            navigate('/');
          }}
        />
      )}
    </>
  );
}

function RunButton() {
  const session = useSession();
  useChanges(session.terminals);
  const may_change = useMayChange();
  const command = session.workspace?.run_command;
  if (!command) return null;
  const running = session.run_terminal() !== undefined;
  const usable = session.connection.phase === 'connected' && may_change;
  const click = () => {
    if (running) {
      session.stop();
    } else {
      session.layout.show('terminal', true);
      void session.run();
    }
  };
  return (
    <button
      type="button"
      className={`button run-button${running ? ' running' : ' primary'}`}
      disabled={!usable}
      title={may_change ? (running ? t('Stop') : t`Run: ${command}`) : t(looks_only)}
      onClick={click}
    >
      <Icon name={running ? 'stop' : 'play'} size={12} />
      {running ? t('Stop') : t('Run')}
    </button>
  );
}

function PanelButtons() {
  const session = useSession();
  const { layout } = session;
  useChanges(layout);
  const keys_of = useKeysOf();
  return (
    <div className="panel-buttons">
      <button
        type="button"
        className="icon-button"
        aria-pressed={layout.side_open && !layout.zen}
        aria-label={t('Side panel')}
        title={with_keys(t('Side panel'), keys_of('toggle_side_bar'))}
        onClick={() => layout.show('side', !layout.side_open || layout.zen)}
      >
        <Icon name="tree" />
      </button>
      <button
        type="button"
        className="icon-button"
        aria-pressed={layout.terminal && !layout.zen}
        aria-label={t('Terminal')}
        title={with_keys(t('Terminal'), keys_of('toggle_terminal'))}
        onClick={() => layout.show('terminal', !layout.terminal || layout.zen)}
      >
        <Icon name="terminal" />
      </button>
      <button
        type="button"
        className="icon-button"
        aria-pressed={layout.preview && !layout.zen}
        aria-label={t('Preview')}
        title={t('Preview')}
        onClick={() => toggle_preview(session)}
      >
        <Icon name="preview" />
      </button>
    </div>
  );
}
