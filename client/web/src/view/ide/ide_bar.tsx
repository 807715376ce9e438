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
import { People } from './presence/people';

export function IdeBar() {
  const session = useSession();
  useChanges(session);
  return (
    <header className="ide-bar">
      <Link href="/" className="brand-link" aria-label="To your workspaces" title="To your workspaces">
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
    <span className="pill role-word" title={`${workspace.owner.name}’s workspace. ${role_words[role]?.about ?? ''}`}>
      {role_words[role]?.may}
    </span>
  );
}

function ShareButton() {
  const { workspace } = useSession();
  const role = useRole();
  const { workspaces } = useApplication();
  const [open, set_open] = useState(false);
  if (!workspace) return null;
  const label = is_owner(role) ? 'Share' : 'People in this workspace';
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
        <Icon name="share" size={14} /> <span className="wide-only">{is_owner(role) ? 'Share' : 'People'}</span>
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
  const { preferences } = useApplication();
  const command = session.workspace?.run_command;
  if (!command) return null;
  const running = session.run_terminal() !== undefined;
  const usable = session.connection.phase === 'connected' && may_change;
  const click = () => {
    if (running) {
      session.stop();
    } else {
      preferences.set_panel('terminal', true);
      void session.run();
    }
  };
  return (
    <button
      type="button"
      className={`button run-button${running ? ' running' : ' primary'}`}
      disabled={!usable}
      title={may_change ? (running ? 'Stop' : `Run: ${command}`) : looks_only}
      onClick={click}
    >
      <Icon name={running ? 'stop' : 'play'} size={12} />
      {running ? 'Stop' : 'Run'}
    </button>
  );
}

function PanelButtons() {
  const { preferences } = useApplication();
  useChanges(preferences);
  const session = useSession();
  const { panels } = preferences;
  const preview = () => {
    const open = !panels.preview;
    preferences.set_panel('preview', open);
    const port = session.workspace?.port ?? session.ports.all[0]?.port;
    if (open && session.preview.state === 'empty' && port !== undefined) void session.preview.go(port);
  };
  return (
    <div className="panel-buttons">
      <button
        type="button"
        className="icon-button"
        aria-pressed={panels.tree}
        aria-label="Files"
        title="Files (Ctrl+B)"
        onClick={() => preferences.set_panel('tree', !panels.tree)}
      >
        <Icon name="tree" />
      </button>
      <button
        type="button"
        className="icon-button"
        aria-pressed={panels.terminal}
        aria-label="Terminal"
        title="Terminal (Ctrl+`)"
        onClick={() => preferences.set_panel('terminal', !panels.terminal)}
      >
        <Icon name="terminal" />
      </button>
      <button
        type="button"
        className="icon-button"
        aria-pressed={panels.preview}
        aria-label="Preview"
        title="Preview"
        onClick={preview}
      >
        <Icon name="preview" />
      </button>
      <HistoryButton />
    </div>
  );
}

function HistoryButton() {
  const { history } = useSession();
  useChanges(history);
  return (
    <button
      type="button"
      className="icon-button"
      aria-pressed={history.shown}
      aria-label="History"
      title="History"
      onClick={() => (history.shown ? history.hide() : history.show())}
    >
      <Icon name="history" />
    </button>
  );
}
